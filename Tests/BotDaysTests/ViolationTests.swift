import BotDays
import TestSupport
import Testing
import TradingModel

struct ViolationTests {
  /// Every order leaves twice, the second time under an id of its own.
  private static func doubling() -> Flaws {
    var flaws = Flaws()
    flaws.orders = { order in
      var again = order
      again.id = ClientOrderID(order.id.text + "-7")
      return [order, again]
    }
    return flaws
  }

  private func brokenDay() throws -> BotDay {
    let plan = DayPlan.calm()
    let symbol = try #require(plan.symbols.first?.instrument.symbol)
    let day = BotDay(plan, flaws: Self.doubling())
    day.at(.seconds(20)) { $0.cascade(symbol) }
    return day
  }

  @Test func `a broken invariant tells its seed, what was seen and how to see it again`() throws {
    let report = try brokenDay().run()
    let violation = try #require(report.violation)
    #expect(violation.invariant == "ids-used-once")
    #expect(report.story.contains("Simulator --seed 1 --until \(violation.event)"))
    #expect(report.story.contains(violation.facts))
    #expect(!report.lines.isEmpty)
  }

  @Test func `its prefix is the shortest that shows it`() throws {
    let violation = try #require(try brokenDay().run().violation)
    #expect(try brokenDay().run(until: violation.event).violation == violation)
    #expect(try brokenDay().run(until: violation.event - 1).violation == nil)
  }
}
