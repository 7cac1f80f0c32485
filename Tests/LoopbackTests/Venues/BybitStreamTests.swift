import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

/// The streams of the loopback Bybit, over real sockets. A message that never comes ends a test by
/// its time limit.
@Suite(.timeLimit(.minutes(1)))
struct BybitStreamTests {
  private func serve(
    _ body: (VenueBench, _ address: String, BybitStreamServer) async throws -> Void
  ) async throws {
    let bench = VenueBench()
    let streams = await BybitStreamServer(
      bench.exchange, clock: bench.clock, faults: bench.faults, transcript: bench.transcript)
    try await StreamListener.serve(streams) { try await body(bench, $0, streams) }
  }

  private func privately(
    _ topics: [String] = ["order", "execution", "position", "wallet"],
    _ body: (VenueBench, StreamListener, BybitStreamServer) async throws -> Void
  ) async throws {
    try await serve { bench, address, streams in
      let listener = try await StreamListener("\(address)/v5/private?max_active_time=1m")
      #expect(try await listener.authorise(at: bench.clock.now)["success"] == true)
      let answer = try await listener.ask([
        "op": "subscribe", "req_id": "7", "args": .array(topics.map { .string($0) }),
      ])
      #expect(answer["success"] == true && answer["req_id"] == "7")
      try await body(bench, listener, streams)
    }
  }

  private func summary(_ message: JSONValue) throws -> String {
    let row = try message.at("data", 0)
    let detail = row["orderStatus"] ?? row["execType"] ?? row["size"] ?? "-"
    return "\(try message.string("topic")) \(detail.stringValue ?? "")"
  }

  @Test func `a market order with a stop is told in the venue's order`() async throws {
    try await privately { bench, listener, _ in
      _ = try await bench.post(
        "order/create", VenueBench.order(["stopLoss": "63000", "orderLinkId": "mine"]))
      let messages = try await listener.next(5)
      #expect(
        try messages.map(summary) == [
          "execution Trade", "order Filled", "order Untriggered", "position 0.100",
          "wallet -",
        ])
      let filled = try messages[1].at("data", 0)
      #expect(filled["cumExecQty"] == "0.100" && filled["orderLinkId"] == "mine")
      let stop = try messages[2].at("data", 0)
      #expect(stop["stopOrderType"] == "StopLoss" && stop["triggerPrice"] == "63000.00")
      #expect(try messages[3].at("data", 0)["entryPrice"] == "64000")
    }
  }

  @Test func `a jump of the market sets the stop off, and the stream tells`() async throws {
    try await privately(["order.linear", "execution", "position"]) { bench, listener, _ in
      _ = try await bench.post("order/create", VenueBench.order(["stopLoss": "63000"]))
      _ = try await listener.next(4)
      await bench.exchange.jump(["BTCUSDT"], by: .percent(-3))
      let messages = try await listener.next(4)
      #expect(
        try messages.map(summary) == [
          "order.linear Triggered", "execution Trade", "order.linear Filled", "position 0.000",
        ])
      #expect(try messages[1].at("data", 0)["stopOrderType"] == "StopLoss")
      #expect(try messages[1].at("data", 0)["execPrice"] == "62080.00")
      #expect(try messages[3].at("data", 0)["side"] == "")
    }
  }

  @Test func `only who signs for a moment ahead hears of the account`() async throws {
    try await serve { bench, address, _ in
      let stranger = try await StreamListener("\(address)/v5/private")
      let refused = try await stranger.ask(["op": "subscribe", "args": ["order"]])
      #expect(refused["success"] == false && refused["ret_msg"] == "Request not authorized")
      for (secret, ahead) in [("wrong", 1), (BybitSettings.standardSecret, 0)] {
        let listener = try await StreamListener("\(address)/v5/private")
        let answer = try await listener.authorise(
          at: bench.clock.now, secret: secret, validFor: .seconds(ahead))
        #expect(answer["success"] == false)
        #expect(await listener.socket.ended() == .closed(code: 1000, reason: ""))
      }
      await #expect(throws: WebSocketError.self) {
        try await StreamListener("\(address)/v5/private?max_active_time=29s")
      }
    }
  }

  @Test func `a topic and its categorised form do not go together`() async throws {
    try await privately(["wallet"]) { _, listener, _ in
      for topics in [["order", "order.linear"], ["order", "greeks"], []] as [[JSONValue]] {
        let answer = try await listener.ask(["op": "subscribe", "args": .array(topics)])
        #expect(answer["success"] == false && answer["ret_msg"] != "")
      }
      let pong = try await listener.ask(["op": "ping"])
      #expect(pong["op"] == "pong" && pong["args"]?[0] != nil)
    }
  }

  @Test func `messages get lost and streams are cut on request`() async throws {
    try await privately(["order", "execution"]) { bench, listener, streams in
      bench.faults.add(
        FaultRule(service: "bybit_stream", endpoint: "execution", Fault("lose")))
      _ = try await bench.post("order/create", VenueBench.order())
      #expect(try await listener.next(1).map(summary) == ["order Filled"])
      streams.cutPrivate()
      #expect(await listener.socket.ended() != .closed(code: 1000, reason: ""))
    }
  }

  @Test func `a silent client is cut, a talking one is not`() async throws {
    try await privately { bench, listener, _ in
      await bench.time.waitForSleeper(until: bench.time.now + .seconds(60))
      bench.time.advance(by: .seconds(59))
      _ = try await listener.ask(["op": "ping"])
      bench.time.advance(by: .seconds(1))
      await bench.time.waitForSleeper(until: bench.time.now + .seconds(59))
      bench.time.advance(by: .seconds(59))
      #expect(await listener.socket.ended() == .closed(code: 1000, reason: ""))
    }
  }

  @Test func `deltas merged into the snapshot are the ticker`() async throws {
    try await serve { bench, address, _ in
      let listener = try await StreamListener("\(address)/v5/public/linear")
      let topic: JSONValue = "tickers.BTCUSDT"
      #expect(try await listener.ask(["op": "subscribe", "args": [topic]])["success"] == true)
      let snapshot = try await listener.next()
      #expect(snapshot["type"] == "snapshot")
      var merged = try snapshot.object("data")
      for percent in [Int32(2), -3] {
        bench.time.advance(by: .milliseconds(100))
        await bench.exchange.jump(["BTCUSDT", "ETHUSDT"], by: .percent(percent))
        let delta = try await listener.next()
        #expect(delta["type"] == "delta")
        let fields = try delta.object("data").fields
        #expect(fields.count < merged.keys.count)
        for field in fields { merged[field.key] = field.value }
      }
      let asked = try await bench.rows("market/tickers", "category=linear&symbol=BTCUSDT")[0]
      for key in ["lastPrice", "markPrice", "bid1Price", "highPrice24h", "price24hPcnt"] {
        #expect(merged[key] == asked[key], "\(key)")
      }
      #expect(merged["lastPrice"] == "63321.60")
    }
  }

  @Test func `trades and liquidations name the side as Bybit does`() async throws {
    try await serve { bench, address, _ in
      let listener = try await StreamListener("\(address)/v5/public/linear")
      _ = try await listener.ask([
        "op": "subscribe", "args": ["publicTrade.BTCUSDT", "allLiquidation.BTCUSDT"],
      ])
      bench.market.happen(
        .trade(
          Trade(
            venue: .bybit, symbol: "BTCUSDT", price: "63990", quantity: "0.5", aggressor: .sell,
            time: .noon)),
        .liquidation(.example(closed: .long, price: "63900", venue: .bybit)))
      await bench.exchange.advance()
      let messages = try await listener.next(2)
      let trade = try messages[0].at("data", 0)
      #expect(trade["S"] == "Sell" && trade["p"] == "63990.00" && trade["L"] == "MinusTick")
      let liquidation = try messages[1].at("data", 0)
      #expect(liquidation["S"] == "Buy" && liquidation["v"] == "1.000")
      let unknown = try await listener.ask([
        "op": "subscribe", "args": ["tickers.BTCUSDT", "tickers.NOUSDT"],
      ])
      #expect(unknown["success"] == false)
    }
  }
}
