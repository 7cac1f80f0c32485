import TradingModel
import Transport

extension Instrument {
  /// A row of `/v5/market/instruments-info`; nil for what is no USDT perpetual.
  init?(bybit row: JSONValue) throws(JSONError) {
    guard try row.string("contractType") == "LinearPerpetual",
      try row.string("quoteCoin") == "USDT"
    else { return nil }
    let maximum: Quantity = try row.amount("lotSizeFilter", "maxOrderQty")
    self.init(
      symbol: try row.rowSymbol, isTrading: try row.string("status") == "Trading",
      tickSize: try row.amount("priceFilter", "tickSize"),
      minPrice: try row.optionalAmount("priceFilter", "minPrice") ?? .zero,
      maxPrice: try row.optionalAmount("priceFilter", "maxPrice")
        ?? Price(uncheckedCount: Price.limit),
      quantityStep: try row.amount("lotSizeFilter", "qtyStep"),
      minQuantity: try row.amount("lotSizeFilter", "minOrderQty"), maxQuantity: maximum,
      maxMarketQuantity: try row.optionalAmount("lotSizeFilter", "maxMktOrderQty") ?? maximum,
      minNotional: try row.optionalAmount("lotSizeFilter", "minNotionalValue") ?? .usdt(5),
      maxLeverage: try row.amount("leverageFilter", "maxLeverage"),
      leverageStep: try row.optionalAmount("leverageFilter", "leverageStep") ?? .percent(1),
      fundingInterval: .minutes(try row.optionalInteger("fundingInterval") ?? 480))
  }
}
