import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

/// Orders over the trade stream of the loopback Bybit, over real sockets.
@Suite(.timeLimit(.minutes(1)))
struct BybitTradeStreamTests {
  private func trading(
    _ body: (VenueBench, StreamListener) async throws -> Void
  ) async throws {
    let bench = VenueBench()
    let streams = await BybitStreamServer(
      bench.exchange, clock: bench.clock, faults: bench.faults, transcript: bench.transcript,
      server: bench.bybit)
    try await StreamListener.serve(streams) { address in
      let listener = try await StreamListener("\(address)/v5/trade")
      let answer = try await listener.authorise(at: bench.clock.now)
      #expect(answer["retCode"] == 0 && answer["op"] == "auth")
      try await body(bench, listener)
    }
  }

  private func request(
    _ bench: VenueBench, _ operation: String = "order.create", id: String? = nil,
    ahead: Int64 = 0, order: JSONObject = VenueBench.order()
  ) -> JSONValue {
    var request: JSONObject = [
      "header": ["X-BAPI-TIMESTAMP": .integer(bench.clock.now.milliseconds + ahead)],
      "op": .string(operation), "args": [.object(order)],
    ]
    if let id { request["reqId"] = .string(id) }
    return .object(request)
  }

  @Test func `an order is placed, amended and cancelled, each answered with its id`() async throws {
    try await trading { bench, listener in
      let order = VenueBench.order([
        "orderType": "Limit", "price": "60000", "orderLinkId": "mine",
      ])
      let placed = try await listener.ask(request(bench, id: "1", order: order))
      #expect(placed["retCode"] == 0 && placed["reqId"] == "1" && placed["op"] == "order.create")
      #expect(placed["data"]?["orderLinkId"] == "mine")
      #expect(placed["header"]?["X-Bapi-Limit-Status"] == "9")
      let change: JSONObject = [
        "category": "linear", "symbol": "BTCUSDT", "orderLinkId": "mine", "price": "59000",
      ]
      let amended = try await listener.ask(request(bench, "order.amend", id: "2", order: change))
      #expect(amended["retCode"] == 0)
      let gone: JSONObject = [
        "category": "linear", "symbol": "BTCUSDT", "orderLinkId": "mine",
      ]
      for expected in [0, 110001] as [Int64] {
        let answer = try await listener.ask(request(bench, "order.cancel", order: gone))
        #expect(answer["retCode"] == .integer(expected) && answer["reqId"] == nil)
      }
    }
  }

  @Test func `a batch is answered like that of the other interface`() async throws {
    try await trading { bench, listener in
      let orders: [JSONValue] = ["60000", "60000.05"].map { price in
        .object(VenueBench.order(["orderType": "Limit", "price": .string(price)]))
      }
      let answer = try await listener.ask(
        request(
          bench, "order.create-batch", order: ["category": "linear", "request": .array(orders)]))
      #expect(answer["retCode"] == 0)
      #expect(answer["retExtInfo"]?["list"]?[1]?["code"] == 110003)
      #expect(answer["data"]?["list"]?[1]?["orderId"] == "")
    }
  }

  @Test func `what is out of place has its own code`() async throws {
    try await trading { bench, listener in
      let cases: [(JSONValue, Int64)] = [
        (request(bench, id: "same"), 0), (request(bench, id: "same"), 20006),
        (request(bench, "order.nothing"), 10404),
        (request(bench, order: VenueBench.order(["category": "option"])), 10404),
        (request(bench, ahead: -5_001), 10002), (request(bench, ahead: 1_000), 10002),
        (request(bench, id: String(repeating: "x", count: 37)), 10001),
        (["op": "order.create", "args": [.object(VenueBench.order())]], 10001),
      ]
      for (question, code) in cases {
        let answer = try await listener.ask(question)
        #expect(answer["retCode"] == .integer(code), "\(question.text)")
      }
      let again = try await listener.authorise(at: bench.clock.now)
      #expect(again["retCode"] == 20001)
      let pong = try await listener.ask(["op": "ping"])
      #expect(pong["op"] == "pong" && pong["data"]?[0] != nil)
    }
  }

  @Test func `who has not signed in does not trade`() async throws {
    let bench = VenueBench()
    let streams = await BybitStreamServer(
      bench.exchange, clock: bench.clock, faults: bench.faults, transcript: bench.transcript)
    try await StreamListener.serve(streams) { address in
      let listener = try await StreamListener("\(address)/v5/trade")
      let answer = try await listener.ask(request(bench))
      #expect(answer["retCode"] == 10003)
      let refused = try await listener.authorise(at: bench.clock.now, secret: "wrong")
      #expect(refused["retCode"] == 10004)
      #expect(await listener.socket.ended() == .closed(code: 1000, reason: ""))
    }
  }

  @Test func `both interfaces share the limit of the second`() async throws {
    try await trading { bench, listener in
      for _ in 1...10 {
        _ = try await bench.post("order/create", VenueBench.order(["qty": "0.001"]))
      }
      let answer = try await listener.ask(request(bench))
      #expect(answer["retCode"] == 10006)
      let reset = answer["header"]?["X-Bapi-Limit-Reset-Timestamp"]?.stringValue ?? ""
      #expect(Int64(reset) ?? 0 > bench.clock.now.milliseconds)
    }
  }

  @Test(arguments: [true, false])
  func `an answer gets lost, whether or not the order was carried out`(
    executed: Bool
  ) async throws {
    try await trading { bench, listener in
      bench.faults.add(
        FaultRule(
          service: "bybit_stream", endpoint: "order.create",
          Fault("lose", ["executed": .bool(executed)])))
      try listener.say(request(bench, id: "lost"))
      let next = try await listener.ask(["op": "ping"])
      #expect(next["op"] == "pong")
      let open = try await bench.rows("position/list", "category=linear&settleCoin=USDT")
      #expect(open.count == (executed ? 1 : 0))
    }
  }

  @Test func `any code of the reference is had on request`() async throws {
    try await trading { bench, listener in
      bench.faults.add(
        FaultRule(
          service: "bybit_stream", endpoint: "order.create",
          Fault("reject", ["code": 110079]), skip: 1))
      var codes: [JSONValue?] = []
      for _ in 1...3 { codes.append(try await listener.ask(request(bench))["retCode"]) }
      #expect(codes == [0, 110079, 0])
    }
  }
}
