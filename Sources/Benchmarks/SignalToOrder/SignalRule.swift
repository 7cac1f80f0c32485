import Strategies
import TradingModel
import Transport

/// The liquidation engine with the kit's settings, and what stands around it in the program: the
/// market that it sees, a pause per symbol, the size.
///
/// The kit's price is the liquidation's own average and its VWAP never moves: both are given to the
/// engine as fresh.
struct SignalRule {
  private struct Contract {
    let vwap: Price
    let instrument: Instrument
    let budget: Notional
    let cooldown: Duration
    var lastOrder: Timestamp?
  }

  /// The kit raises an order to the least that the venue takes, whatever that costs.
  private static let anyRaise = Ratio.times(10_000)

  private var engine: LiquidationEngine
  private var contracts: [Symbol: Contract] = [:]
  private var ids: ClientOrderIDs

  /// - Parameter settings: `liq_config.json`: symbol by symbol.
  init(_ settings: JSONObject, ids: ClientOrderIDs) throws {
    var parameters: [Symbol: LiquidationParameters] = [:]
    for field in settings.fields {
      let symbol = Symbol(venueName: field.key)
      let row = field.value
      let leverage: Ratio = try row.amount("leverage")
      parameters[symbol] = LiquidationParameters(
        leverage: leverage, longVWAPOffset: try Ratio(percent: row.string("long_offset_pct")),
        shortVWAPOffset: try Ratio(percent: row.string("short_offset_pct")),
        minimumLiquidation: try row.amount("min_value"))
      let usdt: Notional = try row.amount("order_usdt")
      contracts[symbol] = Contract(
        vwap: try row.amount("vwap"),
        instrument: Instrument(
          symbol: symbol, tickSize: try Price("0.0000001"),
          quantityStep: try row.amount("qty_step"),
          minQuantity: try row.amount("min_qty"), maxQuantity: try Quantity("1000000000"),
          maxMarketQuantity: try Quantity("1000000000")),
        budget: try usdt.scaled(by: leverage),
        cooldown: .milliseconds(try row.integer("cooldown_ms")))
    }
    engine = LiquidationEngine(
      settings: LiquidationSettings(
        defaults: LiquidationParameters(isEnabled: false), symbols: parameters))
    self.ids = ids
  }

  /// The order that a liquidation leads to; nil for none.
  mutating func order(for event: Liquidation) throws(SizingError) -> OrderRequest? {
    guard let contract = contracts[event.symbol] else { return nil }
    var market = SymbolMarket()
    market.last = TimedPrice(event.averagePrice, at: event.time)
    market.vwap24h = TimedPrice(contract.vwap, at: event.time)
    let look = engine.look(
      at: event, signal: market, executing: SymbolMarket(), instrument: contract.instrument,
      now: event.time)
    guard let intent = look.intent else { return nil }
    if let last = contract.lastOrder, event.time - last < contract.cooldown { return nil }
    contracts[event.symbol]?.lastOrder = event.time
    let quantity = try contract.instrument.quantity(
      for: contract.budget, at: intent.price, raisingUpTo: Self.anyRaise)
    return OrderRequest(
      id: ids.next(for: .engine(.liquidation)), symbol: intent.symbol,
      side: intent.side == .long ? .buy : .sell, quantity: quantity, stop: intent.stop,
      target: intent.target)
  }
}
