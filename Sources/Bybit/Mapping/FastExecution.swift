import TradingModel
import Transport

/// A fill as `execution.fast` tells it: sooner than the account's own word, without fee and role. It
/// is no `Fill`, since the same execution told twice must not be booked without its fee.
///
/// Source: https://bybit-exchange.github.io/docs/v5/websocket/private/fast-execution
public struct FastExecution: Sendable, Hashable {
  public var executionID: String
  /// Empty for a maker's.
  public var orderID: ClientOrderID
  public var venueOrderID: String
  public var symbol: Symbol
  public var side: Side
  public var price: Price
  public var quantity: Quantity
  public var isMaker: Bool
  public var time: Timestamp

  init(bybit row: JSONValue) throws(JSONError) {
    executionID = try row.string("execId")
    orderID = ClientOrderID(try row.optionalString("orderLinkId") ?? "")
    venueOrderID = try row.string("orderId")
    symbol = try row.rowSymbol
    side = try row.rowSide
    price = try row.amount("execPrice")
    quantity = try row.amount("execQty")
    isMaker = try row.optionalBool("isMaker") ?? false
    time = try row.time("execTime")
  }
}
