import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

/// Amending, batches, pre-checks, and what was closed.
struct BybitBatchTests {
  private let bench = VenueBench()

  private static func resting(_ link: String, _ changes: JSONObject = [:]) -> JSONObject {
    var order = VenueBench.order(["orderType": "Limit", "price": "60000"])
    order["orderLinkId"] = .string(link)
    order["category"] = nil
    for field in changes.fields { order[field.key] = field.value }
    return order
  }

  private func batch(_ path: String, _ orders: [JSONObject]) async throws -> JSONValue {
    try await bench.post(
      path, ["category": "linear", "request": .array(orders.map { .object($0) })])
  }

  @Test func `orders of a batch fail alone`() async throws {
    let answer = try await batch(
      "order/create-batch",
      [Self.resting("a"), Self.resting("b", ["qty": "0.00005"]), Self.resting("a")])
    #expect(try answer.integer("retCode") == 0)
    let codes = try answer.array("retExtInfo", "list").map { try $0.integer("code") }
    #expect(codes == [0, 10001, 110072])
    let rows = try answer.array("result", "list")
    #expect(try rows[0].string("orderId") != "" && rows[0].string("createAt") != "")
    #expect(try rows[1].string("orderId") == "" && rows[1].string("createAt") == "")
    #expect(try rows.map { try $0.string("orderLinkId") } == ["a", "b", "a"])
    let open = try await bench.rows("order/realtime", "category=linear&symbol=BTCUSDT")
    #expect(try open.map { try $0.string("orderLinkId") } == ["a"])
  }

  @Test func `what is over the limit of the second fails item by item`() async throws {
    let orders = (1...12).map { Self.resting("n-\($0)") }
    let answer = try await batch("order/create-batch", orders)
    let codes = try answer.array("retExtInfo", "list").map { try $0.integer("code") }
    #expect(codes == Array(repeating: 0, count: 10) + [10006, 10006])
    #expect(try await batch("order/create-batch", orders).integer("retCode") == 10006)
    // Single orders have a counter of their own.
    #expect(try await bench.code("order/create", VenueBench.order()) == 0)
  }

  @Test func `a batch is amended and cancelled by either id`() async throws {
    _ = try await batch("order/create-batch", [Self.resting("a"), Self.resting("b")])
    let amended = try await batch(
      "order/amend-batch",
      [
        ["symbol": "BTCUSDT", "orderLinkId": "a", "price": "59000"],
        ["symbol": "BTCUSDT", "orderLinkId": "nobody", "price": "59000"],
      ])
    let codes = try amended.array("retExtInfo", "list").map { try $0.integer("code") }
    #expect(codes == [0, 110001])
    let row = try await bench.rows("order/realtime", "category=linear&orderLinkId=a")[0]
    #expect(try row.string("price") == "59000.00")
    let cancelled = try await batch(
      "order/cancel-batch",
      [
        ["symbol": "BTCUSDT", "orderId": .string(try row.string("orderId"))],
        ["symbol": "BTCUSDT", "orderLinkId": "b"],
      ])
    #expect(
      try cancelled.array("retExtInfo", "list").map { try $0.integer("code") } == [0, 0])
    #expect(try await bench.rows("order/realtime", "category=linear&symbol=BTCUSDT").isEmpty)
  }

  @Test func `an empty batch and one of more than twenty are refused`() async throws {
    #expect(try await batch("order/create-batch", []).integer("retCode") == 10001)
    let many = (1...21).map { Self.resting("n-\($0)") }
    #expect(try await batch("order/create-batch", many).integer("retCode") == 10001)
  }

  @Test(
    arguments: [
      (["qty": "0.2"], 0), (["price": "61000.05"], 110003), (["orderLinkId": "nobody"], 110001),
      (["qty": "0.1005"], 10001), (["qty": .null, "price": "61000"], 0),
    ] as [(JSONObject, Int64)])
  func `an amendment is taken or refused with the venue's own code`(
    changes: JSONObject, expected: Int64
  ) async throws {
    var order = Self.resting("a")
    order["category"] = "linear"
    _ = try await bench.post("order/create", order)
    var amendment: JSONObject = [
      "category": "linear", "symbol": "BTCUSDT", "orderLinkId": "a",
    ]
    for field in changes.fields { amendment[field.key] = field.value }
    #expect(try await bench.code("order/amend", amendment) == expected)
  }

  @Test func `a pre-check tells the margin after an order that is not placed`() async throws {
    #expect(
      try await bench.code("account/set-margin-mode", ["setMarginMode": "REGULAR_MARGIN"]) == 0)
    let answer = try await bench.post("order/pre-check", VenueBench.order())
    #expect(try answer.integer("result", "preImrE4") == 0)
    #expect(try answer.integer("result", "postImrE4") > 600)
    let poor = try await bench.post("order/pre-check", VenueBench.order(["qty": "100"]))
    #expect(try poor.integer("retCode") == 110007)
    #expect(try poor.string("retExtInfo", "future_order_id") == "")
    #expect(try await bench.rows("position/list", "category=linear&settleCoin=USDT").isEmpty)
  }

  @Test func `partial stops and a trailing stop wait as children of the position`() async throws {
    _ = try await bench.post("order/create", VenueBench.order())
    let stop: JSONObject = [
      "category": "linear", "symbol": "BTCUSDT", "tpslMode": "Partial", "positionIdx": 0,
      "stopLoss": "63000", "takeProfit": "66000", "slSize": "0.05", "tpSize": "0.05",
      "tpOrderType": "Limit", "tpLimitPrice": "66010",
    ]
    #expect(try await bench.code("position/trading-stop", stop) == 0)
    let trailing: JSONObject = [
      "category": "linear", "symbol": "BTCUSDT", "tpslMode": "Full", "positionIdx": 0,
      "trailingStop": "500", "activePrice": "65000",
    ]
    #expect(try await bench.code("position/trading-stop", trailing) == 0)
    let rows = try await bench.rows("order/realtime", "category=linear&symbol=BTCUSDT")
    #expect(
      try Set(rows.map { try $0.string("stopOrderType") })
        == ["PartialStopLoss", "PartialTakeProfit", "TrailingStop"])
    let target = try #require(rows.first { $0["stopOrderType"] == "PartialTakeProfit" })
    #expect(try target.string("orderType") == "Limit" && target.string("price") == "66010.00")
    #expect(try target.string("tpslMode") == "Partial")
    let position = try await bench.rows("position/list", "category=linear&symbol=BTCUSDT")[0]
    #expect(try position.string("trailingStop") == "500.00")
    var unequal = stop
    unequal["slSize"] = "0.01"
    #expect(try await bench.code("position/trading-stop", unequal) == 10001)
  }

  @Test func `what an order closed is told with its profit after fees`() async throws {
    _ = try await bench.post("order/create", VenueBench.order())
    await bench.exchange.jump(["BTCUSDT"], by: .percent(1))
    _ = try await bench.post(
      "order/create", VenueBench.order(["side": "Sell", "reduceOnly": true]))
    let row = try await bench.rows("position/closed-pnl", "category=linear&symbol=BTCUSDT")[0]
    #expect(try row.string("side") == "Sell" && row.string("closedSize") == "0.100")
    #expect(try row.string("cumEntryValue") == "6400" && row.string("cumExitValue") == "6464")
    let fees = try (Notional(row.string("openFee")), Notional(row.string("closeFee")))
    #expect(try Notional(row.string("closedPnl")) == .usdt(64) - fees.0 - fees.1)
  }

  @Test func `margin is moved by hand and by itself`() async throws {
    let leverage: JSONObject = [
      "category": "linear", "symbol": "BTCUSDT", "buyLeverage": "50", "sellLeverage": "50",
    ]
    _ = try await bench.post("position/set-leverage", leverage)
    _ = try await bench.post("order/create", VenueBench.order())
    let body: JSONObject = [
      "category": "linear", "symbol": "BTCUSDT", "positionIdx": 0, "margin": "10.5",
    ]
    let added = try await bench.post("position/add-margin", body)
    #expect(try added.string("result", "positionBalance") == "138.5")
    _ = try await bench.post(
      "position/set-auto-add-margin",
      ["category": "linear", "symbol": "BTCUSDT", "positionIdx": 0, "autoAddMargin": 1])
    await bench.exchange.jump(["BTCUSDT"], by: Ratio(uncheckedCount: -1_200_000))
    let row = try await bench.rows("position/list", "category=linear&symbol=BTCUSDT")[0]
    #expect(try row.string("size") == "0.100" && row.integer("autoAddMargin") == 1)
    #expect(try row.string("positionBalance") == "266.5")
  }
}

/// The ledger of the loopback Bybit, and funding.
struct BybitLedgerTests {
  private let bench = VenueBench()

  @Test func `each change of the wallet is a row, and the newest balance is the wallet's`()
    async throws
  {
    _ = try await bench.post("order/create", VenueBench.order())
    await bench.exchange.jump(["BTCUSDT"], by: .percent(1))
    _ = try await bench.post(
      "order/create", VenueBench.order(["side": "Sell", "reduceOnly": true]))
    try await bench.exchange.transfer(.usdt(-100))
    let rows = try await bench.rows("account/transaction-log", "accountType=UNIFIED")
    #expect(try rows.map { try $0.string("type") } == ["TRANSFER_OUT", "TRADE", "TRADE"])
    let wallet = try await bench.rows("account/wallet-balance", "accountType=UNIFIED")[0]
    #expect(try rows[0].string("cashBalance") == wallet.string("totalWalletBalance"))
    #expect(try rows[1].string("cashFlow") == "64")
    for row in rows {
      let parts = try (
        Notional(row.string("cashFlow")), Notional(row.string("fee")),
        Notional(row.string("change"))
      )
      #expect(parts.2 == parts.0 - parts.1)
    }
    let contracts = try await bench.rows("account/transaction-log", "category=linear&limit=1")
    #expect(try contracts.map { try $0.string("side") } == ["Sell"])
    let cursor = try await bench.get("account/transaction-log", "category=linear&limit=1")
      .string("result", "nextPageCursor")
    let next = try await bench.rows(
      "account/transaction-log", "category=linear&limit=1&cursor=\(cursor)")
    #expect(try next.map { try $0.string("side") } == ["Buy"])
  }

  @Test func `funding stands among the executions, what was paid above zero`() async throws {
    await bench.exchange.jump(["BTCUSDT"], by: .zero)
    _ = try await bench.post("order/create", VenueBench.order())
    bench.time.advance(by: .hours(8))
    await bench.exchange.jump(["BTCUSDT"], by: .zero)
    let rows = try await bench.rows(
      "execution/list", "category=linear&symbol=BTCUSDT&execType=Funding")
    #expect(try rows.map { try $0.string("execFee") } == ["0.64"])
    #expect(try rows.map { try $0.string("side") } == ["Buy"])
    #expect(try await bench.rows("execution/list", "category=linear&symbol=BTCUSDT").count == 2)
    let logged = try await bench.rows("account/transaction-log", "type=SETTLEMENT")
    #expect(try logged.map { try $0.string("funding") } == ["-0.64"])
  }
}
