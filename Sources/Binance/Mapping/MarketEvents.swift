import TradingModel
import Transport

extension Liquidation {
  /// A `forceOrder` event. Binance names the side of the **order**: SELL closed a long.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/All-Market-Liquidation-Order-Streams
  init(binance event: JSONView) throws(JSONError) {
    let order = try event.required("o")
    self.init(
      venue: .binance, symbol: Symbol(venueName: try order.string("s")),
      closed: try Self.closed(order), price: try order.amount("p"),
      averagePrice: try order.amount("ap"), quantity: try order.amount("q"),
      time: Timestamp(milliseconds: try event.integer("E")))
  }

  private static func closed(_ order: JSONView) throws(JSONError) -> PositionSide {
    let side = try order.required("S")
    if side.isString("SELL") { return .long }
    if side.isString("BUY") { return .short }
    throw .wrongKind(path: "o.S", expected: "BUY or SELL", found: side.kind)
  }
}

extension Ticker {
  /// A `24hrTicker` event: last price, rolling VWAP and turnover.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/All-Market-Tickers-Streams
  init(binanceTicker event: JSONView) throws(JSONError) {
    self.init(
      venue: .binance, symbol: Symbol(venueName: try event.string("s")),
      last: try event.amount("c"), vwap24h: try event.optionalAmount("w"),
      turnover24h: try event.optionalAmount("q"),
      time: Timestamp(milliseconds: try event.integer("E")))
  }

  /// A `markPriceUpdate` event.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Mark-Price-Stream-for-All-market
  init(binanceMark event: JSONView) throws(JSONError) {
    self.init(
      venue: .binance, symbol: Symbol(venueName: try event.string("s")),
      mark: try event.amount("p"), index: try event.optionalAmount("i"),
      fundingRate: try event.optionalAmount("r"),
      time: Timestamp(milliseconds: try event.integer("E")))
  }
}
