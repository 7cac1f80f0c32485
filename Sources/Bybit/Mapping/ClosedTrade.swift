import TradingModel
import Transport

/// A part of a position that one order closed, with what the venue reckons it brought.
public struct ClosedTrade: Sendable, Hashable {
  public var symbol: Symbol
  /// The closing order's.
  public var venueOrderID: String
  /// Of the closing order: sell closed a long.
  public var side: Side
  public var quantity: Quantity
  public var entryPrice: Price
  public var exitPrice: Price
  /// In USDT; net of the fees of both ways where the venue takes them off.
  public var profit: Notional
  /// Paid is positive; nil where the venue does not say.
  public var openFee: Notional?
  public var closeFee: Notional?
  public var leverage: Ratio
  public var closedAt: Timestamp

  /// A row of `/v5/position/closed-pnl`.
  init(bybit row: JSONValue) throws(JSONError) {
    symbol = try row.rowSymbol
    venueOrderID = try row.string("orderId")
    side = try row.rowSide
    quantity = try row.amount("closedSize")
    entryPrice = try row.amount("avgEntryPrice")
    exitPrice = try row.amount("avgExitPrice")
    profit = try row.amount("closedPnl")
    openFee = try row.optionalAmount("openFee")
    closeFee = try row.optionalAmount("closeFee")
    leverage = try row.optionalAmount("leverage") ?? .one
    closedAt = try row.time("updatedTime")
  }
}
