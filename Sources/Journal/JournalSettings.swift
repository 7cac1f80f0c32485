/// Where the journal lies and how it is bounded.
public struct JournalSettings: Sendable, Hashable {
  /// The SQLite file; its directory is made when it is missing.
  public var path: String
  /// How long a write waits for another program that holds the file.
  public var busyTimeout: Duration
  /// How long a noted record may wait for company before it is written.
  public var gatheringTime: Duration
  /// How long to wait after a failed write before the next try.
  public var retryDelay: Duration
  /// The most records kept in memory while they can't be written.
  public var pendingLimit: Int

  public init(
    path: String = "state/quarterdeck.sqlite", busyTimeout: Duration = .seconds(5),
    gatheringTime: Duration = .milliseconds(50), retryDelay: Duration = .seconds(1),
    pendingLimit: Int = 10_000
  ) {
    self.path = path
    self.busyTimeout = busyTimeout
    self.gatheringTime = gatheringTime
    self.retryDelay = retryDelay
    self.pendingLimit = pendingLimit
  }

  public var problems: [String] {
    var problems: [String] = []
    if path.isEmpty { problems.append("journal.path: must not be empty") }
    if busyTimeout < .zero { problems.append("journal.busy_timeout: must not be negative") }
    if gatheringTime < .zero || gatheringTime > .milliseconds(100) {
      problems.append("journal.gathering_time: must be 0 to 100 ms, is \(gatheringTime)")
    }
    if retryDelay <= .zero { problems.append("journal.retry_delay: must be above 0") }
    if pendingLimit < 100 {
      problems.append("journal.pending_limit: must be at least 100, is \(pendingLimit)")
    }
    return problems
  }
}
