import TestSupport
import Testing
import TradingModel

@testable import Binance

/// What readings and changes may weigh, against the loopback Binance with its limits on.
struct WeightTests {
  @Test
  func `a flatten of fifty symbols reads as fast as it may, and no close of it is refused`()
    async throws
  {
    let clock = PassingClock()
    let crowd = try await Crowd(clock: clock)
    try await crowd.enter(stop: nil)
    let rest = crowd.rest
    #expect(try await rest.readAccount().positions.count == 50)
    let times = try await crowd.poll(for: .seconds(90), every: .milliseconds(200))
    let gaps = zip(times.dropFirst(), times).map { $0 - $1 }
    // A burst at first; then at least as often as the account must be known.
    #expect(gaps.prefix(4).allSatisfy { $0 < .milliseconds(300) })
    #expect(gaps.allSatisfy { $0 < .seconds(5) })

    #expect(try await rest.cancelAll(symbol: nil, keepingProtection: true) == 0)
    for (number, symbol) in crowd.symbols.enumerated() {
      try await rest.protect(
        ProtectionChange(key: PositionKey(symbol), side: .long, stop: "51000", target: nil))
      _ = try await rest.place(
        .entry(id: "rsk-a-\(number)", symbol: symbol, side: .sell, reduceOnly: true))
      #expect(try await rest.order(ClientOrderID("rsk-a-\(number)"), symbol: symbol) != nil)
      try await clock.sleep(for: .milliseconds(100))
    }
    // What the changes took, the readings wait for.
    try await clock.sleep(for: .seconds(12))
    #expect(try await rest.readAccount().positions.isEmpty)
    #expect(crowd.refusals.isEmpty)
  }

  @Test
  func `books and histories leave what readings need, readings what changes need`() throws {
    let budget = CallBudget()
    let now = Timestamp.noon
    func most(_ urgency: BinanceCall.Urgency) -> Int {
      var count = 0
      while true {
        do throws(VenueError) {
          try budget.admit(.get("/x", weight: 20, urgency: urgency), at: now)
        } catch {
          return count * 20
        }
        count += 1
      }
    }
    #expect(most(.ordinary) == 1200)
    #expect(most(.verifying) == 800)
    #expect(most(.closing) == 400)
  }

  @Test
  func `an entry weighs nothing, and does not wait for weights; it waits out a ban`() throws {
    let budget = CallBudget()
    let entry = BinanceCall.change(.post, "/x", weight: 0, orders: (1, 1))
    try budget.admit(.get("/x", weight: 2000, urgency: .verifying), at: .noon)
    try budget.admit(entry, at: .noon)
    budget.keepQuiet(until: .noon + .seconds(3))
    #expect(throws: VenueError.rateLimited(retryAfter: .seconds(3))) {
      try budget.admit(entry, at: .noon)
    }
  }

  @Test
  func `a reading that would have to wait too long is refused, with the wait`() throws {
    let budget = CallBudget()
    try budget.admit(.get("/x", weight: 1990, urgency: .verifying), at: .noon)
    #expect(throws: VenueError.rateLimited(retryAfter: .milliseconds(60_005))) {
      _ = try budget.pause(beforeReading: 15, within: .seconds(5), at: .noon)
    }
    let late = Timestamp.noon + .seconds(58)
    #expect(
      try budget.pause(beforeReading: 15, within: .seconds(5), at: late) == .milliseconds(2005))
  }
}
