import TradingModel
import Transport

extension Ticker {
  /// A `tickers` frame: a snapshot, or a delta with the changed fields alone.
  ///
  /// Source: https://bybit-exchange.github.io/docs/v5/websocket/public/ticker
  init(bybit data: JSONView, at time: Timestamp) throws(JSONError) {
    self.init(
      venue: .bybit, symbol: Symbol(venueName: try data.string("symbol")),
      last: try data.optionalAmount("lastPrice"), mark: try data.optionalAmount("markPrice"),
      index: try data.optionalAmount("indexPrice"), bid: try data.optionalAmount("bid1Price"),
      ask: try data.optionalAmount("ask1Price"), vwap24h: try Self.vwap(data),
      turnover24h: try data.optionalAmount("turnover24h"),
      fundingRate: try data.optionalAmount("fundingRate"), time: time)
  }

  /// Turnover ÷ volume of the rolling 24 hours; unknown unless the frame has both.
  private static func vwap(_ data: JSONView) throws(JSONError) -> Price? {
    guard let turnover: Notional = try data.optionalAmount("turnover24h"),
      let volume: Notional = try data.optionalAmount("volume24h"), !volume.isZero
    else { return nil }
    do throws(AmountError) {
      return try turnover.price(per: Quantity(count: volume.wideCount))
    } catch {
      return nil  // A volume beyond what a quantity holds: then the tape must do.
    }
  }
}

extension Liquidation {
  /// Bybit names the side of the **position**: Buy was a long. It gives one price, the bankruptcy
  /// price.
  ///
  /// Source: https://bybit-exchange.github.io/docs/v5/websocket/public/all-liquidation
  init(bybit row: JSONView) throws(JSONError) {
    let price: Price = try row.amount("p")
    self.init(
      venue: .bybit, symbol: Symbol(venueName: try row.string("s")),
      closed: try Self.closed(row), price: price, averagePrice: price,
      quantity: try row.amount("v"), time: Timestamp(milliseconds: try row.integer("T")))
  }

  private static func closed(_ row: JSONView) throws(JSONError) -> PositionSide {
    let side = try row.required("S")
    if side.isString("Buy") { return .long }
    if side.isString("Sell") { return .short }
    throw .wrongKind(path: "S", expected: "Buy or Sell", found: side.kind)
  }
}
