import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

/// Orders and positions through the REST interface.
struct BybitOrderTests {
  private let bench = VenueBench()

  @Test(
    arguments: [
      (["category": "spot"], 10001), (["symbol": "NOSUCHUSDT"], 10001), (["side": "buy"], 10001),
      (["orderType": "Stop"], 10001), (["qty": "abc"], 10001), (["qty": "0.1005"], 10001),
      (["qty": "0.0001"], 10001), (["qty": "1191"], 10001), (["orderType": "Limit"], 10001),
      (["orderType": "Limit", "price": "64000.05"], 110003), (["positionIdx": 1], 10001),
      (["orderLinkId": "no blanks, please"], 10001), (["reduceOnly": true], 110017),
      (["orderType": "Limit", "price": "4000", "qty": "0.001"], 110094),
      (["qty": "1100"], 110007), (["stopLoss": "64001"], 10001),
      (["triggerPrice": "63000", "triggerDirection": 1], 110092),
      (["triggerPrice": "65000", "triggerDirection": 2], 110093),
      (["triggerPrice": "65000"], 10001), ([:], 0),
      (["qty": "0.1", "price": .null, "orderLinkId": "", "stopLoss": "0", "takeProfit": ""], 0),
    ] as [(JSONObject, Int64)])
  func `an order is refused with the venue's own code`(
    changes: JSONObject, expected: Int64
  ) async throws {
    #expect(try await bench.code("order/create", VenueBench.order(changes)) == expected)
    let size = try await bench.rows("position/list", "category=linear&symbol=BTCUSDT")[0]
      .string("size")
    #expect(size == (expected == 0 ? "0.100" : "0.000"))
  }

  @Test func `an id is used once, also after its order has ended`() async throws {
    let order = VenueBench.order(["orderLinkId": "mine-1"])
    #expect(try await bench.code("order/create", order) == 0)
    #expect(try await bench.code("order/create", order) == 110072)
    let found = try await bench.rows("order/realtime", "category=linear&orderLinkId=mine-1")
    #expect(try found.map { try $0.string("orderStatus") } == ["Filled"])
  }

  @Test func `what has not changed is refused`() async throws {
    _ = try await bench.post("order/create", VenueBench.order())
    let leverage: JSONObject = [
      "category": "linear", "symbol": "BTCUSDT", "buyLeverage": "5", "sellLeverage": "5",
    ]
    let stop: JSONObject = [
      "category": "linear", "symbol": "BTCUSDT", "tpslMode": "Full", "positionIdx": 0,
      "stopLoss": "63000",
    ]
    let mode: JSONObject = ["category": "linear", "symbol": "BTCUSDT", "mode": 0]
    #expect(try await bench.code("position/set-leverage", leverage) == 0)
    #expect(try await bench.code("position/set-leverage", leverage) == 110043)
    #expect(try await bench.code("position/trading-stop", stop) == 0)
    #expect(try await bench.code("position/trading-stop", stop) == 34040)
    #expect(try await bench.code("position/switch-mode", mode) == 110025)
    #expect(
      try await bench.code("account/set-margin-mode", ["setMarginMode": "REGULAR_MARGIN"])
        == 3_400_045)
  }

  @Test func `a symbol shows its slot flat, a coin shows open positions only`() async throws {
    let flat = try await bench.rows("position/list", "category=linear&symbol=BTCUSDT")
    #expect(flat.count == 1 && flat[0]["side"] == "" && flat[0]["liqPrice"] == "")
    #expect(try await bench.rows("position/list", "category=linear&settleCoin=USDT").isEmpty)
    #expect(try await bench.get("position/list", "category=linear").integer("retCode") == 10001)

    _ = try await bench.post("order/create", VenueBench.order(["stopLoss": "63000"]))
    let open = try await bench.rows("position/list", "category=linear&settleCoin=USDT")
    #expect(open.count == 1 && open[0]["side"] == "Buy" && open[0]["avgPrice"] == "64000")
    #expect(open[0]["stopLoss"] == "63000.00" && open[0]["positionValue"] == "6400")
  }

  @Test func `an order by the index price waits for the index, and says so`() async throws {
    let trigger: JSONObject = [
      "side": "Sell", "triggerPrice": "63000", "triggerDirection": 2, "triggerBy": "IndexPrice",
    ]
    #expect(try await bench.code("order/create", VenueBench.order(trigger)) == 0)
    let waiting = try await bench.rows("order/realtime", "category=linear&symbol=BTCUSDT")
    #expect(waiting.map { $0["triggerBy"] } == ["IndexPrice"])
    func told(mark: Price, index: Price) async {
      bench.market.happen(
        .ticker(
          Ticker(
            venue: .bybit, symbol: "BTCUSDT", last: mark, mark: mark, index: index, bid: mark,
            ask: mark, time: bench.clock.now)))
      await bench.exchange.advance()
    }
    await told(mark: "62000", index: "63500")
    #expect(try await bench.rows("position/list", "category=linear&settleCoin=USDT").isEmpty)
    await told(mark: "64000", index: "63000")
    let open = try await bench.rows("position/list", "category=linear&settleCoin=USDT")
    #expect(open.map { $0["side"] } == ["Sell"])
  }

  @Test func `pages go on where the last one ended, also when its last order is gone`() async throws
  {
    for number in 1...5 {
      let limit: JSONObject = [
        "orderType": "Limit", "price": .string("\(60_000 + number)"),
        "orderLinkId": .string("order-\(number)"), "qty": "0.001",
      ]
      #expect(try await bench.code("order/create", VenueBench.order(limit)) == 0)
    }
    func page(_ cursor: String) async throws -> (links: [String], cursor: String) {
      let answer = try await bench.get(
        "order/realtime", "category=linear&settleCoin=USDT&limit=2\(cursor)")
      let links = try answer.map("result", "list") { (row) throws(JSONError) in
        try row.string("orderLinkId")
      }
      return (links, try answer.string("result", "nextPageCursor"))
    }
    let first = try await page("")
    #expect(first.links == ["order-5", "order-4"])
    let gone: JSONObject = [
      "category": "linear", "symbol": "BTCUSDT", "orderId": .null, "orderLinkId": "order-4",
    ]
    #expect(try await bench.code("order/cancel", gone) == 0)
    #expect(try await bench.code("order/cancel", gone) == 110001)
    let second = try await page("&cursor=\(first.cursor)")
    #expect(second.links == ["order-3", "order-2"])
    let last = try await page("&cursor=\(second.cursor)")
    #expect(last.links == ["order-1"] && last.cursor == "")
  }

  @Test func `contracts come page by page`() async throws {
    let first = try await bench.get("market/instruments-info", "category=linear&limit=1")
    let cursor = try first.string("result", "nextPageCursor")
    let second = try await bench.get(
      "market/instruments-info", "category=linear&limit=1&cursor=\(cursor)")
    #expect(try first.string("result", "list", 0, "symbol") == "BTCUSDT")
    #expect(try first.string("result", "list", 0, "priceFilter", "tickSize") == "0.10")
    #expect(try second.string("result", "list", 0, "symbol") == "ETHUSDT")
    #expect(try second.string("result", "nextPageCursor") == "")
  }

  @Test func `the eleventh order of a second is refused until a moment that lies ahead`()
    async throws
  {
    func create() async throws -> ServerResponse {
      let body = JSONValue.object(VenueBench.order(["qty": "0.001"])).text
      return await bench.bybit.handle(bench.signed("POST", "order/create", body: body))
    }
    func header(_ name: String, _ response: ServerResponse) -> Int64? {
      response.headers.first { $0.name == name }.flatMap { Int64($0.value) }
    }
    for left in (0...9).reversed() {
      let response = try await create()
      #expect(header("X-Bapi-Limit-Status", response) == Int64(left))
    }
    let refused = try await create()
    #expect(try JSONValue(parsing: refused.body).integer("retCode") == 10006)
    #expect(refused.status == 200)
    let reset = try #require(header("X-Bapi-Limit-Reset-Timestamp", refused))
    #expect(reset > bench.clock.now.milliseconds)
    bench.time.advance(by: Timestamp(milliseconds: reset) - bench.clock.now)
    #expect(try JSONValue(parsing: await create().body).integer("retCode") == 0)
  }

  @Test func `a rejection on request strikes the call that was meant`() async throws {
    bench.faults.add(
      FaultRule(
        service: "bybit", endpoint: "order/create",
        Fault("reject", ["code": 10006, "reason": "slow down"]), skip: 1))
    let bodies = JSONValue.object(VenueBench.order(["qty": "0.001"])).text
    var codes: [Int64] = []
    for _ in 1...3 {
      let response = await bench.bybit.handle(bench.signed("POST", "order/create", body: bodies))
      let answer = try JSONValue(parsing: response.body)
      codes.append(try answer.integer("retCode"))
      guard codes.last == 10006 else { continue }
      let reset = response.headers.first { $0.name == "X-Bapi-Limit-Reset-Timestamp" }
      #expect(Int64(reset?.value ?? "") ?? 0 > bench.clock.now.milliseconds)
    }
    #expect(codes == [0, 10006, 0])
    let size = try await bench.rows("position/list", "category=linear&symbol=BTCUSDT")[0]
    #expect(size["size"] == "0.002")
  }
}
