/// A USDT perpetual by the venue's name, in upper case: `BTCUSDT`, `1000PEPEUSDT`.
public struct Symbol: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  public let name: String

  /// Takes what people and files write: `BTCUSDT`, `btcusdt`, `BTC`, `BTC/USDT`, `BTC-USDT`.
  /// Nil when it is empty, longer than 40 characters, or holds a blank or a control character.
  public init?(_ text: some StringProtocol) {
    var letters = ""
    for scalar in text.uppercased().unicodeScalars {
      if scalar == "/" || scalar == "-" || scalar == "_" { continue }
      guard scalar.value > 0x20, scalar.value != 0x7F, scalar != "<", scalar != "&" else {
        return nil
      }
      letters.unicodeScalars.append(scalar)
    }
    if !letters.hasSuffix("USDT") { letters += "USDT" }
    guard letters.count > 4, letters.count <= 40 else { return nil }
    name = letters
  }

  /// As above; a contract that is no USDT perpetual by the venue's own name: `BTCUSDC`, `BTCPERP`,
  /// `BTCUSDT_260327`, `BTCUSDT-26MAR27`.
  public init?(contract text: some StringProtocol) {
    let letters = text.uppercased()
    let last = letters.split { $0 == "-" || $0 == "_" }.last ?? ""
    let isDated = last.count < letters.count && last.first?.isNumber == true
    let isForeign = ["USDC", "PERP"].contains { letters.hasSuffix($0) && letters.count > 4 }
    let isPlain = letters.unicodeScalars.allSatisfy { scalar in
      scalar.value > 0x20 && scalar.value != 0x7F && !"<&/".unicodeScalars.contains(scalar)
    }
    guard isDated || isForeign, isPlain, letters.count <= 40 else {
      self.init(text)
      return
    }
    self.init(venueName: letters)
  }

  /// The venue's own name, taken as it stands.
  public init(venueName: String) { name = venueName }

  /// `BTC` of `BTCUSDT`.
  public var base: Substring { isUSDTPerpetual ? name.dropLast(4) : name[...] }

  /// Whether it is what it should be: venues list others in the same places, quarterly contracts,
  /// whose names end in a date, and such in another quote.
  public var isUSDTPerpetual: Bool { name.hasSuffix("USDT") }

  public static func < (left: Symbol, right: Symbol) -> Bool { left.name < right.name }
  public var description: String { name }

  public init(from decoder: any Decoder) throws {
    name = try decoder.singleValueContainer().decode(String.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
