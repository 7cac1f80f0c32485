import TradingModel

/// What a stop has gained by break-even or trailing stays gained: over adds and restarts, too.
struct StopsKeepTheirGains: Invariant {
  static let name = "stops-keep-gains"
  static let sentence =
    "A stop that was moved into profit is never set to a looser one by the bot as long as its "
    + "position lives, unless a hand has moved it since."

  private struct Gain {
    let trip: Timestamp
    var stop: Price
  }

  /// Where the venue has taken the stop of a position, as far as it lies beyond its average entry.
  private var gains: [PositionKey: Gain] = [:]

  init(_ plan: DayPlan) {}

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    switch happening {
    case .byHand(let symbol, _): gains = gains.filter { $0.key.symbol != symbol }
    // What was gained stands on the venue alone, and in no journal.
    case .protection(let change, let before?, nil):
      guard let stop = change.stop, let trip = day.ledger.open[change.key] else { return nil }
      let side = before.side
      if let gain = gains[change.key], gain.trip == trip.openedAt {
        guard isLooser(stop, than: gain.stop, side) else {
          gains[change.key]?.stop = stop
          return nil
        }
        return "the stop of \(change.key) \(side.rawValue) goes back from \(gain.stop) to \(stop)"
      }
      if !isLooser(stop, than: before.entryPrice, side) {
        gains[change.key] = Gain(trip: trip.openedAt, stop: stop)
      }
    default: break
    }
    return nil
  }

  private func isLooser(_ one: Price, than other: Price, _ side: PositionSide) -> Bool {
    side == .long ? one < other : one > other
  }
}
