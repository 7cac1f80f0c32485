// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams
extension FrameMaker {
  /// 62 levels change on average, as in 100 ms of BTCUSDT.
  mutating func binanceDepth() -> String {
    let time = nextTime()
    let previous = nextSequence()
    return wrapped(
      "btcusdt@depth@100ms",
      """
      {"e":"depthUpdate","E":\(time),"T":\(time - 4),"s":"BTCUSDT","U":\(nextSequence()),\
      "u":\(nextSequence()),"pu":\(previous),"b":\(levels(chance.number(11...51))),\
      "a":\(levels(chance.number(11...51)))}
      """)
  }

  mutating func binanceTrade() -> String {
    let time = nextTime()
    return wrapped(
      "btcusdt@aggTrade",
      """
      {"e":"aggTrade","E":\(time),"s":"BTCUSDT","a":\(nextSequence()),"p":"\(price())",\
      "q":"\(size())","f":\(nextSequence()),"l":\(nextSequence()),"T":\(time - 4),\
      "m":\(chance.number(0...1) == 0)}
      """)
  }

  mutating func binanceLiquidation() -> String {
    let time = nextTime()
    let size = size()
    return wrapped(
      "!forceOrder@arr",
      """
      {"e":"forceOrder","E":\(time),"o":{"s":"BTCUSDT",\
      "S":"\(chance.number(0...1) == 0 ? "BUY" : "SELL")","o":"LIMIT","f":"IOC","q":"\(size)",\
      "p":"\(price())","ap":"\(price())","X":"FILLED","l":"\(size)","z":"\(size)","T":\(time - 4)}}
      """)
  }

  mutating func binanceMark() -> String {
    let time = nextTime()
    return wrapped(
      "btcusdt@markPrice@1s",
      """
      {"e":"markPriceUpdate","E":\(time),"s":"BTCUSDT","p":"\(price())","i":"\(price())",\
      "P":"\(price())","r":"0.00010000","T":\(time + 3_600_000)}
      """)
  }

  private func wrapped(_ stream: String, _ payload: String) -> String {
    #"{"stream":"\#(stream)","data":\#(payload)}"#
  }
}
