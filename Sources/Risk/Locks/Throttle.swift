import TradingModel

/// How often entries may be tried: a pace per symbol and per account, and pauses of a symbol after
/// an entry, after a loss and after failures in a row. Closing and protecting never ask it.
public struct Throttle: Sendable, Hashable {
  /// The most orders that a pace may count.
  public static let longestPace = 1000

  private struct Record: Hashable {
    /// The newest orders, oldest first; at most as many as the pace counts.
    var orders: [Timestamp] = []
    var enteredAt: Timestamp?
    var lostAt: Timestamp?
    /// In a row, and when the last one was.
    var failures = 0
    var failedAt: Timestamp?
  }

  private let settings: RiskSettings
  private var account: [Timestamp] = []
  /// One for each symbol that was ever entered: never more than the venue has instruments.
  private var symbols: [Symbol: Record] = [:]

  public init(settings: RiskSettings) { self.settings = settings }

  /// An entry order was sent.
  public mutating func noteOrder(_ symbol: Symbol, at now: Timestamp) {
    let (perSymbol, perAccount) = (settings.throttlePerSymbol, settings.throttlePerAccount)
    Self.append(now, to: &account, keeping: perAccount.count)
    Self.append(now, to: &symbols[symbol, default: Record()].orders, keeping: perSymbol.count)
  }

  /// An entry was filled: the symbol rests, and its failures are forgotten.
  public mutating func noteEntry(_ symbol: Symbol, at now: Timestamp) {
    let last = symbols[symbol]?.enteredAt ?? now
    symbols[symbol, default: Record()].enteredAt = max(last, now)
    symbols[symbol]?.failures = 0
  }

  /// An entry order came to nothing.
  public mutating func noteFailure(_ symbol: Symbol, at now: Timestamp) {
    symbols[symbol, default: Record()].failures += 1
    symbols[symbol]?.failedAt = now
  }

  /// A trade was closed at a loss.
  public mutating func noteLoss(_ symbol: Symbol, at now: Timestamp) {
    let last = symbols[symbol]?.lostAt ?? now
    symbols[symbol, default: Record()].lostAt = max(last, now)
  }

  /// The symbols that rest now, by symbol; for each the rest that ends last.
  public func cooldowns(at now: Timestamp) -> [Cooldown] {
    symbols.keys.sorted().compactMap { symbol in
      rests(of: symbols[symbol] ?? Record()).filter { now < $0.until }
        .max { $0.until < $1.until }
        .map { Cooldown(symbol, after: $0.after, until: $0.until) }
    }
  }

  private struct Rest {
    let after: String
    let since: Timestamp
    let whole: Duration
    var until: Timestamp { since + whole }
  }

  private func rests(of record: Record) -> [Rest] {
    let (entry, loss) = (settings.entryCooldown, settings.lossCooldown)
    let failures = record.failures >= settings.failuresInARow ? record.failedAt : nil
    return [
      record.enteredAt.map { Rest(after: "an entry", since: $0, whole: entry) },
      record.lostAt.map { Rest(after: "a loss", since: $0, whole: loss) },
      failures.map {
        Rest(after: "\(record.failures) failed entries in a row", since: $0, whole: entry)
      },
    ].compactMap(\.self)
  }

  /// Every reason against an entry in `symbol` now; empty is none.
  public func objections(to symbol: Symbol, at now: Timestamp) -> [String] {
    let record = symbols[symbol] ?? Record()
    let crowds = [
      crowding(of: symbol.name, record.orders, settings.throttlePerSymbol, at: now),
      crowding(of: "account", account, settings.throttlePerAccount, at: now),
    ]
    return crowds.compactMap(\.self)
      + rests(of: record).filter { now < $0.until }.map { rest in
        // Rounded up: "0 s left" would say that it is over.
        let left = (rest.until - now + .nanoseconds(999_999_999)).wholeSeconds
        return "cooldown after \(rest.after): \(left) s left of \(rest.whole.wholeSeconds)"
      }
  }

  private func crowding(
    of subject: String, _ orders: [Timestamp], _ pace: Pace, at now: Timestamp
  ) -> String? {
    let recent = orders.count { now - $0 < pace.window }
    guard recent >= pace.count else { return nil }
    let window = pace.window.wholeSeconds
    return "\(subject): \(recent) entry orders in \(window) s, at most \(pace.count)"
  }

  private static func append(
    _ now: Timestamp, to orders: inout [Timestamp], keeping count: Int
  ) {
    orders.append(now)
    if orders.count > count { orders.removeFirst() }
  }
}
