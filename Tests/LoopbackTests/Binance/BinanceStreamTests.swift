import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

/// The market streams of the loopback Binance.
@Suite(.timeLimit(.minutes(1)))
struct BinanceStreamTests {
  /// An answer to this says that the subscriptions of the path stand.
  private func settle(_ listener: StreamListener) async throws {
    _ = try await listener.ask(["method": "LIST_SUBSCRIPTIONS", "id": 1])
  }

  private func liquidate(
    _ bench: BinanceBench, _ price: Price, closed: PositionSide = .long
  ) async {
    var event = Liquidation.example(closed: closed, price: price)
    event.price = "63500"
    bench.market.happen(.liquidation(event))
    await bench.exchange.advance()
  }

  @Test func `a liquidation looks like one captured live`() async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let wrapped = try await StreamListener("\(address)/market/stream?streams=!forceOrder@arr")
      let plain = try await StreamListener("\(address)/ws/btcusdt@forceOrder")
      try await settle(wrapped)
      try await settle(plain)
      await liquidate(bench, "63800", closed: .long)
      let message = try await wrapped.next()
      #expect(try await plain.next() == message["data"])
      let order = try message.at("data", "o")
      #expect(order["S"] == "SELL" && order["ap"] == "63800.00" && order["p"] == "63500.00")
      try expectShape(of: try message.at("data"), as: "forceOrder")
    }
  }

  /// Live frames of that event have the same names and kinds of fields, in whatever order.
  private func expectShape(of told: JSONValue, as event: String) throws {
    for path in Fixtures.files(under: "binance/live", extension: "jsonl") {
      for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
        let live = try JSONValue(parsing: String(line))
        let frame = live["data"] ?? live
        guard frame["e"]?.stringValue == event else { continue }
        #expect(try shape(frame) == shape(told))
      }
    }
  }

  private func shape(_ json: JSONValue) throws -> [String] {
    try json.object().fields.flatMap { field in
      if case .object = field.value { return try shape(field.value).map { "\(field.key).\($0)" } }
      return ["\(field.key):\(field.value.kind)"]
    }.sorted()
  }

  @Test func `at most one liquidation a second of each symbol, the latest`() async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let listener = try await StreamListener("\(address)/market/ws/!forceOrder@arr")
      try await settle(listener)
      for price in ["63800", "63700", "63600"] as [Price] { await liquidate(bench, price) }
      #expect(try await listener.next().string("o", "ap") == "63800.00")
      bench.time.advance(by: .milliseconds(999))
      await liquidate(bench, "63550")
      bench.time.advance(by: .milliseconds(1))
      await liquidate(bench, "63540")
      #expect(try await listener.next().string("o", "ap") == "63540.00")
    }
  }

  @Test func `a contract that stops or goes on is told, with its brackets`() async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let listener = try await StreamListener("\(address)/market/ws/!contractInfo")
      try await settle(listener)
      #expect(await bench.exchange.setTrading(false, of: "BTCUSDT"))
      let stopped = try await listener.next()
      #expect(stopped["e"] == "contractInfo" && stopped["s"] == "BTCUSDT")
      #expect(stopped["cs"] == "SETTLING" && stopped["ct"] == "PERPETUAL")
      let first = try stopped.at("bks", 0)
      #expect(first["bs"] == 1 && first["bnf"] == 0 && first["ma"] == 100)
      #expect(try await bench.code("POST", "v1/order", BinanceBench.order()) == -4141)
      #expect(await bench.exchange.setTrading(true, of: "BTCUSDT"))
      #expect(try await listener.next()["cs"] == "TRADING")
      #expect(try await bench.code("POST", "v1/order", BinanceBench.order()) == 0)
      #expect(await !bench.exchange.setTrading(false, of: "XYZUSDT"))
    }
  }

  @Test func `indexes of assets come every second, with their buffers`() async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let all = try await StreamListener("\(address)/market/ws/!assetIndex@arr")
      let one = try await StreamListener("\(address)/market/ws/btcusd@assetIndex")
      try await settle(all)
      try await settle(one)
      bench.time.advance(by: .seconds(1))
      await bench.move(to: "64000")
      let told = try await one.next()
      #expect(told["e"] == "assetIndexUpdate" && told["s"] == "BTCUSD")
      #expect(told["i"] == "64000.00000000" && told["B"] == "57600.00000000")
      #expect(told["A"] == "70400.00000000" && told["G"] == "67200.00000000")
      #expect(try await all.next().array().contains(told))
    }
  }

  @Test func `subscriptions change by command, and payloads follow`() async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let listener = try await StreamListener("\(address)/market/ws/3")
      #expect(
        try await listener.ask([
          "method": "SUBSCRIBE", "params": ["btcusdt@aggTrade", "!markPrice@arr@1s"], "id": 4,
        ]) == ["result": .null, "id": 4])
      #expect(
        try await listener.ask(["method": "LIST_SUBSCRIPTIONS", "id": 5])
          == ["result": ["!markPrice@arr@1s", "btcusdt@aggTrade"], "id": 5])
      bench.time.advance(by: .seconds(1))
      await bench.move(to: "64010")
      let marks = try await listener.next()
      #expect(try marks.array().count == 2 && marks[0]?["p"] == "64010.00000000")
      let trade = try await listener.next()
      #expect(trade["e"] == "aggTrade" && trade["m"] == true && trade["st"] == 1)
      #expect(try await listener.ask(["method": "DANCE", "id": 6])["code"] == 2)
      try listener.socket.send("nonsense")
      #expect(try await listener.next()["code"] == 3)
      let property: JSONValue = ["method": "SET_PROPERTY", "params": ["combined", true], "id": 7]
      #expect(try await listener.ask(property) == ["result": .null, "id": 7])
      #expect(
        try await listener.ask(["method": "GET_PROPERTY", "params": ["combined"], "id": 8])
          == ["result": true, "id": 8])
      await bench.move(to: "64020")
      #expect(try await listener.next()["stream"] == "btcusdt@aggTrade")
      let wrong: JSONValue = ["method": "SET_PROPERTY", "params": ["combined", "yes"], "id": 9]
      #expect(try await listener.ask(wrong)["code"] == 1)
    }
  }

  @Test func `each path tells its own streams alone`() async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let listener = try await StreamListener("\(address)/public/ws/btcusdt@aggTrade")
      #expect(
        try await listener.ask(["method": "LIST_SUBSCRIPTIONS", "id": 1])["result"] == .array([]))
      #expect(
        try await listener.ask(["method": "SUBSCRIBE", "params": ["!ticker@arr"], "id": 2])["code"]
          == 2)
      for name in ["btcusdt@depth", "btcusdt@bookTicker", "btcusdt@trade"] {
        let request: JSONValue = ["method": "SUBSCRIBE", "params": [.string(name)], "id": 3]
        #expect(try await listener.ask(request)["result"] == .null)
      }
    }
  }

  @Test func `the paths of old close by setting`() async throws {
    let bench = await BinanceBench(BinanceSettings(opensLegacyPaths: false))
    try await bench.serve { address in
      await #expect(throws: WebSocketError.self) {
        try await StreamListener("\(address)/ws/!forceOrder@arr")
      }
      try await settle(try await StreamListener("\(address)/market/ws/!forceOrder@arr"))
    }
  }

  @Test func `who says too much is cut off`() async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let listener = try await StreamListener("\(address)/market/ws")
      for number in 1...11 {
        try listener.say(["method": "LIST_SUBSCRIPTIONS", "id": .integer(number)])
      }
      #expect(
        await listener.socket.ended() == .closed(code: 1008, reason: "Too many requests"))
    }
  }

  @Test func `a connection ends after 24 hours`() async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let listener = try await StreamListener("\(address)/market/ws/btcusdt@ticker")
      try await settle(listener)
      // The pongs of the client keep it alive meanwhile.
      let settings = BinanceSettings()
      #expect(settings.connectionLife == .hours(24) && settings.pingInterval == .minutes(3))
      #expect(try await bench.steer("POST", "end")["done"] == true)
      #expect(
        await listener.socket.ended() == .closed(code: 1000, reason: "24 hours are over"))
    }
  }

  @Test func `a book follows from a snapshot inside an event, without a gap`() async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let listener = try await StreamListener("\(address)/public/ws/btcusdt@depth@100ms")
      try await settle(listener)
      func beat(_ price: Price) async throws -> JSONValue {
        bench.time.advance(by: .milliseconds(100))
        await bench.move(to: price)
        return try await listener.next()
      }
      _ = try await beat("64001")
      let snapshot = try await bench.get("v1/depth", "symbol=BTCUSDT&limit=1000")
      let id = try snapshot.integer("lastUpdateId")
      var book = try Book(snapshot)
      var previous: Int64?
      for number in 0..<12 {
        let event = try await beat(
          Price(uncheckedCount: 6_400_000_000_000 + Int128(number) * 30_000_000))
        let (first, last) = (try event.integer("U"), try event.integer("u"))
        if let previous {
          #expect(try event.integer("pu") == previous)
        } else {
          #expect(first <= id && id <= last)
        }
        previous = last
        try book.take(event)
      }
      let after = try Book(try await bench.get("v1/depth", "symbol=BTCUSDT&limit=1000"))
      #expect(book == after)
    }
  }

  /// A book as a client keeps it: sizes by price.
  private struct Book: Equatable {
    var bids: [Price: Quantity] = [:]
    var asks: [Price: Quantity] = [:]

    init(_ snapshot: JSONValue) throws {
      for level in try snapshot.array("bids") { bids[try level.amount(0)] = try level.amount(1) }
      for level in try snapshot.array("asks") { asks[try level.amount(0)] = try level.amount(1) }
    }

    mutating func take(_ event: JSONValue) throws {
      for level in try event.array("b") { try Self.set(&bids, level) }
      for level in try event.array("a") { try Self.set(&asks, level) }
    }

    private static func set(_ side: inout [Price: Quantity], _ level: JSONValue) throws {
      let quantity: Quantity = try level.amount(1)
      side[try level.amount(0)] = quantity.isZero ? nil : quantity
    }
  }

  @Test func `a lost event shows as a gap`() async throws {
    let bench = await BinanceBench()
    bench.faults.add(
      FaultRule(
        service: "binance_stream", endpoint: "btcusdt@depth@100ms", Fault("lose"), skip: 1))
    try await bench.serve { address in
      let listener = try await StreamListener("\(address)/public/ws/btcusdt@depth@100ms")
      try await settle(listener)
      for price in ["64001", "64002", "64003"] as [Price] {
        bench.time.advance(by: .milliseconds(100))
        await bench.move(to: price)
      }
      let (before, after) = (try await listener.next(), try await listener.next())
      #expect(try after.integer("pu") > before.integer("u"))
    }
  }

  @Test func `partial books, best prices and trades are told as they change`() async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let names = "btcusdt@depth5@100ms/btcusdt@bookTicker/btcusdt@trade"
      let listener = try await StreamListener("\(address)/public/stream?streams=\(names)")
      try await settle(listener)
      bench.time.advance(by: .milliseconds(100))
      await bench.move(to: "64050")
      var told: [String: JSONValue] = [:]
      for message in try await listener.next(3) {
        told[try message.string("stream")] = try message.at("data")
      }
      let book = try #require(told["btcusdt@depth5@100ms"])
      #expect(try book.array("b").count == 5 && book.string("b", 0, 0) == "64050.00")
      let touch = try #require(told["btcusdt@bookTicker"])
      try expectShape(of: touch, as: "bookTicker")
      #expect(touch["b"] == "64050.00")
      #expect(told["btcusdt@trade"]?["X"] == "MARKET")
    }
  }

  @Test func `a candle that ends is told as closed, before the next one`() async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let listener = try await StreamListener(
        "\(address)/market/ws/btcusdt@kline_1m/btcusdt_perpetual@continuousKline_1m")
      try await settle(listener)
      await bench.move(to: "64100")
      let first = try await listener.next(2)
      #expect(
        try first.map { try $0.string("e") }.sorted() == ["continuous_kline", "kline"])
      let candle = try #require(first.first { $0["e"] == "kline" })
      #expect(try candle.string("k", "c") == "64100.00" && candle.at("k", "x") == false)
      bench.time.advance(by: .minutes(1))
      await bench.move(to: "64200")
      let frames = try await listener.next(4).filter { $0["e"] == "kline" }
      #expect(try frames.map { try $0.at("k", "x") } == [true, false])
      #expect(try frames.map { try $0.string("k", "c") } == ["64100.00", "64200.00"])
    }
  }

  @Test(
    arguments: [
      ("btcusdt@ticker", "24hrTicker"), ("btcusdt@miniTicker", "24hrMiniTicker"),
      ("btcusdt@markPrice", "markPriceUpdate"), ("btcusdt@markPrice@1s", "markPriceUpdate"),
      ("!ticker@arr", "24hrTicker"), ("!miniTicker@arr", "24hrMiniTicker"),
      ("!bookTicker", "bookTicker"), ("btcusdt@depth20", "depthUpdate"),
      ("btcusdt@depth@500ms", "depthUpdate"), ("btcusdt@rpiDepth@500ms", "depthUpdate"),
    ])
  func `every stream tells its event`(name: String, event: String) async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let listener = try await StreamListener("\(address)/ws/\(name)")
      try await settle(listener)
      bench.time.advance(by: .seconds(5))
      await bench.move(to: "64100")
      let message = try await listener.next()
      let told = message[0] ?? message
      #expect(told["e"]?.stringValue == event && told["st"] == 1)
    }
  }
}
