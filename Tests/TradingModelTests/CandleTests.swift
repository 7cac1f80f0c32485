import TestSupport
import Testing
import TradingModel

struct CandleTests {
  @Test(arguments: [
    (CandleInterval.oneMinute, "12:34:00", "12:35:00"), (.threeMinutes, "12:33:00", "12:36:00"),
    (.fiveMinutes, "12:30:00", "12:35:00"), (.fifteenMinutes, "12:30:00", "12:45:00"),
    (.oneHour, "12:00:00", "13:00:00"), (.fourHours, "12:00:00", "16:00:00"),
    (.oneDay, "00:00:00", "00:00:00"),
  ])
  func `a candle begins on the grid of the UTC day`(
    interval: CandleInterval, start: String, end: String
  ) {
    let time = Timestamp.noon + .minutes(34) + .seconds(56)
    #expect(interval.start(of: time).clockText == start)
    #expect(interval.end(of: time).clockText == end)
    #expect(interval.start(of: interval.start(of: time)) == interval.start(of: time))
  }

  @Test
  func `intervals are written as venues and people write them, and sort by length`() {
    #expect(CandleInterval.allCases.map(\.rawValue) == ["1m", "3m", "5m", "15m", "1h", "4h", "1d"])
    #expect(CandleInterval.allCases.sorted() == CandleInterval.allCases)
    #expect(CandleInterval(rawValue: "2m") == nil)
  }

  @Test
  func `a volume holds what no quantity can`() throws {
    let day = try Volume("31415926535.5")
    #expect(throws: AmountError.overflow) { try Quantity(count: day.wideCount) }
    #expect(day + Volume("0.5" as Quantity) == (try Volume("31415926536")))
  }

  @Test
  func `a candle whose high is below its close contradicts itself`() {
    var candle = Candle(
      symbol: "BTCUSDT", interval: .oneMinute, openTime: .noon, open: "10", high: "12", low: "9",
      close: "11", volume: Volume("3" as Quantity), turnover: "31", isClosed: true)
    #expect(candle.isCoherent && candle.closeTime == .noon + .minutes(1))
    candle.high = "10.5"
    #expect(!candle.isCoherent)
  }
}
