import TradingModel

/// What a report calls flat, beside what the venue holds at that moment.
struct FlatIsFlat: Invariant {
  static let name = "flat-is-flat"
  static let sentence =
    "When a command reports flat, the venue holds nothing of what it had to close, but dust and what "
    + "was opened since."

  private let longterm: Symbol?

  init(_ plan: DayPlan) { longterm = plan.longterm }

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    guard case .progress(let step) = happening,
      case .finished(.flattened(let report)) = step.stage, report.isFlat
    else { return nil }
    let isOfTheAccount: Bool
    if case .close = report.cause { isOfTheAccount = false } else { isOfTheAccount = true }
    for position in day.venue.positions where position.symbol != longterm {
      guard let trip = day.ledger.open[position.key],
        // Opened while it was verified, or after: that is another position.
        day.now - trip.openedAt > .seconds(3)
      else { continue }
      if let hand = day.ledger.lastHandAt[position.symbol], day.now - hand < .seconds(5) {
        continue
      }
      let item = report.items.first { $0.key == position.key }
      let wasToGo = isOfTheAccount || (item.map { $0.wanted == $0.before } ?? false)
      guard wasToGo, trip.openedAt < report.startedAt else { continue }
      if let smallest = day.venue.paper.instrument(position.symbol)?.minQuantity,
        position.quantity < smallest
      {
        continue
      }
      return "\(report.cause) says flat while \(position.key) \(position.side.rawValue) "
        + "\(position.quantity) is open since \(trip.openedAt.clockText)"
    }
    return nil
  }
}
