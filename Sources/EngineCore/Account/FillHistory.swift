import TradingModel

/// When executions are read: at the start and after a gap at once, every five minutes besides, and
/// again with growing waits while they can't be read.
struct FillHistory: Sendable {
  static let pace = Duration.minutes(5)
  private static let firstRetry = Duration.seconds(5)
  private static let longestRetry = Duration.seconds(60)
  /// An execution may be told late: each reading begins a little before the one before it.
  static let overlap = Duration.minutes(1)
  private static let mostOpen = 8

  /// Where the questions begin that have no good answer yet, in the order they were asked. A later one
  /// begins no later than those before it.
  private var open: [Timestamp] = []
  private var askedAt: Timestamp?
  private var nextAt: Timestamp?
  private var retry = FillHistory.firstRetry
  /// The question asked last has failed and was not asked again yet.
  private var hasFailed = false
  /// Readings that failed in a row.
  private(set) var failures = 0

  /// Nothing is asked for, or it was asked for twice in vain.
  var isSettled: Bool { open.isEmpty || failures >= 2 }

  /// Asks for everything since `start`; a question that is still open keeps the earlier start.
  mutating func ask(since start: Timestamp, at now: Timestamp) -> Timestamp {
    let start = min(open.last ?? start, start)
    // Asked again: what failed gets no answer any more.
    if hasFailed, !open.isEmpty { open.removeLast() }
    hasFailed = false
    open = open.suffix(Self.mostOpen - 1) + [start]
    askedAt = now
    nextAt = now + Self.pace
    return start
  }

  /// Where the reading that is due now begins; nil while none is.
  func due(at now: Timestamp) -> Timestamp? {
    guard let nextAt, now >= nextAt else { return nil }
    return open.last ?? askedAt.map { $0 - Self.overlap } ?? now - Self.pace
  }

  /// The question that begins at `start` has its answer. Those asked before it need none any more;
  /// those asked since do, because of what happened after it.
  /// - Returns: Whether nothing is asked for any more.
  mutating func answered(since start: Timestamp) -> Bool {
    guard let place = open.firstIndex(of: start) else { return open.isEmpty }
    open.removeFirst(place + 1)
    retry = Self.firstRetry
    failures = 0
    return open.isEmpty
  }

  mutating func failed(at now: Timestamp) {
    hasFailed = true
    failures += 1
    nextAt = now + retry
    retry = min(retry * 2, Self.longestRetry)
  }
}
