import TradingModel
import Transport

/// The prices between which an order must lie.
public struct PriceLimit: Sendable, Hashable {
  /// The most that a buy may bid.
  public var highestBuy: Price
  /// The least that a sell may ask.
  public var lowestSell: Price
  public var time: Timestamp

  /// The result of `/v5/market/price-limit`, or the data of a `priceLimit` frame.
  init(bybit row: JSONValue) throws(JSONError) {
    highestBuy = try row.amount("buyLmt")
    lowestSell = try row.amount("sellLmt")
    time = try row.time("ts")
  }
}
