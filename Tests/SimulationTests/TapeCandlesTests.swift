import TestSupport
import Testing
import TradingModel

@testable import Simulation

struct TapeCandlesTests {
  private func tape(_ prints: [(second: Int64, price: Price)]) -> TapeCandles {
    var candles = TapeCandles()
    for print in prints {
      let time = Timestamp.noon + .seconds(print.second)
      candles.take(
        Trade(
          venue: .binance, symbol: "SOLUSDT", price: print.price, quantity: "1", aggressor: .buy,
          time: time), at: time)
    }
    return candles
  }

  private func texts(
    _ candles: TapeCandles, _ interval: CandleInterval = .oneMinute, count: Int = 10,
    second: Int64
  ) -> [String] {
    candles.closed(
      CandleRequest(symbol: "SOLUSDT", interval: interval, count: count),
      at: .noon + .seconds(second)
    ).map { "\($0.openTime.clockText) \($0.open) \($0.high) \($0.low) \($0.close)" }
  }

  @Test
  func `a minute is closed when it is over, and a silent one stands at the last price`() {
    let candles = tape([(0, "10"), (20, "12"), (40, "9"), (59, "11"), (185, "13")])
    #expect(texts(candles, second: 59).isEmpty)
    #expect(
      texts(candles, second: 190) == [
        "12:00:00 10 12 9 11", "12:01:00 11 11 11 11", "12:02:00 11 11 11 11",
      ])
    #expect(texts(candles, count: 1, second: 300) == ["12:04:00 13 13 13 13"])
  }

  @Test
  func `longer ones are made of minutes`() {
    let candles = tape([(0, "10"), (70, "14"), (200, "8"), (310, "9")])
    #expect(texts(candles, .fiveMinutes, second: 320) == ["12:00:00 10 14 8 8"])
  }

  @Test
  func `after a long silence the past is no longer than what may be asked for`() {
    let candles = tape([(0, "10"), (86_400 * 3, "11")])
    let request = CandleRequest(symbol: "SOLUSDT", interval: .oneMinute, count: 5000)
    let closed = candles.closed(request, at: .noon + .seconds(86_400 * 3 + 60))
    #expect(closed.count <= 2001)
    #expect(closed.last?.close == "11")
  }
}
