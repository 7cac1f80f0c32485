import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

/// The loopback Binance.
@Suite(.timeLimit(.minutes(1)))
struct BinanceTests {
  private let bench = VenueBench()

  private func get(_ path: String, _ query: String = "") async throws -> (Int, JSONValue) {
    let response = await bench.binance.handle(
      ServerRequest(method: "GET", path: "/fapi/v1/\(path)", query: query))
    return (response.status, try JSONValue(parsing: response.body))
  }

  private func serve(
    _ settings: BinanceSettings = BinanceSettings(),
    _ body: (_ address: String) async throws -> Void
  ) async throws {
    let streams = await BinanceStreamServer(
      bench.exchange, settings: settings, clock: bench.clock, faults: bench.faults,
      transcript: bench.transcript)
    try await StreamListener.serve(streams, body)
  }

  /// An answer to this says that the subscriptions of the path stand.
  private func settle(_ listener: StreamListener) async throws {
    _ = try await listener.ask(["method": "LIST_SUBSCRIPTIONS", "id": 1])
  }

  private func liquidate(_ price: Price, closed: PositionSide = .long) async {
    var event = Liquidation.example(closed: closed, price: price)
    event.price = "63500"
    bench.market.happen(.liquidation(event))
    await bench.exchange.advance()
  }

  @Test func `market data is asked for by one symbol or for all`() async throws {
    let (_, one) = try await get("ticker/24hr", "symbol=BTCUSDT")
    #expect(one["weightedAvgPrice"] == "64000.00000000" && one["lastPrice"] == "64000.00")
    #expect(try await get("premiumIndex").1.array().count == 2)
    let (status, refusal) = try await get("premiumIndex", "symbol=NOSUCH")
    #expect(status == 400 && refusal["code"] == -1121)
    let filters = try await get("exchangeInfo").1.array("symbols", 0, "filters")
    #expect(filters.contains { $0["filterType"] == "MIN_NOTIONAL" && $0["notional"] == "5" })
    #expect(try await get("nothing").0 == 404)
  }

  @Test func `a liquidation looks like one captured live`() async throws {
    try await serve { address in
      let wrapped = try await StreamListener("\(address)/market/stream?streams=!forceOrder@arr")
      let plain = try await StreamListener("\(address)/ws/btcusdt@forceOrder")
      try await settle(wrapped)
      try await settle(plain)
      await liquidate("63800", closed: .long)
      let message = try await wrapped.next()
      #expect(try await plain.next() == message["data"])
      let order = try message.at("data", "o")
      #expect(order["S"] == "SELL" && order["ap"] == "63800.00" && order["p"] == "63500.00")
      for path in Fixtures.files(under: "binance/live", extension: "jsonl") {
        for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
          let live = try JSONValue(parsing: String(line))
          guard let told = live["data"], told["e"] == "forceOrder" else { continue }
          #expect(try shape(told) == shape(try message.at("data")))
        }
      }
    }
  }

  /// The names and kinds of all fields.
  private func shape(_ json: JSONValue) throws -> [String] {
    try json.object().fields.flatMap { field in
      if case .object = field.value { return ["\(field.key){"] + (try shape(field.value)) }
      return ["\(field.key):\(field.value.kind)"]
    }
  }

  @Test func `at most one liquidation a second of each symbol, the latest`() async throws {
    try await serve { address in
      let listener = try await StreamListener("\(address)/market/ws/!forceOrder@arr")
      try await settle(listener)
      for price in ["63800", "63700", "63600"] as [Price] { await liquidate(price) }
      #expect(try await listener.next().string("o", "ap") == "63800.00")
      bench.time.advance(by: .milliseconds(999))
      await liquidate("63550")
      bench.time.advance(by: .milliseconds(1))
      await liquidate("63540")
      #expect(try await listener.next().string("o", "ap") == "63540.00")
    }
  }

  @Test func `subscriptions change by command, and payloads follow`() async throws {
    try await serve { address in
      let listener = try await StreamListener("\(address)/market/ws/3")
      #expect(
        try await listener.ask([
          "method": "SUBSCRIBE", "params": ["btcusdt@aggTrade", "!markPrice@arr@1s"], "id": 4,
        ]) == ["result": .null, "id": 4])
      #expect(
        try await listener.ask(["method": "LIST_SUBSCRIPTIONS", "id": 5])
          == ["result": ["!markPrice@arr@1s", "btcusdt@aggTrade"], "id": 5])
      bench.time.advance(by: .seconds(1))
      bench.market.happen(
        .trade(
          Trade(
            venue: .binance, symbol: "BTCUSDT", price: "64010", quantity: "0.5", aggressor: .buy,
            time: .noon)))
      await bench.exchange.advance()
      let trade = try await listener.next()
      #expect(trade["e"] == "aggTrade" && trade["m"] == false && trade["st"] == 1)
      let marks = try await listener.next()
      #expect(try marks.array().count == 2 && marks[0]?["p"] == "64000.00000000")
      #expect(try await listener.ask(["method": "DANCE", "id": 6])["code"] == 2)
      try listener.socket.send("nonsense")
      #expect(try await listener.next()["code"] == 3)
    }
  }

  @Test func `the paths of old close by setting`() async throws {
    try await serve(BinanceSettings(opensLegacyPaths: false)) { address in
      await #expect(throws: WebSocketError.self) {
        try await StreamListener("\(address)/ws/!forceOrder@arr")
      }
      try await settle(try await StreamListener("\(address)/market/ws/!forceOrder@arr"))
    }
  }

  @Test func `who says too much is cut off`() async throws {
    try await serve { address in
      let listener = try await StreamListener("\(address)/market/ws")
      for number in 1...11 {
        try listener.say(["method": "LIST_SUBSCRIPTIONS", "id": .integer(number)])
      }
      #expect(
        await listener.socket.ended() == .closed(code: 1008, reason: "Too many requests"))
    }
  }
}
