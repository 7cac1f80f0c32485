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

  /// Takes the last word when it is a percentage above 0 and up to 100: `50`, `50%`, `12.5%`.
  mutating func percentage() throws(Objection) -> Ratio? {
    guard let last = words.last, last.allSatisfy({ $0.isNumber || $0 == "." || $0 == "%" }) else {
      return nil
    }
    guard let ratio = Self.ratio(last), ratio > .zero, ratio <= .one else { throw .usage }
    words.removeLast()
    return ratio
  }

  private static func ratio(_ text: String) -> Ratio? {
    do { return try Ratio(percent: text) } catch { return nil }
  }

  /// Takes the last word when it is a duration: `45s`, `30m`, `6h`, `2d`; at most 90 days.
  mutating func duration() throws(Objection) -> Duration? {
    guard let last = words.last?.lowercased(), let unit = last.last, "smhd".contains(unit),
      last.count > 1, last.dropLast().allSatisfy({ ("0"..."9").contains($0) })
    else { return nil }
    let seconds: Int64 =
      switch unit {
      case "s": 1
      case "m": 60
      case "h": 3600
      default: 86_400
      }
    guard let count = Int64(last.dropLast()), (1...7_776_000).contains(count),
      count * seconds <= 90 * 86_400
    else { throw .usage }
    words.removeLast()
    return .seconds(count * seconds)
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
      guard let symbol = Symbol(word) else { throw .usage }
      if !known.isEmpty, !known.contains(symbol) {
        throw .unknownSymbol(typed: word, nearest: Self.nearest(to: symbol, among: known))
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

  private static func nearest(to symbol: Symbol, among known: [Symbol]) -> [Symbol] {
    let bases = Set(known.map { String($0.base) }).sorted()
    return Nearest.texts(to: String(symbol.base), among: bases, limit: 3, distance: 2)
      .map { Symbol(venueName: $0 + "USDT") }
  }
}
