import TradingModel

/// Whether our book was compared with the venue's since the start and since the last gap.
struct Reconciliation: Sendable {
  /// How long the comparison waits for the executions that were asked for. Without them a position that
  /// was closed meanwhile has no result: two readings must have failed before that is accepted, unless
  /// they take even longer.
  static let fillsLimit = Duration.seconds(45)
  /// Not before that, however fast readings fail.
  static let fillsLeast = Duration.seconds(10)

  /// How long a difference must last at least before the venue wins.
  static let patience = Duration.seconds(2)

  private(set) var isDone = false
  /// None was done yet in this process.
  private(set) var isFirst = true
  private var beganAt: Timestamp?
  private var hasFills = false
  /// Executions were asked for once more, since a reading differed from our book.
  private var hasDoubted = false

  /// Round trips that ended between the last life and the first comparison: closed while nobody
  /// listened.
  private(set) var closedAway: [RoundTrip] = []
  /// When the last life was seen last; nil where that is not known.
  private var awaySince: Timestamp?

  private struct Difference: Sendable {
    let since: Timestamp
    var count: Int
    var seenIn: UInt64
  }

  /// Differences seen while all was well.
  private var differences: [PositionKey: Difference] = [:]

  mutating func begin(isFirst: Bool, awaySince: Timestamp? = nil, at now: Timestamp) {
    if let awaySince { self.awaySince = awaySince }
    isDone = false
    self.isFirst = isFirst
    beganAt = now
    hasFills = false
    hasDoubted = false
    differences = [:]
  }

  /// A round trip has ended.
  mutating func noteClosed(_ trip: RoundTrip) {
    guard isFirst, !isDone, let awaySince, let closedAt = trip.closedAt, closedAt >= awaySince
    else { return }
    closedAway.append(trip)
  }

  mutating func gotFills() { hasFills = true }

  /// A reading differs from our book: what led to it may have happened after the executions were read.
  /// - Returns: Whether they are to be asked for once more before the venue wins.
  mutating func doubt(at now: Timestamp) -> Bool {
    guard !hasDoubted, let beganAt, now - beganAt < Self.fillsLimit else { return false }
    hasDoubted = true
    hasFills = false
    return true
  }

  /// Whether the executions of the time away are in, or have been waited for long enough.
  /// - Parameter isSettled: Nothing more is to be expected of the questions for them.
  func isReady(at now: Timestamp, isSettled: Bool) -> Bool {
    guard !isDone, let beganAt else { return false }
    return hasFills || now - beganAt >= (isSettled ? Self.fillsLeast : Self.fillsLimit)
  }

  mutating func finish() {
    isDone = true
    closedAway = []
    isFirst = false
  }

  // MARK: Differences while all is well

  func differs(_ symbol: Symbol) -> Bool { differences.keys.contains { $0.symbol == symbol } }

  mutating func agree(_ key: PositionKey) { differences[key] = nil }

  /// - Parameter isSettled: Nothing more is to be expected of the questions for executions.
  /// - Returns: Whether this is the first reading that shows it, and whether it stands: shown by
  ///   two readings, and long enough for an execution that was on its way, or could not be read.
  mutating func disagree(
    _ key: PositionKey, in reading: UInt64, isSettled: Bool, at now: Timestamp
  ) -> (isNew: Bool, stands: Bool) {
    var difference = differences[key] ?? Difference(since: now, count: 0, seenIn: 0)
    if difference.seenIn < reading {
      difference.count += 1
      difference.seenIn = reading
      differences[key] = difference
    }
    let patience = isSettled ? Self.patience : Self.fillsLimit
    let stands = difference.count >= 2 && now - difference.since >= patience
    return (difference.count == 1, stands)
  }
}
