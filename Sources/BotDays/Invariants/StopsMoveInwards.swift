import TradingModel

/// A stop that rests moves toward the price, or stays; away from it once for a new average entry.
struct StopsMoveInwards: Invariant {
  static let name = "stops-move-inwards"
  static let sentence =
    "A stop is never moved away from the market, but once for each average entry of its position."

  /// The average entry that the last change was made for.
  private var entries: [PositionKey: Price] = [:]

  init(_ plan: DayPlan) {}

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    guard case .protection(let change, let before?, nil) = happening, let stop = change.stop else {
      return nil
    }
    let known = entries.updateValue(before.entryPrice, forKey: change.key)
    guard let resting = before.stop, known == before.entryPrice else { return nil }
    let isOutwards = change.side == .long ? stop < resting : stop > resting
    return isOutwards
      ? "the stop of \(change.key) \(change.side.rawValue) goes from \(resting) to \(stop)" : nil
  }
}
