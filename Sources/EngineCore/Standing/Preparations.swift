import TradingModel

/// Symbols whose margin mode and leverage are set, and those where that is under way or failed.
struct Preparations: Sendable {
  private struct Waiting: Sendable {
    let intent: Intent
    let since: Timestamp
  }

  private struct Failure: Sendable {
    let text: String
    let at: Timestamp
  }

  /// A failed preparation is tried again after this.
  static let retryAfter = Duration.minutes(10)
  static let answerLimit = Duration.seconds(30)
  /// What was read back longer ago may have been changed by hand since.
  static let validity = Duration.minutes(60)

  private var done: [Symbol: (leverage: Ratio, at: Timestamp)] = [:]
  private var waiting: [Symbol: Waiting] = [:]
  private var failed: [Symbol: Failure] = [:]

  func isDone(_ symbol: Symbol, leverage: Ratio, at now: Timestamp) -> Bool {
    done[symbol].map { $0.leverage == leverage && now - $0.at < Self.validity } ?? false
  }
  func isWaiting(_ symbol: Symbol) -> Bool { waiting[symbol] != nil }
  func failure(_ symbol: Symbol) -> String? { failed[symbol]?.text }

  mutating func wait(for intent: Intent, at now: Timestamp) {
    waiting[intent.symbol] = Waiting(intent: intent, since: now)
  }

  /// - Returns: The intent that waited for it.
  mutating func succeeded(_ symbol: Symbol, leverage: Ratio, at now: Timestamp) -> Intent? {
    done[symbol] = (leverage, now)
    failed[symbol] = nil
    return waiting.removeValue(forKey: symbol)?.intent
  }

  mutating func failed(_ symbol: Symbol, _ text: String, at now: Timestamp) -> Intent? {
    done[symbol] = nil
    failed[symbol] = Failure(text: text, at: now)
    return waiting.removeValue(forKey: symbol)?.intent
  }

  /// A reading of the account shows otherwise: set again before the next entry.
  mutating func compare(with positions: [Position], marginMode: MarginMode) {
    if marginMode != .isolated { return forget() }
    for position in positions {
      guard let prepared = done[position.symbol], let leverage = position.leverage,
        prepared.leverage != leverage
      else { continue }
      done[position.symbol] = nil
    }
  }

  /// Settings on the venue may have been changed while nobody listened.
  mutating func forget() { done = [:] }

  /// - Returns: The intents that waited in vain, sorted by symbol.
  mutating func expire(at now: Timestamp) -> [Intent] {
    failed = failed.filter { now - $0.value.at < Self.retryAfter }
    let late = waiting.values.filter { now - $0.since >= Self.answerLimit }
      .map(\.intent).sorted { $0.symbol < $1.symbol }
    for intent in late { waiting[intent.symbol] = nil }
    return late
  }
}
