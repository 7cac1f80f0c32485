import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// What can go wrong with a stream, on request, over real sockets.
@Suite(.timeLimit(.minutes(1)))
struct StreamFaultTests {
  private static let service = "bybit_stream"
  private static let topic = "publicTrade.BTCUSDT"

  /// A client that listens to trades, which the test makes happen.
  private func listen(
    _ faults: [FaultRule] = [],
    _ body: (VenueBench, StreamListener, _ trade: (Price) async -> Void) async throws -> Void
  ) async throws {
    let bench = VenueBench()
    let streams = await BybitStreamServer(
      bench.exchange, clock: bench.clock, faults: bench.faults, transcript: bench.transcript)
    try await StreamListener.serve(streams) { address in
      let listener = try await StreamListener("\(address)/v5/public/linear")
      _ = try await listener.ask(["op": "subscribe", "args": [.string(Self.topic)]])
      for fault in faults { bench.faults.add(fault) }
      try await body(bench, listener) { price in
        bench.market.happen(
          .trade(
            Trade(
              venue: .bybit, symbol: "BTCUSDT", price: price, quantity: "1", aggressor: .buy,
              time: bench.clock.now)))
        await bench.exchange.advance()
      }
    }
  }

  private func rule(_ name: String, _ settings: JSONObject = [:], skip: Int = 0) -> FaultRule {
    FaultRule(
      service: Self.service, endpoint: Self.topic, Fault(name, settings), skip: skip)
  }

  private func prices(_ listener: StreamListener, _ count: Int) async throws -> [String] {
    try await listener.next(count).map { try $0.at("data", 0).string("p") }
  }

  @Test(
    arguments: [
      ("lose", [:], ["64002.00", "64003.00"]),
      ("duplicate", ["copies": 2], ["64001.00", "64001.00", "64001.00", "64002.00"]),
      ("reorder", [:], ["64002.00", "64001.00", "64003.00"]),
    ] as [(String, JSONObject, [String])])
  func `messages get lost, come twice, or after the next`(
    name: String, settings: JSONObject, expected: [String]
  ) async throws {
    try await listen([rule(name, settings)]) { _, listener, trade in
      for price in ["64001", "64002", "64003"] as [Price] { await trade(price) }
      let heard = try await prices(listener, expected.count)
      #expect(heard == expected)
    }
  }

  @Test(arguments: [
    (false, ["64002.00", "64001.00", "64003.00"]), (true, ["64001.00", "64002.00", "64003.00"]),
  ])
  func `a late message is passed by others, or holds them up`(
    keepsOrder: Bool, expected: [String]
  ) async throws {
    let late = rule("delay", ["ms": 500, "keeps_order": .bool(keepsOrder)])
    try await listen([late]) { bench, listener, trade in
      await trade("64001")
      await trade("64002")
      bench.time.advance(by: .milliseconds(500))
      await trade("64003")
      let heard = try await prices(listener, 3)
      #expect(heard == expected)
    }
  }

  @Test(arguments: ["cut", "cut_within"])
  func `a connection is reset, also in the middle of a frame`(name: String) async throws {
    try await listen([rule(name, skip: 1)]) { _, listener, trade in
      await trade("64001")
      await trade("64002")
      let heard = try await prices(listener, 1)
      #expect(heard == ["64001.00"])
      let end = await listener.socket.ended()
      #expect("\(end)" == "connection lost")
    }
  }

  @Test func `a stream closes in good order with the code that is asked for`() async throws {
    try await listen([rule("close", ["code": 1012, "reason": "restart"])]) { _, listener, trade in
      await trade("64001")
      #expect(await listener.socket.ended() == .closed(code: 1012, reason: "restart"))
    }
  }

  @Test func `half a message, or any text, stands in for one`() async throws {
    try await listen([rule("garble", ["text": #"{"topic":7}"#])]) { _, listener, trade in
      await trade("64001")
      let heard = try await listener.next()
      #expect(heard == ["topic": 7])
    }
  }

  @Test func `a silent stream stays open and says nothing more`() async throws {
    try await listen([rule("silence")]) { bench, listener, trade in
      await trade("64001")
      await trade("64002")
      try listener.say(["op": "ping"])
      #expect(bench.faults.entries.isEmpty)
      let mine = Task { try await listener.next() }
      mine.cancel()
      #expect(try await mine.value == .null)
    }
  }

  @Test func `an upgrade is refused as a gateway refuses it`() async throws {
    let bench = VenueBench()
    let streams = await BybitStreamServer(
      bench.exchange, clock: bench.clock, faults: bench.faults, transcript: bench.transcript)
    try await StreamListener.serve(streams) { address in
      bench.faults.add(
        FaultRule(service: Self.service, endpoint: "connect", Fault("status", ["status": 403])))
      await #expect(throws: WebSocketError.self) {
        try await StreamListener("\(address)/v5/public/linear")
      }
      _ = try await StreamListener("\(address)/v5/public/linear")
    }
  }
}
