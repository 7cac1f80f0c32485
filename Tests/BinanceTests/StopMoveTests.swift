import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

/// What moving stops may cost, against the loopback Binance, where one order alone may close a
/// position: each move takes a stand-in.
@Suite(.timeLimit(.minutes(1)))
struct StopMoveTests {
  private let clock = PassingClock()

  private func move(_ crowd: Crowd, _ symbol: Symbol, to stop: Price) async -> VenueError? {
    let result = await outcome { () async throws(VenueError) in
      try await crowd.rest.protect(
        ProtectionChange(key: PositionKey(symbol), side: .long, stop: stop, target: nil))
    }
    if case .failure(let error) = result { return error }
    return nil
  }

  @Test func `fifty stops that follow the price every second leave room for everything else`()
    async throws
  {
    let crowd = try await Crowd(clock: clock)
    try await crowd.enter()
    _ = try await crowd.rest.readAccount()
    var moved: [Symbol: Int] = [:]
    var refused: [VenueError] = []
    for second in 0..<62 {
      let stop = try Price("50000") + Price(uncheckedCount: Int128(second + 1) * 1_000_000_000)
      for symbol in crowd.symbols {
        if let error = await move(crowd, symbol, to: stop) {
          refused.append(error)
        } else {
          moved[symbol, default: 0] += 1
        }
      }
      // An entry and a close of another hand each second; the account every five.
      let number = second % crowd.symbols.count
      for (id, side) in [("liq-c", Side.buy), ("rsk-c", .sell)] {
        _ = try await crowd.rest.place(
          .entry(id: "\(id)-\(second)", symbol: crowd.symbols[number], side: side))
      }
      if second.isMultiple(of: 5) { _ = try await crowd.rest.readAccount() }
      try await clock.sleep(for: .seconds(1))
    }
    #expect(crowd.refusals.isEmpty)
    let isBounded = refused.allSatisfy {
      if case .rateLimited(let wait) = $0 { wait <= .seconds(61) } else { false }
    }
    #expect(isBounded && !refused.isEmpty)
    // Most are refused; what goes goes on, and whoever waits as asked has its turn.
    #expect(moved.values.reduce(0, +) >= 130)
    // A whole flatten fits into the second after it.
    for (number, symbol) in crowd.symbols.enumerated() {
      _ = try await crowd.rest.place(
        .entry(id: "rsk-d-\(number)", symbol: symbol, side: .sell, reduceOnly: true))
    }
    #expect(crowd.refusals.isEmpty)
  }

  @Test func `a move costs three of the minute's weight while the size is known`() async throws {
    let crowd = try await Crowd(clock: clock, count: 1)
    try await crowd.enter()
    let symbol = crowd.symbols[0]
    _ = try await crowd.rest.readAccount()
    #expect(await move(crowd, symbol, to: "51000") == nil)
    let before = crowd.http.exchanges.count
    #expect(await move(crowd, symbol, to: "52000") == nil)
    let asked = crowd.http.exchanges.dropFirst(before).map {
      $0.line.split(separator: " ").prefix(2).joined(separator: " ")
    }
    #expect(
      asked == [
        "GET /fapi/v1/openAlgoOrders", "POST /fapi/v1/algoOrder", "DELETE /fapi/v1/algoOrder",
        "POST /fapi/v1/algoOrder", "DELETE /fapi/v1/algoOrder",
      ])
    #expect(try await crowd.rest.readAccount().positions.map(\.stop) == ["52000"])
    // What was read long ago is asked for again.
    try await clock.sleep(for: .seconds(20))
    #expect(await move(crowd, symbol, to: "53000") == nil)
    #expect(crowd.http.exchanges.contains { $0.line.hasPrefix("GET /fapi/v3/positionRisk symbol") })
    #expect(try await crowd.rest.readAccount().positions.map(\.stop) == ["53000"])
  }

  @Test func `a position without a stop gets it from what is kept for closing`() async throws {
    let crowd = try await Crowd(clock: clock, count: 2)
    _ = try await crowd.rest.place(.entry(symbol: crowd.symbols[0]))
    _ = try await crowd.rest.place(
      .entry(id: "liq-a-2", symbol: crowd.symbols[1], stop: "50000"))
    _ = try await crowd.rest.readAccount()
    // All that is not kept for closing is spent.
    let order = BinanceCall.change(.post, "/x", weight: 0, orders: (1, 1))
    var isRoom = true
    while isRoom {
      do throws(VenueError) {
        try crowd.rest.budget.admit(order, at: clock.now)
      } catch {
        isRoom = false
      }
    }
    #expect(await move(crowd, crowd.symbols[0], to: "50000") == nil)
    // One that has a stop keeps it, and its move waits.
    guard case .rateLimited? = await move(crowd, crowd.symbols[1], to: "51000") else {
      Issue.record("moved")
      return
    }
    #expect(try await crowd.rest.readAccount().positions.map(\.stop) == ["50000", "50000"])
  }
}
