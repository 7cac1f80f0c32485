import TestSupport
import Testing
import TradingModel
import Transport

@Suite(.timeLimit(.minutes(1)))
struct RateLimiterTests {
  private enum Key: Hashable, Sendable { case orders, address }

  private let clock = ManualClock()
  private let limiter: RateLimiter<Key>

  init() {
    limiter = RateLimiter(
      [
        .orders: RateBudget.Policy(
          limit: 2, per: .rolling(.seconds(1)), reserve: 1, margin: .zero),
        .address: RateBudget.Policy(
          limit: 3, per: .rolling(.seconds(5)), reserve: 1, margin: .zero),
      ], clock: clock)
  }

  @Test
  func `all budgets are charged, or none`() {
    #expect(limiter.admit([.init(.orders), .init(.address)], lane: .closing) == nil)
    #expect(limiter.admit([.init(.orders), .init(.address)], lane: .other) == .seconds(1))
    #expect(limiter.budget(.address)?.spent(at: clock.now) == 1)
    #expect(limiter.admit([.init(.address, 2)], lane: .closing) == nil)
    #expect(limiter.admit([.init(.orders), .init(.address)], lane: .closing) == .seconds(5))
    #expect(limiter.budget(.orders)?.spent(at: clock.now) == 1)
  }

  @Test
  func `whoever waits goes when there is room, or is told that it takes too long`() async {
    #expect(limiter.admit([.init(.orders, 2)], lane: .closing) == nil)
    let deadline = clock.now + .seconds(1)
    await #expect(throws: RateRefusal.tooLate(wait: .seconds(1))) {
      try await limiter.pass([.init(.orders)], lane: .closing, before: deadline)
    }
    let waiting = Task { [limiter] in
      try await limiter.pass([.init(.orders)], lane: .closing, before: deadline + .seconds(9))
    }
    await clock.passSleep(of: .seconds(1))
    await #expect(throws: Never.self) { try await waiting.value }
    #expect(limiter.budget(.orders)?.spent(at: clock.now) == 1)
  }

  @Test
  func `waiting ends when the task does`() async {
    limiter.ban(.orders, until: clock.now + .seconds(600))
    let deadline = clock.now + .seconds(900)
    let waiting = Task { [limiter] in
      try await limiter.pass([.init(.orders)], lane: .closing, before: deadline)
    }
    await clock.waitForSleeper(until: clock.now + .seconds(600))
    waiting.cancel()
    await #expect(throws: RateRefusal.cancelled) { try await waiting.value }
  }
}
