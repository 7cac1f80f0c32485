import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

/// Books and candles on the public stream of the loopback Bybit, over real sockets.
@Suite(.timeLimit(.minutes(1)))
struct BybitBookStreamTests {
  private func listen(
    _ topics: [String], _ body: (VenueBench, StreamListener) async throws -> Void
  ) async throws {
    let bench = VenueBench()
    let streams = await BybitStreamServer(
      bench.exchange, clock: bench.clock, faults: bench.faults, transcript: bench.transcript)
    try await StreamListener.serve(streams) { address in
      let listener = try await StreamListener("\(address)/v5/public/linear")
      let answer = try await listener.ask([
        "op": "subscribe", "args": .array(topics.map { .string($0) }),
      ])
      #expect(answer["success"] == true)
      try await body(bench, listener)
    }
  }

  /// A book as a client keeps it. An unknown level that is deleted ends a foreign client.
  private func apply(
    _ message: JSONValue, _ side: String, to levels: inout [String: String]
  ) throws {
    if message["type"] == "snapshot" { levels = [:] }
    for level in try message.array("data", .field(side)) {
      let (price, size) = try (level.string(0), level.string(1))
      if size == "0" {
        #expect(levels.removeValue(forKey: price) != nil, "\(price) was not known")
      } else {
        levels[price] = size
      }
    }
  }

  @Test(arguments: [50, 200, 1000])
  func `a snapshot and its deltas are the book, numbered without a gap`(depth: Int) async throws {
    try await listen(["orderbook.\(depth).BTCUSDT"]) { bench, listener in
      var (bids, asks): ([String: String], [String: String]) = ([:], [:])
      var update: Int64?
      for step in 0..<6 {
        let message = try await listener.next()
        #expect(message["type"] == (step == 0 ? "snapshot" : "delta"))
        try apply(message, "b", to: &bids)
        try apply(message, "a", to: &asks)
        let next = try message.integer("data", "u")
        if let update { #expect(next == update + 1) }
        update = next
        #expect(bids.count == depth && asks.count == depth)
        let cts = try message.integer("cts")
        #expect(try cts <= message.integer("ts"))
        bench.time.advance(by: .milliseconds(100))
        if step == 3 {
          await bench.exchange.jump(["BTCUSDT"], by: .percent(1))
        } else {
          await bench.exchange.advance()
        }
        if depth == 1000 { await bench.exchange.advance() }
      }
      let asked = try await bench.get(
        "market/orderbook", "category=linear&symbol=BTCUSDT&limit=\(depth)")
      if depth == 1000 {
        let last = try await listener.next()
        try apply(last, "b", to: &bids)
        let expected = try asked.integer("result", "u")
        #expect(try last.integer("data", "u") == expected)
        for level in try asked.array("result", "b") {
          let size = try level.string(1)
          #expect(bids[try level.string(0)] == size)
        }
      }
    }
  }

  @Test func `one level is all snapshots, and told again after three seconds`() async throws {
    try await listen(["orderbook.1.BTCUSDT"]) { bench, listener in
      let first = try await listener.next()
      #expect(first["type"] == "snapshot")
      var last = try first.integer("data", "u")
      var repeats = 0
      for _ in 1...8 {
        bench.time.advance(by: .seconds(3))
        await bench.exchange.advance()
        let message = try await listener.next()
        #expect(message["type"] == "snapshot")
        #expect(try message.array("data", "b").count == 1)
        let update = try message.integer("data", "u")
        if update == last { repeats += 1 }
        last = update
      }
      #expect(repeats > 0)
    }
  }

  @Test func `a candle grows, is confirmed once, and the next begins`() async throws {
    try await listen(["kline.1.BTCUSDT"]) { bench, listener in
      func trade(_ price: Price) async {
        bench.market.happen(
          .trade(
            Trade(
              venue: .bybit, symbol: "BTCUSDT", price: price, quantity: "1", aggressor: .buy,
              time: bench.clock.now)))
        await bench.exchange.advance()
      }
      await trade("64100")
      bench.time.advance(by: .seconds(60))
      await trade("64200")
      let messages = try await listener.next(3)
      let rows = try messages.map { try $0.at("data", 0) }
      #expect(rows.map { $0["confirm"] } == [false, true, false])
      #expect(rows[1]["close"] == "64100.00" && rows[2]["open"] == "64100.00")
      let (start, end) = try (rows[0].integer("start"), rows[0].integer("end"))
      #expect(end == start + 59_999)
    }
  }

  @Test func `depths that are not told and too many topics are refused`() async throws {
    try await listen(["orderbook.1.BTCUSDT"]) { _, listener in
      _ = try await listener.next()
      for topic in ["orderbook.500.BTCUSDT", "kline.2.BTCUSDT", "orderbook.50.NOUSDT"] {
        let answer = try await listener.ask([
          "op": "subscribe", "args": [.string(topic)],
        ])
        #expect(answer["success"] == false)
      }
      let long = String(repeating: "x", count: 21_000)
      let answer = try await listener.ask(["op": "subscribe", "args": [.string(long)]])
      #expect(answer["ret_msg"] == "args size >21000")
    }
  }
}
