import TradingModel

/// What follows a command, word by word. Each reader takes the words it understands; what is left
/// at the end is an error, never ignored.
struct Arguments: Sendable {
  /// More words than any command takes.
  static let limit = 64

  private(set) var words: [String]
  /// As typed, for buttons that run the command again.
  let text: String

  init(_ text: String) {
    self.text = String(text.prefix(400))
    words = self.text.split { $0.isWhitespace || $0 == "," }.map(String.init)
  }

  var isEmpty: Bool { words.isEmpty }

  mutating func removeLast() { words.removeLast() }

  /// Takes the first word that is one of `keywords`, in any case.
  mutating func keyword(_ keywords: String...) -> String? {
    guard let index = words.firstIndex(where: { keywords.contains($0.lowercased()) }) else {
      return nil
    }
    return words.remove(at: index).lowercased()
  }

  /// Takes a percentage above 0 and up to 100, wherever it stands: `50`, `50%`, `12.5%`.
  /// - Parameter known: Symbols may begin with figures, too.
  mutating func share(besides known: [Symbol]) throws(Objection) -> Ratio? {
    guard let index = words.firstIndex(where: { Self.isAmount($0, besides: known) }) else {
      return nil
    }
    guard let ratio = Self.ratio(words[index]), ratio > .zero, ratio <= .one else {
      throw .misread(words[index], as: .share)
    }
    words.remove(at: index)
    if let second = words.first(where: { Self.isAmount($0, besides: known) }) {
      throw .misread(second, as: .share)
    }
    return ratio
  }

  private static func ratio(_ text: String) -> Ratio? {
    do { return try Ratio(percent: text) } catch { return nil }
  }

  /// Takes the last word when it is a duration: `45s`, `30m`, `6h`, `2d`; at most 90 days.
  /// - Parameter known: Symbols may begin with figures, too.
  mutating func duration(besides known: [Symbol] = []) throws(Objection) -> Duration? {
    guard let last = words.last, Self.isAmount(last, besides: known) else { return nil }
    guard let duration = Self.duration(last.lowercased()) else {
      throw .misread(last, as: .duration)
    }
    words.removeLast()
    return duration
  }

  private static func duration(_ text: String) -> Duration? {
    let seconds: Int64
    switch text.last {
    case "s": seconds = 1
    case "m": seconds = 60
    case "h": seconds = 3600
    case "d": seconds = 86_400
    default: return nil
    }
    let digits = text.dropLast()
    guard digits.allSatisfy({ ("0"..."9").contains($0) }), let count = Int64(digits),
      (1...7_776_000).contains(count), count * seconds <= 90 * 86_400
    else { return nil }
    return .seconds(count * seconds)
  }

  /// Whether a word was meant as a number: figures with a sign, a percent sign or a unit, right or
  /// wrong (`-5`, `150%`, `5x`, `30min`), but no symbol such as `1INCH`.
  static func isAmount(_ word: String, besides known: [Symbol]) -> Bool {
    if let symbol = Symbol(word), known.contains(symbol) { return false }
    let rest = word.lowercased().drop { "+-−.".contains($0) }
    let unit = rest.drop { $0.isNumber || $0 == "." }
    guard unit.count < rest.count else { return rest.isEmpty && word.count < 3 || unit == "%" }
    let units = ["sec", "min", "hour", "hr", "day", "week", "month", "year", "percent"]
    return unit.count <= 1 || units.contains { unit.hasPrefix($0) }
  }

  /// Takes the first word when it names an engine.
  mutating func engine() -> EngineName? {
    guard let first = words.first?.lowercased(), let name = EngineName(rawValue: first) else {
      return nil
    }
    words.removeFirst()
    return name
  }

  /// Takes every word left as a symbol among `known`. With nothing known, any symbol passes: the
  /// engine asks the venue.
  mutating func symbols(among known: [Symbol]) throws(Objection) -> [Symbol] {
    guard words.count <= Self.limit else { throw .usage }
    var found: [Symbol] = []
    for word in words {
      guard let symbol = Symbol(word) else { throw .misread(word, as: .symbol) }
      if !known.isEmpty, !known.contains(symbol) {
        throw .unknownSymbol(typed: word, nearest: Nearest.symbols(to: symbol, among: known))
      }
      if !found.contains(symbol) { found.append(symbol) }
    }
    words = []
    return found
  }

  /// Nothing may be left.
  func end() throws(Objection) {
    if !words.isEmpty { throw .usage }
  }
}
