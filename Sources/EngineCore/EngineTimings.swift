import TradingModel

/// How long the engine waits for what, and how often it tries.
public struct EngineTimings: Sendable, Hashable {
  /// The account is read at this pace; well under `RiskSettings.accountMaxAge`.
  public var readEvery: Duration = .seconds(5)
  /// A reading without an answer counts as failed.
  public var readTimeout: Duration = .seconds(10)

  /// How long an attached stop may take to be seen before it is set.
  public var stopGrace: Duration = .milliseconds(500)
  /// A position without a stop is closed after this.
  public var stopWithin: Duration = .seconds(2)
  public var stopTries = 3
  /// Where no stop can be computed, because the contract's rules are not known yet, it begins to
  /// count when they are; at the latest after this the position is closed.
  public var stopRulesWithin: Duration = .seconds(30)
  /// How long a position opened by hand may be without a stop before it is told.
  public var manualStopAfter: Duration = .seconds(5)

  /// While flattening, the account is read back this often.
  public var verifyEvery: Duration = .milliseconds(200)
  public var closeTries = 10
  /// Before the second try; doubles up to `closeBackoffMost`.
  public var closeBackoff: Duration = .milliseconds(100)
  public var closeBackoffMost: Duration = .seconds(5)
  /// Flat is believed when two readings this far apart say so.
  public var flatConfirmed: Duration = .milliseconds(500)
  public var flattenLimit: Duration = .seconds(120)
  /// How long the report waits for the executions of the closes.
  public var fillsWithin: Duration = .seconds(2)
  public var progressEvery: Duration = .milliseconds(500)

  /// Silence after which prices and liquidations, and the account's stream, count as lost.
  public var feedSilence: Duration = .seconds(10)
  public var accountSilence: Duration = .seconds(30)
  /// The account's stream lost for so long with positions open wakes people up.
  public var accountSilenceUrgent: Duration = .seconds(120)

  public init() {}

  var problems: [String] {
    var problems: [String] = []
    for (key, wait) in [
      ("read_every", readEvery), ("read_timeout", readTimeout), ("stop_within", stopWithin),
      ("verify_every", verifyEvery), ("close_backoff", closeBackoff),
      ("flatten_limit", flattenLimit), ("feed_silence", feedSilence),
      ("account_silence", accountSilence),
    ] where wait <= .zero {
      problems.append("timings.\(key): must be above 0, is \(wait)")
    }
    if stopTries < 1 { problems.append("timings.stop_tries: must be at least 1, is \(stopTries)") }
    if closeTries < 1 {
      problems.append("timings.close_tries: must be at least 1, is \(closeTries)")
    }
    return problems
  }
}
