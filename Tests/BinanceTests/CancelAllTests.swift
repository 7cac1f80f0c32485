import Synchronization
import TestSupport
import Testing
import TradingModel

@testable import Binance

/// Cancelling everything of an account: Binance takes one symbol at a time.
@Suite(.timeLimit(.minutes(1)))
struct CancelAllTests {
  private static let latency = Duration.milliseconds(100)

  private let clock = ManualClock()

  /// Lets answers come, each round trip `latency` long, until `isOver`.
  /// - Returns: How long that took on the clock.
  private func pass(
    _ crowd: Crowd, until isOver: @Sendable () -> Bool, atMost rounds: Int = 400
  ) async -> Duration {
    let start = clock.now
    for _ in 0..<rounds {
      // Whoever can be under way is: no more come for a good while.
      var (count, quiet) = (crowd.http.underWay, 0)
      while quiet < 2_000, !isOver(), !Task.isCancelled {
        await Task.yield()
        quiet = crowd.http.underWay == count && count == clock.sleeperCount ? quiet + 1 : 0
        count = crowd.http.underWay
      }
      guard !isOver(), !Task.isCancelled else { break }
      clock.advance(by: Self.latency)
    }
    return clock.now - start
  }

  @Test func `fifty symbols at 100 ms a request are cancelled in a fraction of the desk's 5 s`()
    async throws
  {
    let crowd = try await Crowd(clock: clock)
    try await crowd.rest(withStopOrders: true)
    crowd.http.slow(by: Self.latency)
    let end = Flag()
    let cancelling = Task {
      defer { end.raise() }
      return try await crowd.rest.cancelAll(symbol: nil, keepingProtection: true)
    }
    let took = await pass(crowd) { end.isUp }
    #expect(try await cancelling.value == 100)
    #expect(took <= .milliseconds(1500))
    #expect(crowd.refusals.isEmpty)
    // Closes of positions share the connections.
    #expect(crowd.http.mostUnderWay <= 12)
    crowd.http.slow(by: .zero)
    #expect(try await crowd.rest.openOrders(symbol: nil, urgency: .closing).isEmpty)
    #expect(try await crowd.rest.openAlgoOrders(symbol: nil).isEmpty)
  }

  @Test
  func `out of time nothing more is sent, nothing is taken as done, and the next call ends it`()
    async throws
  {
    let crowd = try await Crowd(clock: clock)
    try await crowd.rest()
    crowd.http.slow(by: Self.latency)
    let end = Flag()
    let cancelling = Task { () -> Result<Int, VenueError> in
      defer { end.raise() }
      return await outcome { () async throws(VenueError) in
        try await crowd.rest.cancelAll(symbol: nil, keepingProtection: true)
      }
    }
    // The lists, and then some of the cancellations.
    _ = await pass(crowd, until: { end.isUp }, atMost: 3)
    while clock.sleeperCount < 6, !Task.isCancelled { await Task.yield() }
    cancelling.cancel()
    guard case .failure(let error) = await cancelling.value else {
      Issue.record("taken for done")
      return
    }
    #expect(error.orderMayExist)
    crowd.http.slow(by: .zero)
    let left = try await crowd.rest.openOrders(symbol: nil, urgency: .closing).count
    let sent = crowd.http.exchanges.count { $0.line.hasPrefix("DELETE") }
    #expect(left > 0 && left < 50 && sent == 50 - left)
    #expect(try await crowd.rest.cancelAll(symbol: nil, keepingProtection: true) == left)
    #expect(try await crowd.rest.openOrders(symbol: nil, urgency: .closing).isEmpty)
  }

  @Test func `one symbol that fails holds up no other, and is asked for once more`() async throws {
    let crowd = try await Crowd(clock: clock, count: 12)
    try await crowd.rest()
    crowd.http.lose("DELETE /fapi/v1/allOpenOrders symbol=C10USDT")
    #expect(try await crowd.rest.cancelAll(symbol: nil, keepingProtection: true) == 12)
    #expect(try await crowd.rest.openOrders(symbol: nil, urgency: .closing).isEmpty)
  }

  @Test func `what fails twice is told, when all the others are cancelled`() async throws {
    let crowd = try await Crowd(clock: clock, count: 12)
    try await crowd.rest()
    for _ in 0..<2 { crowd.http.lose("DELETE /fapi/v1/allOpenOrders symbol=C10USDT") }
    await #expect(throws: VenueError.outcomeUnknown) {
      _ = try await crowd.rest.cancelAll(symbol: nil, keepingProtection: true)
    }
    let left = try await crowd.rest.openOrders(symbol: nil, urgency: .closing)
    #expect(left.map(\.symbol) == ["C10USDT"])
  }

  @Test func `orders of the book go even when the conditional ones can't be listed`() async throws {
    let crowd = try await Crowd(clock: clock, count: 3)
    try await crowd.rest(withStopOrders: true)
    crowd.http.lose("GET /fapi/v1/openAlgoOrders")
    await #expect(throws: VenueError.self) {
      _ = try await crowd.rest.cancelAll(symbol: nil, keepingProtection: true)
    }
    #expect(try await crowd.rest.openOrders(symbol: nil, urgency: .closing).isEmpty)
    #expect(try await crowd.rest.cancelAll(symbol: nil, keepingProtection: true) == 3)
  }

  @Test func `what the address may not send any more is told with the wait, and not sent`()
    async throws
  {
    let crowd = try await Crowd(clock: clock)
    try await crowd.rest()
    // Of the minute's weight the lists and ten cancellations are left.
    try crowd.rest.budget.admit(
      .get("/x", weight: 2400 - 90, urgency: .closing), at: clock.now)
    let result = await outcome { () async throws(VenueError) in
      try await crowd.rest.cancelAll(symbol: nil, keepingProtection: true)
    }
    guard case .failure(.rateLimited(let wait)) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(wait > .zero && wait <= .seconds(61))
    #expect(crowd.http.exchanges.count { $0.line.hasPrefix("DELETE") } == 10)
    #expect(crowd.refusals.isEmpty)
  }
}

/// Goes up once.
private final class Flag: Sendable {
  private let state = Atomic(false)
  var isUp: Bool { state.load(ordering: .acquiring) }
  func raise() { state.store(true, ordering: .releasing) }
}
