// Source: https://bybit-exchange.github.io/docs/v5/websocket/public
extension FrameMaker {
  /// A delta of 50 levels' depth: 12 levels change on average.
  mutating func bybitBook() -> String {
    let time = nextTime()
    return """
      {"topic":"orderbook.50.BTCUSDT","type":"delta","ts":\(time),"data":{"s":"BTCUSDT",\
      "b":\(levels(chance.number(1...11))),"a":\(levels(chance.number(1...11))),\
      "u":\(nextSequence()),"seq":\(nextSequence())},"cts":\(time - 3)}
      """
  }

  mutating func bybitTrades() -> String {
    let time = nextTime()
    let rows = (0..<chance.number(1...4)).map { _ in
      """
      {"T":\(time - 2),"s":"BTCUSDT","S":"\(chance.number(0...1) == 0 ? "Buy" : "Sell")",\
      "v":"\(size())","p":"\(price())","L":"PlusTick",\
      "i":"20f43950-d8dd-5b31-9112-a178eb6023af","BT":false,"RPI":false,"seq":\(nextSequence())}
      """
    }
    return """
      {"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":\(time),\
      "data":[\(rows.joined(separator: ","))]}
      """
  }

  /// A delta: prices and a few figures of the day.
  mutating func bybitTicker() -> String {
    """
    {"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT",\
    "tickDirection":"PlusTick","price24hPcnt":"0.017103","lastPrice":"\(price())",\
    "markPrice":"\(price())","indexPrice":"\(price())","openInterest":"68744.761",\
    "openInterestValue":"1183601235.91","turnover24h":"1570383121.943499",\
    "volume24h":"91705.276","fundingRate":"-0.000212","bid1Price":"\(price())",\
    "bid1Size":"\(size())","ask1Price":"\(price())","ask1Size":"\(size())"},\
    "cs":\(nextSequence()),"ts":\(nextTime())}
    """
  }

  mutating func bybitLiquidation() -> String {
    let time = nextTime()
    return """
      {"topic":"allLiquidation.BTCUSDT","type":"snapshot","ts":\(time),"data":[{"T":\(time - 5),\
      "s":"BTCUSDT","S":"\(chance.number(0...1) == 0 ? "Buy" : "Sell")","v":"\(size())",\
      "p":"\(price())"}]}
      """
  }
}
