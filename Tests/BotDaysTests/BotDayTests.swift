import BotDays
import TestSupport
import Testing
import TradingModel

struct BotDayTests {
  @Test(arguments: [UInt64(1), 2, 3])
  func `a short day with every fault violates nothing`(seed: UInt64) {
    let report = BotDay(DayPlan(seed: seed, length: .hours(1))).run()
    #expect(report.violation == nil, "\(report.story)")
  }

  @Test func `the same seed is the same day`() {
    let reports = (1...2).map { _ in BotDay(DayPlan(seed: 7, length: .minutes(30))).run() }
    #expect(reports[0].digest == reports[1].digest)
    #expect(reports[0].events == reports[1].events)
  }
}
