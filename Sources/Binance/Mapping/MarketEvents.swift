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

extension Ticker {
  /// A `bookTicker` event: best bid and ask; a side that is empty has no price.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Individual-Symbol-Book-Ticker-Streams
  init(binanceBook event: JSONView) throws(JSONError) {
    let bid: Price = try event.amount("b")
    let ask: Price = try event.amount("a")
    self.init(
      venue: .binance, symbol: Symbol(venueName: try event.string("s")),
      bid: bid.isZero ? nil : bid, ask: ask.isZero ? nil : ask,
      time: Timestamp(milliseconds: try event.integer("E")))
  }
}

extension NumberedTrade {
  /// An `aggTrade` event.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Aggregate-Trade-Streams
  init(binanceAggregate event: JSONView) throws(JSONError) {
    try self.init(event, number: event.integer("a"))
  }

  /// A `trade` event; nil for what no market made: insurance fund and auto-deleveraging.
  init?(binanceTrade event: JSONView) throws(JSONError) {
    if let kind = event.field("X"), !kind.isString("MARKET") { return nil }
    try self.init(event, number: event.integer("t"))
  }

  private init(_ event: JSONView, number: Int64) throws(JSONError) {
    self.init(
      number: number,
      trade: Trade(
        venue: .binance, symbol: Symbol(venueName: try event.string("s")),
        price: try event.amount("p"), quantity: try event.amount("q"),
        aggressor: try event.bool("m") ? .sell : .buy,
        time: Timestamp(milliseconds: try event.integer("T"))))
  }
}

extension Candle {
  /// A `kline` event; nil for an interval that we do not follow.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Kline-Candlestick-Streams
  init?(binanceEvent event: JSONView) throws(JSONError) {
    let row = try event.required("k")
    guard let interval = CandleInterval(rawValue: try row.string("i")) else { return nil }
    self.init(
      symbol: Symbol(venueName: try row.string("s")), interval: interval,
      openTime: Timestamp(milliseconds: try row.integer("t")), open: try row.amount("o"),
      high: try row.amount("h"), low: try row.amount("l"), close: try row.amount("c"),
      volume: try row.amount("v"), turnover: try row.amount("q"),
      takerBuyVolume: try row.optionalAmount("V"),
      tradeCount: Int(clamping: try row.integer("n")), isClosed: try row.bool("x"))
  }
}
