import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// Weights, counts, bans and faults of the loopback Binance.
struct BinanceLimitTests {
  private func header(_ name: String, _ response: ServerResponse) -> Int64? {
    response.headers.first { $0.name == name }.flatMap { Int64($0.value) }
  }

  private func code(_ response: ServerResponse) throws -> Int64 {
    try JSONValue(parsing: response.body).integer("code")
  }

  @Test func `weights are counted by the minute and told in a header`() async throws {
    let bench = await BinanceBench()
    let heavy = bench.request("GET", "v1/ticker/24hr")
    #expect(header("X-MBX-USED-WEIGHT-1M", await bench.server.handle(heavy)) == 40)
    let light = bench.request("GET", "v1/depth", "symbol=BTCUSDT&limit=1000")
    #expect(header("X-MBX-USED-WEIGHT-1M", await bench.server.handle(light)) == 60)
    bench.clock.advance(by: .minutes(1))
    #expect(header("X-MBX-USED-WEIGHT-1M", await bench.server.handle(light)) == 20)
  }

  @Test func `who asks too much is told to wait, who goes on is banned for ever longer`()
    async throws
  {
    let bench = await BinanceBench()
    let heavy = bench.request("GET", "v1/ticker/24hr")
    for _ in 1...60 { #expect(await bench.server.handle(heavy).status == 200) }
    var refused = await bench.server.handle(heavy)
    #expect(try refused.status == 429 && code(refused) == -1003)
    let wait = try #require(header("Retry-After", refused))
    #expect((1...60).contains(wait))
    for _ in 1...5 { refused = await bench.server.handle(heavy) }
    #expect(try refused.status == 418 && code(refused) == -1003)
    #expect(header("Retry-After", refused) == 120)
    // A ban strikes everything, and outlasts the minute.
    bench.clock.advance(by: .seconds(119))
    #expect(await bench.server.handle(bench.request("GET", "v1/ping")).status == 418)
    bench.clock.advance(by: .seconds(1))
    #expect(await bench.server.handle(bench.request("GET", "v1/ping")).status == 200)
    for _ in 1...66 { refused = await bench.server.handle(heavy) }
    #expect(refused.status == 418 && header("Retry-After", refused) == 240)
  }

  @Test func `orders have limits of their own, with counts in the headers`() async throws {
    let bench = await BinanceBench()
    let order = BinanceBench.order([("quantity", "0.001")])
    let first = await bench.server.handle(bench.signed("POST", "v1/order", order))
    #expect(header("X-MBX-ORDER-COUNT-10S", first) == 1)
    #expect(header("X-MBX-ORDER-COUNT-1M", first) == 1)
    for _ in 2...300 { _ = await bench.server.handle(bench.signed("POST", "v1/order", order)) }
    let refused = await bench.server.handle(bench.signed("POST", "v1/order", order))
    #expect(try refused.status == 429 && code(refused) == -1015)
    #expect(header("X-MBX-ORDER-COUNT-10S", refused) == nil)
    bench.clock.advance(by: .seconds(10))
    let next = await bench.server.handle(bench.signed("POST", "v1/order", order))
    #expect(header("X-MBX-ORDER-COUNT-10S", next) == 1)
    #expect(header("X-MBX-ORDER-COUNT-1M", next) == 301)
  }

  private func strike(
    _ fault: String, _ settings: JSONObject = [:], _ query: String = BinanceBench.order()
  ) async throws -> (response: ServerResponse, trades: Int) {
    let bench = await BinanceBench()
    bench.faults.add(FaultRule(service: "binance", endpoint: "order", Fault(fault, settings)))
    let response = await bench.server.handle(bench.signed("POST", "v1/order", query))
    return (
      response, try await bench.call("GET", "v1/userTrades", "symbol=BTCUSDT").array().count
    )
  }

  @Test func `of the three kinds of 503 only one may have been carried out`() async throws {
    let unknown = try await strike("unknown")
    #expect(unknown.response.status == 503 && unknown.trades == 1)
    let lost = try await strike("unknown", ["executed": false])
    #expect(lost.response.status == 503 && lost.trades == 0)
    let down = try await strike("unavailable")
    #expect(down.response.status == 503 && down.trades == 0)
    let throttled = try await strike("throttle")
    #expect(try throttled.response.status == 503 && code(throttled.response) == -1008)
    #expect(throttled.trades == 0)
  }

  @Test func `protection of the system spares what reduces`() async throws {
    let bench = await BinanceBench()
    try await bench.place()
    bench.faults.add(
      FaultRule(service: "binance", endpoint: "order", Fault("throttle"), times: nil))
    let closing = BinanceBench.order([("side", "SELL"), ("reduceOnly", "true")])
    #expect(try await bench.code("POST", "v1/order", BinanceBench.order()) == -1008)
    #expect(try await bench.code("POST", "v1/order", closing) == 0)
  }

  @Test func `a ban and a rejection come on request`() async throws {
    let bench = await BinanceBench()
    bench.faults.add(
      FaultRule(
        service: "binance", endpoint: "time",
        Fault("reject", ["code": -1007, "reason": "Timeout waiting for response.", "status": 408])))
    let rejected = await bench.server.handle(bench.request("GET", "v1/time"))
    #expect(try rejected.status == 408 && code(rejected) == -1007)
    bench.faults.add(FaultRule(service: "binance", endpoint: "ping", Fault("ban", ["ms": 5_000])))
    #expect(await bench.server.handle(bench.request("GET", "v1/ping")).status == 418)
    #expect(await bench.server.handle(bench.request("GET", "v1/time")).status == 418)
    bench.clock.advance(by: .seconds(5))
    #expect(await bench.server.handle(bench.request("GET", "v1/time")).status == 200)
  }

  @Test func `accidents of the network strike any call`() async throws {
    let stalled = try await strike("stall")
    #expect(stalled.response.delivery == .stall && stalled.trades == 1)
    let gateway = try await strike("status", ["status": 502])
    #expect(gateway.response.status == 502 && gateway.trades == 0)
  }
}
