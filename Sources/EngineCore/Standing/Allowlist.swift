import TradingModel

/// The symbols that may be entered, with timed additions and denials.
struct Allowlist: Sendable {
  private var entriesBySymbol: [Symbol: AllowlistEntry] = [:]

  init() {}

  init(_ entries: [AllowlistEntry]) {
    for entry in entries { entriesBySymbol[entry.symbol] = entry }
  }

  init(first symbols: [Symbol], at now: Timestamp) {
    self.init(
      symbols.map {
        AllowlistEntry(symbol: $0, by: "settings", at: now, until: nil, isDenied: false)
      })
  }

  /// Everything, sorted, for the journal.
  var entries: [AllowlistEntry] {
    entriesBySymbol.keys.sorted().compactMap { entriesBySymbol[$0] }
  }

  /// What may be entered now, sorted.
  var symbols: [Symbol] { entries.filter { !$0.isDenied }.map(\.symbol) }

  func contains(_ symbol: Symbol) -> Bool { entriesBySymbol[symbol]?.isDenied == false }

  func knows(_ symbol: Symbol) -> Bool { entriesBySymbol[symbol] != nil }

  /// - Returns: Whether that changed anything; a symbol that is in for good stays so.
  mutating func allow(
    _ symbol: Symbol, by person: String, at now: Timestamp, until: Timestamp?
  ) -> Bool {
    if let known = entriesBySymbol[symbol], !known.isDenied {
      guard let end = known.until, until.map({ $0 > end }) ?? true else { return false }
    }
    entriesBySymbol[symbol] = AllowlistEntry(
      symbol: symbol, by: person, at: now, until: until, isDenied: false)
    return true
  }

  /// A denial for a time is remembered and ends by itself; one for good takes the symbol off, as
  /// does any denial of a symbol that was in for a time only.
  mutating func deny(
    _ symbol: Symbol, by person: String, at now: Timestamp, until: Timestamp?
  ) -> Bool {
    guard let known = entriesBySymbol[symbol] else { return false }
    if let until, known.isDenied || known.until == nil {
      guard !known.isDenied || (known.until.map { $0 < until } ?? false) else { return false }
      entriesBySymbol[symbol] = AllowlistEntry(
        symbol: symbol, by: person, at: now, until: until, isDenied: true)
    } else {
      entriesBySymbol[symbol] = nil
    }
    return true
  }

  /// Ends what was timed: additions go, denied symbols come back.
  mutating func expire(at now: Timestamp) -> [Symbol] {
    let ended = entries.filter { $0.until.map { $0 <= now } ?? false }
    for entry in ended {
      entriesBySymbol[entry.symbol] =
        entry.isDenied
        ? AllowlistEntry(
          symbol: entry.symbol, by: entry.by, at: now, until: nil, isDenied: false) : nil
    }
    return ended.map(\.symbol)
  }
}
