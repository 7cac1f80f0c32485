import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// The Algo Service of the loopback Binance: conditional orders.
struct BinanceAlgoTests {
  private static func algo(_ changes: [(String, String?)] = []) -> String {
    BinanceBench.order(
      [
        ("algoType", "CONDITIONAL"), ("side", "SELL"), ("type", "STOP_MARKET"),
        ("triggerPrice", "63000"),
      ] + changes)
  }

  private func status(_ bench: BinanceBench, _ number: Int64) async throws -> String {
    try await bench.call("GET", "v1/algoOrder", "algoId=\(number)").string("algoStatus")
  }

  @Test(
    arguments: [
      ([("algoType", nil)], -1102), ([("algoType", "VP")], -1130), ([("type", "LIMIT")], -1116),
      ([("triggerPrice", nil)], -1102), ([("triggerPrice", "64000.05")], -4014),
      // A stop that sells lies below the market, a target above it.
      ([("triggerPrice", "64000")], -2021), ([("triggerPrice", "63999.9")], 0),
      ([("type", "TAKE_PROFIT_MARKET"), ("triggerPrice", "64000")], -2021),
      ([("type", "TAKE_PROFIT_MARKET"), ("triggerPrice", "64000.1")], 0),
      ([("side", "BUY"), ("triggerPrice", "64000")], -2021),
      ([("side", "BUY"), ("triggerPrice", "64000.1")], 0),
      ([("type", "STOP")], -1102), ([("type", "STOP"), ("price", "62900")], 0),
      ([("closePosition", "true")], -4137),
      ([("closePosition", "true"), ("quantity", nil), ("reduceOnly", "true")], -4138),
      ([("closePosition", "true"), ("quantity", nil)], 0),
      ([("type", "TRAILING_STOP_MARKET"), ("triggerPrice", nil)], -1102),
      ([("type", "TRAILING_STOP_MARKET"), ("callbackRate", "0.09")], -1130),
      ([("type", "TRAILING_STOP_MARKET"), ("callbackRate", "10.1")], -1130),
      ([("type", "TRAILING_STOP_MARKET"), ("callbackRate", "10")], 0),
      // The activation price of a sell lies above the last price, of a buy below it.
      (
        [("type", "TRAILING_STOP_MARKET"), ("callbackRate", "1"), ("activatePrice", "64000")], -2021
      ),
      ([("type", "TRAILING_STOP_MARKET"), ("callbackRate", "1"), ("activatePrice", "64000.1")], 0),
      // No margin is needed before the trigger.
      ([("quantity", "500")], 0),
    ] as [([(String, String?)], Int64)])
  func `a conditional order is refused with the venue's own code`(
    changes: [(String, String?)], expected: Int64
  ) async throws {
    let bench = await BinanceBench()
    #expect(try await bench.code("POST", "v1/algoOrder", Self.algo(changes)) == expected)
    let open = try await bench.call("GET", "v1/openAlgoOrders").array()
    #expect(open.count == (expected == 0 ? 1 : 0))
  }

  @Test func `a stop places its order when its trigger is reached, and is finished with it`()
    async throws
  {
    let bench = await BinanceBench()
    try await bench.place()
    let stop = try await bench.call(
      "POST", "v1/algoOrder", Self.algo([("reduceOnly", "true"), ("clientAlgoId", "stop-1")]))
    let number = try stop.integer("algoId")
    #expect(stop["algoStatus"] == "NEW" && stop["orderType"] == "STOP_MARKET")
    await bench.move(to: "63000.1")
    #expect(try await status(bench, number) == "NEW")
    await bench.move(to: "63000")
    #expect(try await status(bench, number) == "FINISHED")
    let done = try await bench.call("GET", "v1/algoOrder", "clientAlgoId=stop-1")
    #expect(done["actualType"] == "MARKET" && done["actualQty"] == "0.100")
    let query = "symbol=BTCUSDT&orderId=\(try done.string("actualOrderId"))"
    #expect(try await bench.call("GET", "v1/order", query)["clientOrderId"] == "stop-1")
    #expect(try await bench.call("GET", "v3/positionRisk").array().isEmpty)
  }

  @Test func `one that closes the position takes whatever there is`() async throws {
    let bench = await BinanceBench()
    try await bench.place()
    let closing = Self.algo([("closePosition", "true"), ("quantity", nil)])
    let number = try await bench.call("POST", "v1/algoOrder", closing).integer("algoId")
    #expect(try await bench.code("POST", "v1/algoOrder", closing) == -4130)
    try await bench.place([("quantity", "0.15")])
    await bench.move(to: "62999")
    #expect(try await bench.call("GET", "v3/positionRisk").array().isEmpty)
    #expect(try await bench.call("GET", "v1/algoOrder", "algoId=\(number)")["actualQty"] == "0.250")
  }

  @Test func `without a position a reducing one expires`() async throws {
    let bench = await BinanceBench()
    let number = try await bench.call(
      "POST", "v1/algoOrder", Self.algo([("reduceOnly", "true")])
    ).integer("algoId")
    await bench.move(to: "62999")
    #expect(try await status(bench, number) == "EXPIRED")
    let dear = try await bench.call(
      "POST", "v1/algoOrder", Self.algo([("quantity", "500"), ("triggerPrice", "62000")])
    ).integer("algoId")
    await bench.move(to: "61999")
    #expect(try await status(bench, dear) == "REJECTED")
  }

  @Test func `a trailing stop follows the best price from its activation on`() async throws {
    let bench = await BinanceBench()
    try await bench.place()
    let number = try await bench.call(
      "POST", "v1/algoOrder",
      Self.algo([
        ("type", "TRAILING_STOP_MARKET"), ("triggerPrice", nil), ("callbackRate", "1"),
        ("activatePrice", "65000"), ("reduceOnly", "true"),
      ])
    ).integer("algoId")
    // Not active yet: a fall does nothing.
    await bench.move(to: "63000")
    for price in ["65000", "66000", "65340.1"] as [Price] { await bench.move(to: price) }
    #expect(try await status(bench, number) == "NEW")
    await bench.move(to: "65340")
    #expect(try await status(bench, number) == "FINISHED")
  }

  @Test func `a trigger at the mark price does not hear trades`() async throws {
    let bench = await BinanceBench()
    let number = try await bench.call(
      "POST", "v1/algoOrder", Self.algo([("workingType", "MARK_PRICE")])
    ).integer("algoId")
    bench.market.happen(
      .trade(
        Trade(
          venue: .binance, symbol: "BTCUSDT", price: "62000", quantity: "1", aggressor: .sell,
          time: bench.clock.now)))
    await bench.exchange.advance()
    #expect(try await status(bench, number) == "NEW")
    await bench.move(to: "62999")
    #expect(try await status(bench, number) == "FINISHED")
  }

  @Test func `conditional orders are cancelled one by one or all at once`() async throws {
    let bench = await BinanceBench()
    for price in ["63000", "62000", "61000"] {
      #expect(
        try await bench.code("POST", "v1/algoOrder", Self.algo([("triggerPrice", price)])) == 0)
    }
    let first = try await bench.call("GET", "v1/openAlgoOrders", "symbol=BTCUSDT")
      .integer(0, "algoId")
    #expect(try await bench.call("DELETE", "v1/algoOrder", "algoId=\(first)")["code"] == "200")
    #expect(try await bench.code("DELETE", "v1/algoOrder", "algoId=\(first)") == -2011)
    #expect(try await bench.code("GET", "v1/algoOrder", "algoId=7") == -2013)
    #expect(try await bench.call("DELETE", "v1/algoOpenOrders", "symbol=BTCUSDT")["code"] == 200)
    let all = try await bench.call("GET", "v1/allAlgoOrders", "symbol=BTCUSDT").array()
    #expect(all.map { $0["algoStatus"] } == ["CANCELED", "CANCELED", "CANCELED"])
  }
}
