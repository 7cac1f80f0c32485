import TradingModel
import Transport

extension Position {
  /// A row of `/fapi/v3/positionRisk`, of older versions and of the WebSocket API; nil when the slot is
  /// flat. Version 3 does not tell the leverage any more.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/trade/rest-api/Position-Information-V3
  ///
  /// - Parameter leverage: Of the symbol, as its settings have it; used where the row has none.
  init?(binance row: JSONValue, leverage: Ratio?) throws(JSONError) {
    let amount: Quantity = try row.amount("positionAmt")
    guard !amount.isZero else { return nil }
    var unrealised: Notional? = try row.optionalAmount("unRealizedProfit")
    if unrealised == nil { unrealised = try row.optionalAmount("unrealizedProfit") }
    self.init(
      key: PositionKey(try row.rowSymbol, try row.slot("positionSide")),
      side: amount > .zero ? .long : .short, quantity: amount.magnitude,
      entryPrice: try row.amount("entryPrice"), markPrice: try row.priceIfSet("markPrice"),
      liquidationPrice: try row.priceIfSet("liquidationPrice"),
      leverage: try row.optionalAmount("leverage") ?? leverage, unrealised: unrealised,
      initialMargin: try row.optionalAmount("initialMargin"),
      maintenanceMargin: try row.optionalAmount("maintMargin"),
      updatedAt: try row.time("updateTime"))
  }

  /// An entry of `P` in an `ACCOUNT_UPDATE` event; nil when the slot is flat.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/user-data-streams/Event-Balance-and-Position-Update
  init?(
    binanceUpdate row: JSONValue, leverage: Ratio?, at time: Timestamp
  ) throws(JSONError) {
    let amount: Quantity = try row.amount("pa")
    guard !amount.isZero else { return nil }
    self.init(
      key: try PositionKey(binanceUpdate: row), side: amount > .zero ? .long : .short,
      quantity: amount.magnitude, entryPrice: try row.amount("ep"), leverage: leverage,
      unrealised: try row.optionalAmount("up"), updatedAt: time)
  }
}

extension PositionKey {
  init(binanceUpdate row: JSONValue) throws(JSONError) {
    self.init(Symbol(venueName: try row.string("s")), try row.slot("ps"))
  }
}

extension SymbolSettings {
  /// A row of `/fapi/v1/symbolConfig`.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/account/rest-api/Symbol-Config
  init(binance row: JSONValue) throws(JSONError) {
    self.init(
      marginMode: try MarginMode(binance: row.string("marginType")),
      leverage: try row.amount("leverage"))
  }
}
