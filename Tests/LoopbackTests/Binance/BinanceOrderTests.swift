import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// Orders through the REST interface of the loopback Binance.
struct BinanceOrderTests {
  @Test(
    arguments: [
      ([("symbol", "NOSUCH")], -1121), ([("symbol", nil)], -1102), ([("side", "LONG")], -1117),
      ([("type", "DANCE")], -1116), ([("type", "STOP_MARKET")], -4120),
      ([("type", "TRAILING_STOP_MARKET")], -4120), ([("quantity", nil)], -1102),
      ([("quantity", "abc")], -1100), ([("quantity", "0.1005")], -1111),
      ([("quantity", "0")], -4003), ([("quantity", "0.0001")], -1111),
      ([("quantity", "5000")], -4005), ([("price", "64000")], -1106),
      ([("type", "LIMIT"), ("price", "64000")], -1102),
      ([("type", "LIMIT"), ("timeInForce", "GTC")], -1102),
      ([("type", "LIMIT"), ("timeInForce", "NOW"), ("price", "64000")], -1115),
      ([("type", "LIMIT"), ("timeInForce", "GTC"), ("price", "63000.05")], -4014),
      ([("type", "LIMIT"), ("timeInForce", "GTC"), ("price", "63000.123")], -1111),
      ([("type", "LIMIT"), ("timeInForce", "GTC"), ("price", "-1")], -4001),
      ([("type", "LIMIT"), ("timeInForce", "GTC"), ("price", "70000")], -4016),
      ([("type", "LIMIT"), ("timeInForce", "GTC"), ("price", "60000"), ("side", "SELL")], -4024),
      ([("type", "LIMIT"), ("timeInForce", "GTX"), ("price", "64500")], -5022),
      ([("type", "LIMIT"), ("timeInForce", "FOK"), ("price", "63000")], -5021),
      ([("type", "LIMIT"), ("timeInForce", "GTD"), ("price", "63000")], -1102),
      (
        [("type", "LIMIT"), ("timeInForce", "GTC"), ("price", "4000"), ("quantity", "0.001")], -4164
      ),
      ([("positionSide", "LONG")], -4061), ([("positionSide", "UP")], -1130),
      ([("reduceOnly", "true")], -2022), ([("reduceOnly", "maybe")], -1130),
      ([("newClientOrderId", "no blanks,please")], -4015),
      ([("newClientOrderId", "1234567890123456789012345678901234567")], -4015),
      ([("quantity", "400")], -2019), ([("newOrderRespType", "FULL")], -1130), ([], 0),
    ] as [([(String, String?)], Int64)])
  func `an order is refused with the venue's own code`(
    changes: [(String, String?)], expected: Int64
  ) async throws {
    let bench = await BinanceBench()
    let query = BinanceBench.order(changes).replacing(" ", with: "%20").replacing(",", with: "%2C")
    #expect(try await bench.code("POST", "v1/order", query) == expected)
    let positions = try await bench.call("GET", "v3/positionRisk").array()
    #expect(positions.count == (expected == 0 ? 1 : 0))
  }

  @Test func `an acknowledgement knows nothing yet, a result everything`() async throws {
    let bench = await BinanceBench()
    let first = try await bench.call("POST", "v1/order", BinanceBench.order())
    #expect(first["status"] == "NEW" && first["executedQty"] == "0.000")
    let second = try await bench.place()
    #expect(second["status"] == "FILLED" && second["avgPrice"] == "64000.00")
    #expect(try second.integer("orderId") > first.integer("orderId"))
    let fills = try await bench.call("GET", "v1/userTrades", "symbol=BTCUSDT").array()
    #expect(
      try fills.map { try $0.integer("orderId") } == [
        try first.integer("orderId"), try second.integer("orderId"),
      ])
    #expect(fills[0]["commission"] == "3.20000000" && fills[0]["maker"] == false)
  }

  private static let resting: [(String, String?)] = [
    ("type", "LIMIT"), ("timeInForce", "GTC"), ("price", "63000"), ("newClientOrderId", "mine-1"),
  ]

  @Test func `an id is used once at a time, and again when its order has ended`() async throws {
    let bench = await BinanceBench()
    try await bench.place(Self.resting)
    #expect(try await bench.code("POST", "v1/order", BinanceBench.order(Self.resting)) == -4116)
    let gone = "symbol=BTCUSDT&origClientOrderId=mine-1"
    #expect(try await bench.call("DELETE", "v1/order", gone)["status"] == "CANCELED")
    #expect(try await bench.code("DELETE", "v1/order", gone) == -2011)
    #expect(try await bench.code("GET", "v1/openOrder", gone) == -2013)
    #expect(try await bench.call("GET", "v1/order", gone)["status"] == "CANCELED")
    #expect(try await bench.code("POST", "v1/order", BinanceBench.order(Self.resting)) == 0)
    #expect(try await bench.code("GET", "v1/order", "symbol=BTCUSDT") == -1102)
  }

  @Test func `a cancelled order is forgotten after three days`() async throws {
    let bench = await BinanceBench()
    let order = try await bench.place(Self.resting)
    let query = "symbol=BTCUSDT&orderId=\(try order.integer("orderId"))"
    _ = try await bench.call("DELETE", "v1/order", query)
    bench.clock.advance(by: .hours(71))
    #expect(try await bench.code("GET", "v1/order", query) == 0)
    bench.clock.advance(by: .hours(1))
    #expect(try await bench.code("GET", "v1/order", query) == -2013)
  }

  @Test func `a modified order takes both values and keeps its ids`() async throws {
    let bench = await BinanceBench()
    try await bench.place(Self.resting)
    let query = "symbol=BTCUSDT&side=BUY&origClientOrderId=mine-1"
    #expect(try await bench.code("PUT", "v1/order", "\(query)&price=62000") == -1102)
    #expect(try await bench.code("PUT", "v1/order", "\(query)&price=63000&quantity=0.1") == -5027)
    let changed = try await bench.call("PUT", "v1/order", "\(query)&price=62000&quantity=0.2")
    #expect(changed["price"] == "62000.00" && changed["origQty"] == "0.200")
    #expect(changed["clientOrderId"] == "mine-1" && changed["status"] == "NEW")
    await bench.move(to: "61900")
    let filled = try await bench.call("GET", "v1/order", "symbol=BTCUSDT&origClientOrderId=mine-1")
    #expect(filled["status"] == "FILLED" && filled["executedQty"] == "0.200")
  }

  @Test func `a batch answers for each of its orders, in order`() async throws {
    let bench = await BinanceBench()
    let orders = #"""
      [{"symbol":"BTCUSDT","side":"BUY","type":"LIMIT","timeInForce":"GTC","quantity":"0.1","price":"63000"},
      {"symbol":"BTCUSDT","side":"BUY","type":"MARKET","quantity":"0"},
      {"symbol":"ETHUSDT","side":"SELL","type":"MARKET","quantity":"1"}]
      """#
    let encoded = orders.replacing("\n", with: "").replacing("\"", with: "%22")
      .replacing("{", with: "%7B").replacing("}", with: "%7D").replacing(" ", with: "")
    let answers = try await bench.call("POST", "v1/batchOrders", "batchOrders=\(encoded)").array()
    #expect(answers.count == 3 && answers[1]["code"] == -4003)
    #expect(answers[0]["status"] == "NEW" && answers[2]["symbol"] == "ETHUSDT")
    let number = try #require(answers.first).integer("orderId")
    let cancelled = try await bench.call(
      "DELETE", "v1/batchOrders", "symbol=BTCUSDT&orderIdList=[\(number),7]"
    ).array()
    #expect(cancelled.map { $0["status"] } == ["CANCELED", nil])
    #expect(cancelled.last?["code"] == -2011)
    #expect(try await bench.code("POST", "v1/batchOrders", "batchOrders=[]") == -4082)
  }

  @Test func `all orders of a symbol go at once, and by a countdown`() async throws {
    let bench = await BinanceBench()
    for price in ["62000", "61500"] {
      try await bench.place(Self.resting.dropLast() + [("price", price)])
    }
    #expect(try await bench.call("GET", "v1/openOrders", "symbol=BTCUSDT").array().count == 2)
    #expect(try await bench.call("DELETE", "v1/allOpenOrders", "symbol=BTCUSDT")["code"] == 200)
    #expect(try await bench.call("GET", "v1/openOrders").array().isEmpty)
    try await bench.place(Self.resting)
    let countdown = "symbol=BTCUSDT&countdownTime=10000"
    #expect(
      try await bench.call("POST", "v1/countdownCancelAll", countdown)["countdownTime"] == "10000")
    bench.time.advance(by: .seconds(9))
    await bench.exchange.advance()
    #expect(try await bench.call("GET", "v1/openOrders").array().count == 1)
    bench.time.advance(by: .seconds(1))
    await bench.exchange.advance()
    #expect(try await bench.call("GET", "v1/openOrders").array().isEmpty)
  }

  @Test func `an order with a date expires, one that takes what is there expires at once`()
    async throws
  {
    let bench = await BinanceBench()
    let date = (bench.clock.now + .minutes(20)).milliseconds
    try await bench.place(Self.resting + [("timeInForce", "GTD"), ("goodTillDate", "\(date)")])
    bench.time.advance(by: .minutes(20))
    await bench.exchange.advance()
    let query = "symbol=BTCUSDT&origClientOrderId=mine-1"
    #expect(try await bench.call("GET", "v1/order", query)["status"] == "EXPIRED")
    let taking = try await bench.place(Self.resting + [("timeInForce", "IOC")])
    #expect(taking["status"] == "EXPIRED" && taking["executedQty"] == "0.000")
  }

  @Test func `a rehearsed order is checked and not placed`() async throws {
    let bench = await BinanceBench()
    #expect(try await bench.code("POST", "v1/order/test", BinanceBench.order()) == 0)
    #expect(
      try await bench.code("POST", "v1/order/test", BinanceBench.order([("quantity", "400")]))
        == -2019)
    #expect(try await bench.call("GET", "v1/allOrders", "symbol=BTCUSDT").array().isEmpty)
  }
}
