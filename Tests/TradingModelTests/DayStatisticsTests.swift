import TestSupport
import Testing
import TradingModel

struct DayStatisticsTests {
  @Test(
    arguments: [
      ("100", "80", "0.25"), ("95", "100", "-0.05"), ("2", "3", "-0.33333333"), ("0", "7", "-1"),
      (nil, "80", nil), ("100", nil, nil), ("100", "0", nil), ("20000", "0.00000001", nil),
    ] as [(Price?, Price?, Ratio?)])
  func `the change of a day is against its open, and unknown where one of both is`(
    last: Price?, open: Price?, change: Ratio?
  ) {
    let ticker = Ticker(venue: .bybit, symbol: "BTCUSDT", last: last, time: .noon)
    #expect(DayStatistics(ticker: ticker, open: open).change == change)
  }
}
