import TradingModel

/// Entries carry a stop on the right side; closes only ever make a position smaller.
struct SidesAreRight: Invariant {
  static let name = "sides-right"
  static let sentence =
    "An entry carries a stop on the side where it loses and never turns a position; a closing order "
    + "is reduce-only, and stands against the position."

  init(_ plan: DayPlan) {}

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    switch happening {
    case .intent(let order, let signal):
      if order.reduceOnly { return order.stop == nil ? nil : "\(order.words) brings a stop" }
      if signal == nil { return "\(order.words) is no entry, and not reduce-only" }
      guard let stop = order.stop else { return "\(order.words) brings no stop" }
      guard let price = day.venue.price(of: order.symbol) else { return nil }
      // A market that ran through it meanwhile is no wrong side: half of its distance and more is.
      let isWrong =
        order.side == .buy
        ? stop.wideCount > price.wideCount * 103 / 100
        : stop.wideCount < price.wideCount * 97 / 100
      return isWrong ? "\(order.words) with the market at \(price)" : nil
    case .fill(let fill):
      guard fill.orderID.owner == .risk, fill.closedQuantity < fill.quantity else { return nil }
      return "\(fill.orderID) opened \(fill.symbol)"
    default: return nil
    }
  }
}
