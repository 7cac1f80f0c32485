import TradingModel
import Transport

extension Fill {
  /// A row of `/v5/execution/list` or the `execution` topic; nil for what moves no position: funding,
  /// settlements, corporate actions.
  init?(bybit row: JSONValue) throws(JSONError) {
    switch try row.optionalString("execType") ?? "Trade" {
    case "Trade", "AdlTrade", "BustTrade", "Delivery", "BlockTrade", "MovePosition", "FutureSpread":
      break
    default: return nil
    }
    self.init(
      executionID: try row.string("execId"),
      orderID: ClientOrderID(try row.optionalString("orderLinkId") ?? ""),
      venueOrderID: try row.string("orderId"), symbol: try row.rowSymbol, slot: try row.rowSlot,
      side: try row.rowSide, price: try row.amount("execPrice"),
      quantity: try row.amount("execQty"), fee: try row.optionalAmount("execFee") ?? .zero,
      isMaker: try row.optionalBool("isMaker") ?? false,
      closedQuantity: try row.optionalAmount("closedSize") ?? .zero,
      role: try Order.Role(bybit: row),
      time: try row.time("execTime"))
  }
}
