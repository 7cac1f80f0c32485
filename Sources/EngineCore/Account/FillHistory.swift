import TradingModel

/// When executions are read: at the start and after a gap at once, every five minutes besides, and
/// again with growing waits while they can't be read.
struct FillHistory: Sendable {
  static let pace = Duration.minutes(5)
  private static let firstRetry = Duration.seconds(5)
  private static let longestRetry = Duration.seconds(60)
  /// An execution may be told late: each reading begins a little before the one before it.
  static let overlap = Duration.minutes(1)

  /// From where on executions may be missing.
  private var since: Timestamp?
  private var askedAt: Timestamp?
  private var nextAt: Timestamp?
  private var retry = FillHistory.firstRetry
  /// Questions without an answer yet.
  private var openCount = 0

  /// Every question has its answer, so the last one that was asked, too.
  var isCaughtUp: Bool { openCount == 0 }

  /// Asks for everything since `start`; a question that is still open keeps the earlier start.
  mutating func ask(since start: Timestamp, at now: Timestamp) -> Timestamp {
    let start = min(since ?? start, start)
    since = start
    openCount += 1
    askedAt = now
    nextAt = now + Self.pace
    return start
  }

  /// Where the reading that is due now begins; nil while none is.
  func due(at now: Timestamp) -> Timestamp? {
    guard let nextAt, now >= nextAt else { return nil }
    return since ?? askedAt.map { $0 - Self.overlap } ?? now - Self.pace
  }

  mutating func answered() {
    openCount = max(0, openCount - 1)
    since = nil
    retry = Self.firstRetry
  }

  mutating func failed(at now: Timestamp) {
    openCount = max(0, openCount - 1)
    nextAt = now + retry
    retry = min(retry * 2, Self.longestRetry)
  }
}
