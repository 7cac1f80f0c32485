import TradingModel

/// How a simulated day went.
public struct DayReport: Sendable {
  public var seed: UInt64
  public var simulated: Duration
  /// Of the world: what `--until` counts.
  public var events: Int
  public var marketEvents: Int
  public var commands: Int
  public var faults: [Fault.Kind: Int]
  public var lives: Int
  public var fills: Int
  public var entries: Int
  public var violation: Violation?
  /// What happened last, when something was violated.
  public var lines: [String]
  /// The same for the same seed, in every process.
  public var digest: UInt64

  public var faultCount: Int { faults.values.reduce(0, +) }

  /// One line of figures.
  public var summary: String {
    "\(lives) lives, \(events) events, \(marketEvents) of the market, \(commands) commands, "
      + "\(faultCount) faults, \(entries) entries, \(fills) fills, digest "
      + String(digest, radix: 16)
  }

  /// What a failing seed says: what was broken, what led to it, and how to see it again.
  public var story: String {
    guard let violation else { return "seed \(seed): nothing violated" }
    return """
      seed \(seed) violates \(violation.invariant) at event \(violation.event), \
      \(violation.time)
        must hold: \(violation.sentence)
        seen:      \(violation.facts)
      the last that happened:
        \(lines.joined(separator: "\n  "))
      to see it again:
        swift run -c release Simulator --seed \(seed) --until \(violation.event)
      """
  }
}
