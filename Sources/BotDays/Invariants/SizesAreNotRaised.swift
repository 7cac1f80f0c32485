import Strategies
import TradingModel

/// What an entry costs, computed anew from the settings and the venue's own figures.
struct SizesAreNotRaised: Invariant {
  static let name = "sizes-not-raised"
  static let sentence =
    "An entry costs no more than its share of the balance times the leverage, or the venue's "
    + "minimum where that is allowed; its size is a multiple of the step."

  /// The price that it was sized at may be a little older than the last one.
  private static let tolerance = 0.012
  private let liquidation: LiquidationSettings
  private let cap: Notional?
  /// The balance may have fallen since the bot read it: each held until the next one.
  private var balances: [(balance: Double, at: Timestamp)] = []

  init(_ plan: DayPlan) {
    liquidation = plan.engine.liquidation ?? LiquidationSettings()
    cap = plan.engine.risk.equityCap
  }

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    switch happening {
    case .fill, .transfer: note(day)
    // When it is sent, not when it arrives: the market goes on while it is under way.
    case .intent(let order, _) where !order.reduceOnly: return judge(order, in: day)
    default: break
    }
    return nil
  }

  private mutating func note(_ day: BotDay) {
    while balances.count > 1, day.now - balances[1].at > .seconds(60) { balances.removeFirst() }
    balances.append((amount(day.venue.paper.wallet(at: day.venue.now).balance), day.now))
  }

  private mutating func judge(_ order: OrderRequest, in day: BotDay) -> String? {
    note(day)
    guard let instrument = day.venue.paper.instrument(order.symbol),
      let price = day.venue.price(of: order.symbol)
    else { return nil }
    // By the rules as they stand, or as the bot was told them last.
    let known = day.venue.told[order.symbol] ?? instrument
    guard
      order.quantity.isMultiple(of: instrument.quantityStep)
        || order.quantity.isMultiple(of: known.quantityStep)
    else {
      return "\(order.words) is no multiple of \(instrument.quantityStep)"
    }
    let parameters = liquidation.parameters(for: order.symbol)
    var balance = balances.map(\.balance).max() ?? 0
    if let cap { balance = min(balance, amount(cap)) }
    let budget = balance * share(parameters.orderSize) * share(parameters.leverage)
    let cost = amount(price * order.quantity)
    if cost <= budget * (1 + Self.tolerance) { return nil }
    // Raised to the smallest order that the venue takes.
    let smallest =
      [instrument, known].map { rules in
        max(
          amount(price * rules.minQuantity),
          amount(rules.minNotional) + amount(price * rules.quantityStep))
      }.max() ?? 0
    if cost <= smallest * (1 + Self.tolerance),
      cost <= budget * share(liquidation.raiseLimit) * (1 + Self.tolerance)
    {
      return nil
    }
    return "\(order.words) costs \(cost) USDT, \(budget) were meant"
  }

  private func amount(_ value: Notional) -> Double { Double(value.wideCount) / 1e8 }
  private func share(_ value: Ratio) -> Double { Double(value.count) / 1e8 }
}
