import TradingModel

/// How often entries may be tried: a pace per symbol and per account, and pauses of a symbol after
/// an entry, after a loss and after failures in a row. Closing and protecting never ask it.
public struct Throttle: Sendable, Hashable {
  /// The most orders that a pace may count.
  public static let longestPace = 1000
  /// Symbols remembered at most before those without a running pause are forgotten.
  static let capacity = 512

  private struct Record: Hashable {
    /// The newest orders, oldest first; at most as many as the pace counts.
    var orders: [Timestamp] = []
    var enteredAt: Timestamp?
    var lostAt: Timestamp?
    var failures = 0
    var failedAt: Timestamp?
  }

  private let settings: RiskSettings
  private var account: [Timestamp] = []
  private var symbols: [Symbol: Record] = [:]

  public init(settings: RiskSettings) { self.settings = settings }

  /// The same memory under new settings.
  public func with(_ settings: RiskSettings) -> Throttle {
    var copy = Throttle(settings: settings)
    copy.account = account
    copy.symbols = symbols
    return copy
  }

  /// An entry order was sent.
  public mutating func noteOrder(_ symbol: Symbol, at now: Timestamp) {
    forgetIdle(at: now)
    Self.append(now, to: &account, keeping: settings.throttlePerAccount)
    Self.append(
      now, to: &symbols[symbol, default: Record()].orders,
      keeping: settings.throttlePerSymbol)
  }

  /// An entry was filled: the symbol rests, and its failures are forgotten.
  public mutating func noteEntry(_ symbol: Symbol, at now: Timestamp) {
    symbols[symbol, default: Record()].enteredAt = now
    symbols[symbol, default: Record()].failures = 0
  }

  /// An entry order came to nothing.
  public mutating func noteFailure(_ symbol: Symbol, at now: Timestamp) {
    symbols[symbol, default: Record()].failures += 1
    symbols[symbol, default: Record()].failedAt = now
  }

  /// A trade was closed at a loss.
  public mutating func noteLoss(_ symbol: Symbol, at now: Timestamp) {
    symbols[symbol, default: Record()].lostAt = now
  }

  /// Every reason against an entry in `symbol` now; empty is none.
  public func objections(to symbol: Symbol, at now: Timestamp) -> [String] {
    var objections: [String] = []
    let record = symbols[symbol] ?? Record()
    func object(_ subject: String, _ orders: [Timestamp], _ pace: Pace) {
      let recent = orders.count { now - $0 < pace.window }
      guard recent >= pace.count else { return }
      objections.append(
        "\(subject): \(recent) entry orders in \(pace.window.wholeSeconds) s, at most \(pace.count)"
      )
    }
    object(symbol.name, record.orders, settings.throttlePerSymbol)
    object("account", account, settings.throttlePerAccount)
    func object(_ what: String, since start: Timestamp?, for pause: Duration) {
      guard let start, now - start < pause else { return }
      let left = pause - (now - start)
      // Rounded up: "0 s left" would say that it is over.
      let seconds = (left + .nanoseconds(999_999_999)).wholeSeconds
      objections.append("cooldown after \(what): \(seconds) s left of \(pause.wholeSeconds)")
    }
    object("an entry", since: record.enteredAt, for: settings.entryCooldown)
    object("a loss", since: record.lostAt, for: settings.lossCooldown)
    if record.failures >= settings.failuresInARow {
      object(
        "\(record.failures) failed entries in a row", since: record.failedAt,
        for: settings.entryCooldown)
    }
    return objections
  }

  private static func append(_ now: Timestamp, to orders: inout [Timestamp], keeping pace: Pace) {
    if orders.count >= pace.count { orders.removeFirst(orders.count - pace.count + 1) }
    orders.append(now)
  }

  private mutating func forgetIdle(at now: Timestamp) {
    guard symbols.count >= Self.capacity else { return }
    symbols = symbols.filter { !objections(to: $0.key, at: now).isEmpty || $0.value.failures > 0 }
  }
}
