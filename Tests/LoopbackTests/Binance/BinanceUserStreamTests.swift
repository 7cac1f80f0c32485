import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// What the user data streams of the loopback Binance tell, and in which order.
@Suite(.timeLimit(.minutes(1)))
struct BinanceUserStreamTests {
  private func listen(_ address: String, _ path: String) async throws -> StreamListener {
    let listener = try await StreamListener(address + path)
    _ = try await listener.ask(["method": "LIST_SUBSCRIPTIONS", "id": 1])
    return listener
  }

  private func kinds(_ events: [JSONValue]) throws -> [String] {
    try events.map { event in
      let kind = try event.string("e")
      guard kind == "ORDER_TRADE_UPDATE" else { return kind }
      return try "\(event.string("o", "x")) \(event.string("o", "X"))"
    }
  }

  @Test func `an order at market is told as new, then filled, then on the account`() async throws {
    let bench = await BinanceBench()
    let key = try await bench.listenKey()
    try await bench.serve { address in
      let listener = try await listen(address, "/private/ws?listenKey=\(key)")
      try await bench.place([("newClientOrderId", "mine-1")])
      let events = try await listener.next(4)
      #expect(
        try kinds(events) == ["NEW NEW", "TRADE_LITE", "TRADE FILLED", "ACCOUNT_UPDATE"])
      let (new, fill, account) = (events[0], events[2], events[3])
      #expect(try new.at("o", "z") == "0.000" && new.string("o", "c") == "mine-1")
      #expect(new["o"]?["n"] == nil && fill["o"]?["n"] == "3.2" && fill["o"]?["er"] == "0")
      #expect(try account.string("a", "m") == "ORDER")
      #expect(try account.string("a", "B", 0, "wb") == "9996.80000000")
      #expect(try account.string("a", "P", 0, "pa") == "0.100")
      #expect(try account.string("a", "P", 0, "mt") == "cross")
    }
  }

  @Test func `a large order fills in pieces, as the book holds it`() async throws {
    let bench = await BinanceBench()
    let key = try await bench.listenKey()
    bench.market.happen(
      .ticker(
        Ticker(
          venue: .binance, symbol: "BTCUSDT", last: "64000", mark: "64000", bid: "64000",
          ask: "64000.1", time: bench.clock.now)))
    await bench.exchange.advance()
    try await bench.serve { address in
      let listener = try await listen(address, "/private/ws?listenKey=\(key)")
      let order = try await bench.place([("quantity", "1")])
      #expect(order["status"] == "FILLED" && order["executedQty"] == "1.000")
      let average: Price = try order.amount("avgPrice")
      #expect(average > "64000.1" && average < "64100")
      let fills = try await bench.call("GET", "v1/userTrades", "symbol=BTCUSDT").array()
      #expect(fills.count > 1)
      let events = try await listener.next(2 + 2 * fills.count)
      let told = try kinds(events.filter { $0["e"] == "ORDER_TRADE_UPDATE" })
      #expect(told.first == "NEW NEW" && told.last == "TRADE FILLED")
      #expect(told.count { $0 == "TRADE PARTIALLY_FILLED" } == fills.count - 1)
      #expect(events.last?["e"] == "ACCOUNT_UPDATE")
      let whole = BinanceBench.order([
        ("quantity", "2"), ("type", "LIMIT"), ("timeInForce", "FOK"), ("price", "64000.2"),
      ])
      #expect(try await bench.code("POST", "v1/order", whole) == -5021)
    }
  }

  @Test(arguments: [
    "/private/ws/KEY", "/private/stream?listenKey=KEY", "/ws/KEY", "/stream?streams=KEY",
  ])
  func `every way to the account's stream tells the same`(path: String) async throws {
    let bench = await BinanceBench()
    let key = try await bench.listenKey()
    try await bench.serve { address in
      let listener = try await listen(address, path.replacing("KEY", with: key))
      _ = try await bench.call("POST", "v1/leverage", "symbol=BTCUSDT&leverage=9")
      let message = try await listener.next()
      #expect((message["stream"] != nil) == path.contains("stream"))
      let event = message["data"] ?? message
      #expect(event["e"] == "ACCOUNT_CONFIG_UPDATE" && event["ac"] == ["s": "BTCUSDT", "l": 9])
    }
  }

  @Test func `resting, modified, cancelled and expired orders are told as such`() async throws {
    let bench = await BinanceBench()
    let key = try await bench.listenKey()
    try await bench.serve { address in
      let listener = try await listen(address, "/private/ws?listenKey=\(key)")
      let resting: [(String, String?)] = [
        ("type", "LIMIT"), ("timeInForce", "GTC"), ("price", "63000"),
        ("newClientOrderId", "mine-1"),
      ]
      try await bench.place(resting)
      let query = "symbol=BTCUSDT&side=BUY&origClientOrderId=mine-1"
      _ = try await bench.call("PUT", "v1/order", "\(query)&price=62000&quantity=0.1")
      _ = try await bench.call("DELETE", "v1/order", "symbol=BTCUSDT&origClientOrderId=mine-1")
      try await bench.place(resting + [("timeInForce", "IOC")])
      let events = try await listener.next(5)
      #expect(
        try kinds(events) == [
          "NEW NEW", "AMENDMENT NEW", "CANCELED CANCELED", "NEW NEW", "EXPIRED EXPIRED",
        ])
      #expect(try events[0].string("o", "b") == "6300" && events[1].string("o", "p") == "62000.00")
      #expect(try events[4].string("o", "er") == "2")
    }
  }

  @Test func `a stop is told from its trigger to its end`() async throws {
    let bench = await BinanceBench()
    let key = try await bench.listenKey()
    try await bench.place()
    try await bench.serve { address in
      let listener = try await listen(address, "/private/ws?listenKey=\(key)")
      let stop =
        "algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=STOP_MARKET&triggerPrice=63000"
        + "&closePosition=true"
      _ = try await bench.call("POST", "v1/algoOrder", stop)
      await bench.move(to: "63000")
      var told: [String] = []
      for event in try await listener.next(8) {
        told.append(
          event["e"] == "ALGO_UPDATE"
            ? "algo \(try event.string("o", "X"))" : try kinds([event])[0])
      }
      #expect(
        told == [
          "algo NEW", "algo TRIGGERING", "NEW NEW", "TRADE_LITE", "TRADE FILLED", "ACCOUNT_UPDATE",
          "algo TRIGGERED", "algo FINISHED",
        ])
    }
  }

  @Test func `a liquidation shows as an order of the venue's, and on the public stream`()
    async throws
  {
    let bench = await BinanceBench()
    let key = try await bench.listenKey()
    _ = try await bench.call("POST", "v1/marginType", "symbol=BTCUSDT&marginType=ISOLATED")
    try await bench.place()
    try await bench.serve { address in
      let listener = try await listen(address, "/private/ws?listenKey=\(key)")
      let open = try await listen(address, "/market/ws/!forceOrder@arr")
      await bench.move(to: "61080")
      #expect(try await listener.next()["e"] == "MARGIN_CALL")
      await bench.move(to: "60000")
      let events = try await listener.next(4)
      #expect(
        try kinds(events) == ["NEW NEW", "TRADE_LITE", "CALCULATED FILLED", "ACCOUNT_UPDATE"])
      #expect(try events[2].string("o", "c").hasPrefix("autoclose-"))
      #expect(try await open.next().string("o", "S") == "SELL")
      let forced = try await bench.call("GET", "v1/forceOrders", "symbol=BTCUSDT").array()
      #expect(forced.count == 1 && forced[0]["status"] == "FILLED")
    }
  }

  @Test func `a listen key that is not kept alive expires, and nothing follows`() async throws {
    let bench = await BinanceBench(BinanceSettings(listenKeyLife: .seconds(10)))
    let key = try await bench.listenKey()
    try await bench.serve { address in
      let listener = try await listen(address, "/private/ws?listenKey=\(key)")
      bench.time.advance(by: .seconds(9))
      let keep = bench.request("PUT", "v1/listenKey", key: BinanceBench.Signer().key)
      #expect(try await bench.answer(keep)["listenKey"]?.stringValue == key)
      bench.time.advance(by: .seconds(9))
      await bench.exchange.advance()
      bench.time.advance(by: .seconds(1))
      await bench.exchange.advance()
      let event = try await listener.next()
      #expect(event["e"] == "listenKeyExpired" && event["E"]?.kind == .number)
      try await bench.place()
      #expect(try await bench.listenKey() != key)
      // The socket itself stays.
      let answer = try await listener.ask(["method": "LIST_SUBSCRIPTIONS", "id": 2])
      #expect(answer["id"] == 2)
    }
  }

  @Test func `a message of the account can be lost, repeated or cut`() async throws {
    let bench = await BinanceBench()
    let key = try await bench.listenKey()
    for (fault, event) in [("lose", "TRADE_LITE"), ("duplicate", "ACCOUNT_UPDATE")] {
      bench.faults.add(FaultRule(service: "binance_stream", endpoint: event, Fault(fault)))
    }
    try await bench.serve { address in
      let listener = try await listen(address, "/private/ws?listenKey=\(key)")
      try await bench.place()
      #expect(
        try kinds(try await listener.next(4)) == [
          "NEW NEW", "TRADE FILLED", "ACCOUNT_UPDATE", "ACCOUNT_UPDATE",
        ])
      _ = try await bench.steer("POST", "cut")
      #expect(await listener.socket.ended() != .closed(code: 1000, reason: ""))
    }
  }
}
