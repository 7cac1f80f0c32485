import BotDays
import Foundation
import TestSupport
import Testing
import TradingModel

struct BotDayTests {
  @Test(arguments: [UInt64(1), 2, 3])
  func `a stretch around midnight with every fault violates nothing`(seed: UInt64) {
    let report = BotDay(DayPlan(seed: seed, length: .minutes(40))).run()
    #expect(report.violation == nil, "\(report.story)")
    #expect(report.marketEvents > 1000 && report.faultCount > 0)
  }

  @Test func `the same seed is the same day`() {
    let reports = (1...2).map { _ in BotDay(DayPlan(seed: 7, length: .minutes(20))).run() }
    #expect(reports[0].digest == reports[1].digest)
    #expect(reports[0].summary == reports[1].summary)
    let other = BotDay(DayPlan(seed: 8, length: .minutes(20))).run()
    #expect(other.digest != reports[0].digest)
  }

  /// Hashes are seeded anew in every process: an order that hangs on one would show here.
  @Test func `the same seed is the same day in another process`() throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
      .deletingLastPathComponent().appending(path: "Simulator")
    process.arguments = ["--seed", "9", "--hours", "1", "--until", "400"]
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    let report = BotDay(DayPlan(seed: 9, length: .hours(1))).run(until: 400)
    #expect(text.contains(report.summary))
  }

  @Test func `a prefix ends after so many events of the world`() {
    let report = BotDay(DayPlan(seed: 7, length: .minutes(20))).run(until: 120)
    #expect(report.events == 120)
  }

  @Test func `a day of the plan has what a bot-day must have`() {
    let plan = DayPlan(seed: 5)
    #expect(plan.length == .hours(24))
    #expect(plan.commandsPerDay >= 20)
    #expect(plan.start.day != (plan.start + plan.length).day)
    let hour = BotDay(DayPlan(seed: 5, length: .minutes(30))).run()
    #expect(hour.marketEvents * 48 >= 50_000)
  }

  @Test func `on a calm day a liquidation is entered, protected and closed by its stop`() throws {
    let plan = DayPlan.calm()
    let symbol = try #require(plan.symbols.first?.instrument.symbol)
    let day = BotDay(plan)
    day.at(.seconds(20)) { $0.cascade(symbol) }
    day.pass(.seconds(40))
    let position = try #require(day.venue.positions.first)
    #expect(position.symbol == symbol && position.side == .long && position.stop != nil)
    #expect(day.snapshot?.positions.map(\.position.symbol) == [symbol])
    day.venue.jump(symbol, by: .percent(-5))
    day.pass(.seconds(30))
    #expect(day.venue.positions.isEmpty)
    #expect(day.violation == nil, "\(day.report.story)")
  }

  @Test func `an entry whose answer is lost is found and not sent again`() throws {
    let plan = DayPlan.calm()
    let symbol = try #require(plan.symbols.first?.instrument.symbol)
    let day = BotDay(plan)
    day.at(.seconds(20)) {
      $0.venue.script(.place, .unanswered(there: .milliseconds(30)))
      $0.cascade(symbol)
    }
    day.pass(.seconds(60))
    #expect(day.venue.positions.count == 1)
    #expect(day.report.entries == 1)
    #expect(day.violation == nil, "\(day.report.story)")
  }

  @Test func `a panic on the phone leaves nothing open, though the process dies in it`() throws {
    let plan = DayPlan.calm()
    let symbol = try #require(plan.symbols.first?.instrument.symbol)
    let day = BotDay(plan)
    day.at(.seconds(20)) { $0.cascade(symbol) }
    day.at(.seconds(45)) { $0.phone.say("/panic now") }
    day.at(.milliseconds(45_600)) { $0.kill() }
    day.pass(.minutes(3))
    #expect(day.venue.positions.isEmpty)
    #expect(day.store.lock(.panic)?.isFlat == true)
    #expect(day.report.lives == 2)
    #expect(day.violation == nil, "\(day.report.story)")
  }
}
