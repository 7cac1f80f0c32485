import TradingModel

/// A flatten of the whole account that was given up and is tried again, for as long as its lock is
/// not flat and nobody has said to keep the positions.
struct FlattenRetry: Sendable {
  static let firstWait = Duration.seconds(5)
  static let longestWait = Duration.seconds(60)

  let order: FlattenOrder
  let at: Timestamp
  private let wait: Duration

  /// - Parameter previous: The retry that has just been given up, too.
  init(of order: FlattenOrder, after previous: FlattenRetry?, at now: Timestamp) {
    self.order = order
    wait = previous.map { min($0.wait * 2, Self.longestWait) } ?? Self.firstWait
    at = now + wait
  }
}
