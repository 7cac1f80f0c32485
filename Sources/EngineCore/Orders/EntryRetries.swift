import Risk
import TradingModel

/// Entries that the venue refused for something that can be put right: the position mode was another,
/// or the contract's rules had changed. Each signal is tried once more, and judged by the gate again.
struct EntryRetries: Sendable {
  private struct Waiting: Sendable {
    let intent: Intent
    /// The rules it was refused with.
    let rules: Instrument?
    let since: Timestamp
  }

  /// New rules that come later than that are for the next signal.
  private static let patience = Duration.seconds(10)

  private var used = RecentKeys<SignalID>(capacity: 256)
  private var waiting: [Symbol: Waiting] = [:]
  /// The mode as it was read, or as a refusal told it since.
  private var modes: [Symbol: PositionMode] = [:]

  /// The mode of a symbol as the venue told it last; nil while it did not.
  func mode(of symbol: Symbol) -> PositionMode? { modes[symbol] }

  /// The mode was read.
  mutating func learn(_ mode: PositionMode, of symbol: Symbol) { modes[symbol] = mode }

  /// The slot of that request did not fit.
  mutating func learn(from request: OrderRequest) {
    modes[request.symbol] = request.slot == .oneWay ? .hedge : .oneWay
  }

  /// Whether that signal may be tried once more; it has been from now on.
  mutating func mayRepeat(_ intent: Intent) -> Bool { used.insert(intent.id) }

  /// Waits for other rules than these.
  mutating func wait(_ intent: Intent, for rules: Instrument?, at now: Timestamp) {
    guard used.insert(intent.id) else { return }
    waiting[intent.symbol] = Waiting(intent: intent, rules: rules, since: now)
  }

  /// The rules were read anew: what may be tried again with them, sorted by symbol.
  mutating func ready(with rules: [Symbol: Instrument], at now: Timestamp) -> [Intent] {
    let all = waiting.keys.sorted().compactMap { waiting[$0] }
    let ready = all.filter {
      now - $0.since <= Self.patience && rules[$0.intent.symbol] != $0.rules
    }
    // What was refused while they were being read waits for the next reading.
    waiting = waiting.filter {
      now - $0.value.since <= Self.patience && rules[$0.key] == $0.value.rules
    }
    return ready.map(\.intent)
  }
}
