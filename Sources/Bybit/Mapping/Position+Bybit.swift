import TradingModel
import Transport

extension Position {
  /// A row of `/v5/position/list` or the `position` topic; nil when the slot is flat.
  init?(bybit row: JSONValue) throws(JSONError) {
    // A size that is not told is not flat.
    let quantity: Quantity = try row.amount("size")
    guard !quantity.isZero else { return nil }
    // The stream names the entry price otherwise than REST does.
    let entry: Price =
      if let price: Price = try row.optionalAmount("avgPrice") { price } else {
        try row.amount("entryPrice")
      }
    self.init(
      key: PositionKey(try row.rowSymbol, try row.rowSlot),
      side: try row.rowSide == .buy ? .long : .short, quantity: quantity, entryPrice: entry,
      markPrice: try row.priceIfSet("markPrice"), liquidationPrice: try row.priceIfSet("liqPrice"),
      leverage: try row.optionalAmount("leverage"),
      unrealised: try row.optionalAmount("unrealisedPnl"),
      initialMargin: try row.optionalAmount("positionIM"),
      maintenanceMargin: try row.optionalAmount("positionMM"),
      stop: try row.priceIfSet("stopLoss"), target: try row.priceIfSet("takeProfit"),
      createdAt: try row.time("createdTime"), updatedAt: try row.time("updatedTime"))
  }
}

extension PositionKey {
  init(bybit row: JSONValue) throws(JSONError) {
    self.init(try row.rowSymbol, try row.rowSlot)
  }
}
