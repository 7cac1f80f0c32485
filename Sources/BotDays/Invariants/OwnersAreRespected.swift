import TradingModel

/// Whose a position is, by the order that opened it at the venue.
struct OwnersAreRespected: Invariant {
  static let name = "owners-respected"
  static let sentence =
    "Nothing is ever sent for a long-term symbol; no engine enters a symbol that a person holds; "
    + "what a person holds is closed by a command or a lock only, unless it is to be protected."

  /// How long a position may be there before the bot must know.
  private static let known = Duration.seconds(20)
  private let longterm: Symbol?
  private let protectsManual: Bool

  init(_ plan: DayPlan) {
    longterm = plan.longterm
    protectsManual = plan.engine.protectManual
  }

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    switch happening {
    case .order(let order, _):
      if order.symbol == longterm { return "\(order.words) is for a long-term symbol" }
      return order.reduceOnly ? judgeClose(order, in: day) : judgeEntry(order, in: day)
    case .protection(let change, _, _) where change.key.symbol == longterm:
      return "the protection of \(change.key) is changed, a long-term symbol"
    case .cancel(let order) where order.symbol == longterm:
      return "an order of \(order.symbol) is cancelled, a long-term symbol"
    default: return nil
    }
  }

  private func judgeEntry(_ order: OrderRequest, in day: BotDay) -> String? {
    for trip in day.ledger.open.values
    where trip.key.symbol == order.symbol && trip.owner == .manual {
      guard day.now - trip.openedAt > Self.known, day.calmFor > Self.known else { continue }
      return "\(order.words) enters a symbol that a person has held since "
        + trip.openedAt.clockText
    }
    return nil
  }

  private func judgeClose(_ order: OrderRequest, in day: BotDay) -> String? {
    let key = PositionKey(order.symbol, order.slot)
    guard let trip = day.ledger.open[key], trip.owner == .manual, !protectsManual,
      order.id.command == nil, day.now - trip.openedAt > Self.known, day.calmFor > .seconds(60),
      day.store.lock(.panic) == nil, day.store.lock(.day) == nil
    else { return nil }
    return "\(order.words) closes what a person opened at \(trip.openedAt.clockText)"
  }
}
