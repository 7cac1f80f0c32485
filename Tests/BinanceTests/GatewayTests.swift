import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

/// Orders and their protection.
struct GatewayTests {
  private let bench: RESTBench
  private var http: ScriptedHTTP { bench.http }
  private var rest: BinanceREST { bench.rest }

  init() throws { bench = try RESTBench() }

  @Test func `an entry is sent, then its stop and its target as algo orders`() async throws {
    http.on("POST /fapi/v1/order", .json(RESTBench.order()))
    http.on("POST /fapi/v1/algoOrder", .json(RESTBench.algo(1)))
    let id = try await rest.place(.entry(stop: "62000.5", target: "70000"))
    #expect(id == "7")
    #expect(
      http.lines.map { $0.split(separator: "&clientAlgoId").first.map(String.init) } == [
        "POST /fapi/v1/order symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1&newClientOrderId=liq-a-1",
        "POST /fapi/v1/algoOrder algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=STOP_MARKET"
          + "&triggerPrice=62000.5&workingType=CONTRACT_PRICE&closePosition=true",
        "POST /fapi/v1/algoOrder algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL"
          + "&type=TAKE_PROFIT_MARKET&triggerPrice=70000&workingType=CONTRACT_PRICE"
          + "&closePosition=true",
      ])
  }

  @Test func `a stop by the index is refused here: Binance knows none`() async throws {
    let change = ProtectionChange(
      key: PositionKey("BTCUSDT"), side: .long, stop: "60000", target: nil, trigger: .index)
    let error = await bench.error { () async throws(VenueError) in try await rest.protect(change) }
    guard case .rejected(let rejection)? = error else {
      Issue.record("taken")
      return
    }
    #expect(rejection.code == -1130 && http.lines.isEmpty)
  }

  @Test func `a stop that is refused does not undo the entry`() async throws {
    http.on("POST /fapi/v1/order", .json(RESTBench.order()))
    http.on("POST /fapi/v1/algoOrder", .refused(-4509))
    #expect(try await rest.place(.entry(stop: "62000")) == "7")
  }

  @Test func `an entry that is refused gets no stop`() async throws {
    http.on("POST /fapi/v1/order", .refused(-2019))
    _ = await bench.error { () async throws(VenueError) in
      _ = try await rest.place(.entry(stop: "62000"))
    }
    #expect(http.lines.count == 1)
  }

  @Test func `closing orders are reduce-only, but in hedge mode, where the slot says so`()
    async throws
  {
    http.on("POST /fapi/v1/order", .json(RESTBench.order()))
    _ = try await rest.place(.entry(id: "risk-a-2", side: .sell, reduceOnly: true))
    _ = try await rest.place(
      .entry(id: "risk-a-3", slot: .hedgeLong, side: .sell, reduceOnly: true))
    _ = try await rest.place(.entry(kind: .limit("64000.1", .postOnly)))
    #expect(
      http.lines.map { String($0.dropFirst(35)) } == [
        "side=SELL&type=MARKET&quantity=0.1&reduceOnly=true&newClientOrderId=risk-a-2",
        "side=SELL&positionSide=LONG&type=MARKET&quantity=0.1&newClientOrderId=risk-a-3",
        "side=BUY&type=LIMIT&timeInForce=GTX&price=64000.1&quantity=0.1&newClientOrderId=liq-a-1",
      ])
  }

  private let change = ProtectionChange(
    key: PositionKey("BTCUSDT"), side: .long, stop: "61000", target: nil)

  @Test func `a new stop rests before the old one goes`() async throws {
    http.on("GET /fapi/v1/openAlgoOrders", .json("[\(RESTBench.algo(4))]"))
    http.on("POST /fapi/v1/algoOrder", .json(RESTBench.algo(5, trigger: "61000")))
    http.on("DELETE /fapi/v1/algoOrder", .json(#"{"algoId":4,"code":"200","msg":"success"}"#))
    try await rest.protect(change)
    #expect(
      http.lines.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
        "GET /fapi/v1/openAlgoOrders", "POST /fapi/v1/algoOrder", "DELETE /fapi/v1/algoOrder",
      ])
    #expect(http.lines.last == "DELETE /fapi/v1/algoOrder symbol=BTCUSDT&algoId=4")
  }

  @Test func `a new stop that is refused leaves the old one`() async throws {
    http.on("GET /fapi/v1/openAlgoOrders", .json("[\(RESTBench.algo(4))]"))
    http.on("POST /fapi/v1/algoOrder", .refused(-2021))
    let error = await bench.error { () async throws(VenueError) in try await rest.protect(change) }
    guard case .rejected(let rejection)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(rejection.meaning == .triggerPassed)
    #expect(!http.lines.contains { $0.hasPrefix("DELETE") })
  }

  @Test func `a stop that stands already is left alone, and doubles of it go`() async throws {
    http.on(
      "GET /fapi/v1/openAlgoOrders",
      .json("[\(RESTBench.algo(4, trigger: "61000.00")),\(RESTBench.algo(5, trigger: "60000"))]"))
    http.on("DELETE /fapi/v1/algoOrder", .json("{}"))
    try await rest.protect(change)
    #expect(http.lines.dropFirst() == ["DELETE /fapi/v1/algoOrder symbol=BTCUSDT&algoId=5"])
  }

  @Test func `partial targets, trailing stops and the other slot are none of a change`()
    async throws
  {
    http.on(
      "GET /fapi/v1/openAlgoOrders",
      .json(
        "[\(RESTBench.algo(4, client: "x", closes: false, quantity: "0.01")),"
          + "\(RESTBench.algo(5, client: "x", type: "TRAILING_STOP_MARKET")),"
          + "\(RESTBench.algo(6, client: "x", side: "BUY"))]"))
    http.on("POST /fapi/v1/algoOrder", .json(RESTBench.algo(7)))
    try await rest.protect(change)
    #expect(!http.lines.contains { $0.hasPrefix("DELETE") })
  }

  @Test func `where one order alone may close the position, another covers the change`()
    async throws
  {
    http.on("GET /fapi/v1/openAlgoOrders", .json("[\(RESTBench.algo(4))]"))
    http.on(
      "POST /fapi/v1/algoOrder", .refused(-4130),
      .json(RESTBench.algo(5, closes: false, quantity: "0.1")), .json(RESTBench.algo(6)))
    http.on("GET /fapi/v3/positionRisk", .json("[\(RESTBench.position("0.1"))]"))
    http.on("GET /fapi/v1/symbolConfig", .json(RESTBench.config()))
    http.on("DELETE /fapi/v1/algoOrder", .json("{}"))
    try await rest.protect(change)
    let deeds = http.lines.filter { !$0.hasPrefix("GET") }.map { line in
      line.hasPrefix("DELETE")
        ? "cancel \(line.split(separator: "algoId=").last ?? "")"
        : line.contains("closePosition=true") ? "close position" : "reduce only"
    }
    #expect(deeds == ["close position", "reduce only", "cancel 4", "close position", "cancel 5"])
  }

  @Test func `an order is cancelled where it lives, and one that is gone is success`() async throws
  {
    http.on("DELETE /fapi/v1/order", .refused(-2011, "Unknown order sent."))
    http.on("DELETE /fapi/v1/algoOrder", .refused(-2011))
    try await rest.cancel(OrderReference(symbol: "BTCUSDT", id: ClientOrderID("liq-a-1")))
    try await rest.cancel(OrderReference(symbol: "BTCUSDT", venueID: "77"))
    try await rest.cancel(OrderReference(symbol: "BTCUSDT", venueID: "algo-78"))
    try await rest.cancel(OrderReference(symbol: "BTCUSDT", id: ClientOrderID("qds-x-1")))
    #expect(
      http.lines == [
        "DELETE /fapi/v1/order symbol=BTCUSDT&origClientOrderId=liq-a-1",
        "DELETE /fapi/v1/order symbol=BTCUSDT&orderId=77",
        "DELETE /fapi/v1/algoOrder symbol=BTCUSDT&algoId=78",
        "DELETE /fapi/v1/algoOrder symbol=BTCUSDT&clientAlgoId=qds-x-1",
      ])
  }

  @Test func `all orders go but those that guard a position`() async throws {
    http.on(
      "GET /fapi/v1/openOrders",
      .json("[\(RESTBench.order()),\(RESTBench.order(8, symbol: "ETHUSDT"))]"))
    http.on(
      "GET /fapi/v1/openAlgoOrders",
      .json(
        "[\(RESTBench.algo(1)),\(RESTBench.algo(2, client: "x", closes: false, quantity: "1"))]"))
    for path in ["allOpenOrders", "algoOpenOrders", "algoOrder"] {
      http.on("DELETE /fapi/v1/\(path)", .json(#"{"code":200,"msg":"done"}"#))
    }
    #expect(try await rest.cancelAll(symbol: nil, keepingProtection: true) == 2)
    #expect(
      http.lines.filter { $0.hasPrefix("DELETE") }.sorted() == [
        "DELETE /fapi/v1/allOpenOrders symbol=BTCUSDT",
        "DELETE /fapi/v1/allOpenOrders symbol=ETHUSDT",
      ])
    #expect(try await rest.cancelAll(symbol: nil, keepingProtection: false) == 4)
    #expect(http.lines.count { $0 == "DELETE /fapi/v1/algoOpenOrders symbol=BTCUSDT" } == 1)
  }

  @Test func `orders of one symbol go even when they can't be listed`() async throws {
    for path in ["allOpenOrders", "algoOpenOrders"] {
      http.on("DELETE /fapi/v1/\(path)", .json(#"{"code":200,"msg":"done"}"#))
    }
    #expect(try await rest.cancelAll(symbol: "BTCUSDT", keepingProtection: false) == 0)
    #expect(http.lines.count { $0.hasPrefix("DELETE") } == 2)
  }

  @Test func `settings that stand are success`() async throws {
    http.on("POST /fapi/v1/marginType", .refused(-4046, "No need to change margin type."))
    http.on(
      "POST /fapi/v1/leverage",
      .json(#"{"leverage":21,"maxNotionalValue":"1000000","symbol":"BTCUSDT"}"#))
    try await rest.setIsolatedMargin(for: "BTCUSDT")
    try await rest.setLeverage(.times(21), for: "BTCUSDT")
    #expect(
      http.lines == [
        "POST /fapi/v1/marginType symbol=BTCUSDT&marginType=ISOLATED",
        "POST /fapi/v1/leverage symbol=BTCUSDT&leverage=21",
      ])
    let error = await bench.error { () async throws(VenueError) in
      try await rest.setLeverage("2.5", for: "BTCUSDT")
    }
    #expect(error?.orderMayExist == false && http.lines.count == 2)
  }

  @Test func `a batch tells what became of each order`() async throws {
    http.on(
      "POST /fapi/v1/batchOrders",
      .json(#"[\#(RESTBench.order()),{"code":-2022,"msg":"ReduceOnly Order is rejected."}]"#))
    let results = try await rest.placeBatch([.entry(), .entry(id: "liq-a-2", reduceOnly: true)])
    #expect(try results[0].get().venueID == "7")
    guard case .failure(.rejected(let rejection)) = results[1] else {
      Issue.record("\(results[1])")
      return
    }
    #expect(rejection.meaning == .reduceOnlyRefused)
  }

  @Test func `a resting order is amended with both price and quantity`() async throws {
    http.on("PUT /fapi/v1/order", .json(RESTBench.order(type: "LIMIT")))
    _ = try await rest.amend(
      OrderReference(symbol: "BTCUSDT", id: ClientOrderID("liq-a-1")), side: .buy, quantity: "0.2",
      price: "63000")
    #expect(
      http.lines == [
        "PUT /fapi/v1/order symbol=BTCUSDT&origClientOrderId=liq-a-1&side=BUY&quantity=0.2&price=63000"
      ])
  }
}
