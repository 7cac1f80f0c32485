import Indicators
import TestSupport
import Testing
import TradingModel

struct AverageTrueRangeTests {
  private func average(
    _ length: Int, of candles: [(high: Double, low: Double, close: Double)]
  ) -> AverageTrueRange {
    var range = AverageTrueRange(length: length)
    for candle in candles { range.add(high: candle.high, low: candle.low, close: candle.close) }
    return range
  }

  // True ranges 2, 3, 4, 6, 2: mean of three is 3; (3 × 2 + 6) ÷ 3 = 4; (4 × 2 + 2) ÷ 3 = 3⅓.
  private let candles: [(high: Double, low: Double, close: Double)] = [
    (11, 9, 10), (12, 9, 11), (14, 10, 13), (9, 7, 8), (9, 7, 8),
  ]

  @Test(
    arguments: [(0, nil), (2, nil), (3, 3.0), (4, 4.0), (5, 10.0 / 3)] as [(Int, Double?)])
  func `the first value is a mean, the next ones are smoothed after Wilder`(
    count: Int, value: Double?
  ) {
    #expect(average(3, of: Array(candles.prefix(count))).value == value)
  }

  @Test
  func `a gap to the close before counts as range, up and down`() {
    let up = average(1, of: [(11, 9, 10), (15, 14, 14)])
    let down = average(1, of: [(11, 9, 10), (7, 6, 6)])
    #expect(up.value == 5)
    #expect(down.value == 4)
  }

  @Test
  func `as an amount it is rounded at the eighth decimal, and zero is no range`() {
    #expect(average(3, of: candles).price == "3.33333333")
    #expect(average(1, of: [(5, 5, 5)]).price == nil)
    #expect(average(2, of: [(5, 4, 5)]).price == nil)
  }

  @Test
  func `candles are taken as they come`() {
    var range = AverageTrueRange(length: 1)
    range.add(
      Candle(
        symbol: "BTCUSDT", interval: .oneMinute, openTime: Timestamp(seconds: 0), open: "100",
        high: "101.5", low: "99.25", close: "100", volume: .zero, turnover: .zero, isClosed: true))
    #expect(range.price == "2.25")
  }
}
