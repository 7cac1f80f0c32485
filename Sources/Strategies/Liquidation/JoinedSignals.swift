import TradingModel

/// The signals of the last moments, so that one cascade told by two venues is acted on once.
struct JoinedSignals: Sendable {
  /// How close in venue time two liquidations count as one.
  static let window = Duration.seconds(2)
  /// Far more than can fall into the window; the oldest gives way.
  static let capacity = 256

  private var recent: [Liquidation] = []

  /// The liquidation on another venue that `liquidation` repeats: same symbol, same side closed.
  func twin(of liquidation: Liquidation) -> Liquidation? {
    recent.first { other in
      other.symbol == liquidation.symbol && other.closed == liquidation.closed
        && other.venue != liquidation.venue
        && (liquidation.time - other.time).magnitude <= Self.window
    }
  }

  mutating func note(_ liquidation: Liquidation) {
    recent.removeAll { liquidation.time - $0.time > Self.window }
    if recent.count == Self.capacity { recent.removeFirst() }
    recent.append(liquidation)
  }
}
