import TestSupport
import Testing
import TradingModel
import Transport

struct RateBudgetTests {
  private let start = Timestamp(seconds: 1_795_176_000)

  private func budget(
    limit: Int = 10, reserve: Int = 3, _ window: RateBudget.Policy.Window = .rolling(.seconds(1)),
    margin: Duration = .zero
  ) -> RateBudget {
    RateBudget(
      RateBudget.Policy(limit: limit, per: window, reserve: reserve, margin: margin))
  }

  private func at(_ milliseconds: Int64) -> Timestamp { start + .milliseconds(milliseconds) }

  @Test
  func `closing has the reserve to itself, and the rest, too`() {
    var budget = budget()
    for _ in 0..<7 { #expect(budget.admit(lane: .other, at: start) == nil) }
    #expect(budget.admit(lane: .other, at: start) == .seconds(1))
    for _ in 0..<3 { #expect(budget.admit(lane: .closing, at: start) == nil) }
    #expect(budget.admit(lane: .closing, at: start) == .seconds(1))

    var idle = self.budget()
    #expect(idle.admit(10, lane: .closing, at: start) == nil)
    #expect(idle.admit(lane: .other, at: start) == .seconds(1))
  }

  @Test
  func `a rolling window frees what was spent when that has lasted a window`() {
    var budget = budget(limit: 3, reserve: 0, margin: .milliseconds(5))
    #expect(budget.admit(lane: .other, at: at(0)) == nil)
    #expect(budget.admit(2, lane: .other, at: at(400)) == nil)
    #expect(budget.admit(lane: .other, at: at(500)) == .milliseconds(505))
    #expect(budget.admit(2, lane: .other, at: at(500)) == .milliseconds(905))
    #expect(budget.admit(lane: .other, at: at(1004)) == .milliseconds(1))
    #expect(budget.admit(lane: .other, at: at(1005)) == nil)
    #expect(budget.spent(at: at(1005)) == 3)
    #expect(budget.spent(at: at(1405)) == 1)
  }

  @Test
  func `in no second of a long flatten are there more than the limit`() {
    var budget = budget(limit: 10, reserve: 3)
    var sent: [Timestamp] = []
    var now = start
    while sent.count < 50 {
      if let wait = budget.admit(lane: .closing, at: now) {
        #expect(wait > .zero)
        now = now + wait
      } else {
        sent.append(now)
      }
    }
    for time in sent {
      #expect(sent.count { $0 > time - .seconds(1) && $0 <= time } <= 10)
    }
    #expect(sent.last == at(4000))
  }

  @Test
  func `a fixed window begins at its full multiple`() {
    var budget = budget(limit: 2, reserve: 1, .fixed(.seconds(60)))
    let late = Timestamp(seconds: 1_795_176_059)
    #expect(late.seconds % 60 == 59)
    #expect(budget.admit(lane: .other, at: late) == nil)
    #expect(budget.admit(lane: .other, at: late) == .seconds(1))
    #expect(budget.admit(lane: .other, at: late + .seconds(1)) == nil)
  }

  @Test
  func `what costs more than a window holds goes alone`() {
    var budget = budget(limit: 10, reserve: 3)
    #expect(budget.admit(lane: .other, at: at(0)) == nil)
    #expect(budget.admit(50, lane: .other, at: at(1)) == .milliseconds(999))
    #expect(budget.admit(50, lane: .other, at: at(1000)) == nil)
    #expect(budget.admit(lane: .closing, at: at(1999)) == .milliseconds(1))
  }

  @Test
  func `what others spend is learned from what is left`() {
    var budget = budget()
    #expect(budget.admit(2, lane: .other, at: at(0)) == nil)
    budget.learn(left: 8, sentAt: at(0), at: at(20))
    #expect(budget.spent(at: at(20)) == 2)
    budget.learn(left: 1, sentAt: at(0), at: at(30))
    budget.learn(left: 1, sentAt: at(0), at: at(31))
    #expect(budget.spent(at: at(31)) == 9)
    #expect(budget.admit(lane: .closing, at: at(40)) == nil)
    #expect(budget.admit(lane: .closing, at: at(40)) == .milliseconds(960))
    #expect(budget.spent(at: at(1040)) == 0)
  }

  @Test
  func `an answer that comes late does not count twice what has passed`() {
    var budget = budget()
    #expect(budget.admit(10, lane: .closing, at: at(0)) == nil)
    budget.learn(left: 0, sentAt: at(0), at: at(1500))
    #expect(budget.spent(at: at(1500)) == 0)
  }

  @Test
  func `the venue's word on the limit counts, and nonsense does not`() {
    var budget = budget()
    budget.learn(limit: 20, sentAt: start, at: start)
    #expect(budget.admit(17, lane: .other, at: start) == nil)
    #expect(budget.admit(lane: .other, at: start) != nil)
    budget.learn(limit: 0, left: -5, sentAt: start, at: start)
    #expect(budget.limit == 20)
    budget.learn(limit: 2, sentAt: start, at: at(3000))
    #expect(budget.admit(1, lane: .other, at: at(3000)) == nil)
    #expect(budget.admit(1, lane: .other, at: at(3000)) != nil)
    #expect(budget.admit(1, lane: .closing, at: at(3000)) == nil)
  }

  @Test
  func `weights that a header counts are taken over within their minute`() {
    var budget = budget(limit: 2400, reserve: 400, .fixed(.seconds(60)))
    #expect(budget.admit(5, lane: .other, at: at(0)) == nil)
    budget.learn(used: 1995, sentAt: at(0), at: at(50))
    #expect(budget.admit(5, lane: .other, at: at(60)) == nil)
    #expect(budget.admit(5, lane: .other, at: at(60)) != nil)
    #expect(budget.admit(5, lane: .closing, at: at(60)) == nil)
    budget.learn(used: 2400, sentAt: at(59_990), at: at(60_010))
    #expect(budget.spent(at: at(60_010)) == 0)
  }

  @Test
  func `readings are spread over what is left of the window, once a third is spent`() {
    var budget = RateBudget(
      .init(
        limit: 100, per: .fixed(.seconds(60)), reserve: 20, readingReserve: 30, margin: .zero))
    budget.spend(26, at: start)
    #expect(budget.wait(for: 25, lane: .other, at: start) != nil)
    #expect(budget.wait(for: 55, lane: .reading, at: start) != nil)
    #expect(budget.interval(for: 4, lane: .reading, at: start) == .zero)
    budget.spend(34, at: start)
    #expect(budget.interval(for: 4, lane: .reading, at: start) == .seconds(12))
    #expect(budget.interval(for: 4, lane: .reading, at: at(30_000)) == .seconds(6))
    budget.spend(18, at: at(30_000))
    #expect(budget.interval(for: 4, lane: .reading, at: at(30_000)) == .seconds(30))
    #expect(budget.interval(for: 4, lane: .reading, at: at(60_000)) == .zero)
    #expect(budget.wait(for: 20, lane: .closing, at: at(30_000)) == nil)
  }

  @Test
  func `a ban holds everybody, and ends`() {
    var budget = budget()
    budget.ban(until: at(5000))
    budget.ban(until: at(2000))
    #expect(budget.admit(lane: .closing, at: at(1000)) == .milliseconds(4000))
    #expect(budget.admit(lane: .closing, at: at(5000)) == nil)
    #expect(budget.bannedUntil == nil)
  }

  @Test
  func `a reset is waited for, but no longer than a window`() {
    var budget = budget()
    budget.learn(left: 0, resetAt: at(300), sentAt: at(0), at: at(10))
    #expect((budget.admit(lane: .closing, at: at(20)) ?? .zero) >= .milliseconds(280))
    budget.learn(left: 0, resetAt: at(900_000), sentAt: at(20), at: at(30))
    #expect(budget.bannedUntil == at(1030))
  }

  @Test
  func `what was answered counts no longer than it can have been under way`() {
    var budget = budget(limit: 2, reserve: 0, margin: .milliseconds(20))
    #expect(budget.admit(lane: .closing, at: at(0)) == nil)
    #expect(budget.admit(lane: .closing, at: at(1)) == nil)
    #expect(budget.admit(lane: .closing, at: at(10)) == .milliseconds(1010))
    // Four milliseconds longer on the way than the fastest: it may have been counted as late.
    budget.answered(sentAt: at(0), shortest: .milliseconds(30), at: at(34))
    #expect(budget.admit(lane: .closing, at: at(34)) == .milliseconds(971))
    // However late an answer is, never longer than before.
    budget.answered(sentAt: at(1), shortest: .milliseconds(30), at: at(900))
    #expect(budget.room(lane: .closing, at: at(1004)) == 0)
    #expect(budget.room(lane: .closing, at: at(1005)) == 1)
    #expect(budget.room(lane: .closing, at: at(1020)) == 1)
    #expect(budget.room(lane: .closing, at: at(1021)) == 2)
  }

  @Test
  func `the room of a lane is what it may send at once`() {
    var budget = budget()
    #expect(budget.room(lane: .other, at: start) == 7)
    #expect(budget.room(lane: .closing, at: start) == 10)
    #expect(budget.admit(8, lane: .closing, at: start) == nil)
    #expect(budget.room(lane: .other, at: start) == 0)
    #expect(budget.room(lane: .closing, at: start) == 2)
    budget.ban(until: at(100))
    #expect(budget.room(lane: .closing, at: start) == 0)
  }
}
