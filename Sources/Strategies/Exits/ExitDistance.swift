import TradingModel

/// How far from a position's average entry a stop, a target or a threshold lies.
public enum ExitDistance: Sendable, Hashable, Codable {
  /// A share of the average entry: `2.5%`. A price move, never multiplied by leverage.
  case share(Ratio)
  /// So many average true ranges (ATR): `2atr`.
  case ranges(Ratio)
  /// So many times the risk R, the distance from the average entry to its first stop: `1.5r`.
  case risks(Ratio)
  /// At this price, wherever the entry was: `at 64000`.
  case price(Price)

  var usesRange: Bool { if case .ranges = self { true } else { false } }
  var usesRisk: Bool { if case .risks = self { true } else { false } }

  /// Above zero, and a share under the whole price.
  var isSound: Bool {
    switch self {
    case .share(let share): share > .zero && share < .one
    case .ranges(let times), .risks(let times): times > .zero
    case .price(let price): price > .zero
    }
  }
}

extension ExitDistance: CustomStringConvertible {
  /// As people write it in the settings.
  public var description: String {
    switch self {
    case .share(let share): "\(share.percentDescription)%"
    case .ranges(let times): "\(times)atr"
    case .risks(let times): "\(times)r"
    case .price(let price): "at \(price)"
    }
  }

  /// Reads `2.5%`, `2atr`, `1.5r` or `at 64000`; a bare number is a percentage.
  /// - Throws: `AmountError`, naming the text.
  public init(_ text: some StringProtocol) throws(AmountError) {
    let words = text.lowercased().split(separator: " ")
    if words.count == 2, words[0] == "at" {
      self = .price(try Price(words[1]))
      return
    }
    guard words.count == 1 else { throw .notANumber(String(text)) }
    let word = words[0]
    if word.hasSuffix("atr") {
      self = .ranges(try Ratio(word.dropLast(3)))
    } else if word.hasSuffix("r") {
      self = .risks(try Ratio(word.dropLast()))
    } else {
      self = .share(try Ratio(percent: word))
    }
  }
}
