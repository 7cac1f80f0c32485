import Logging
import Loopback
import Synchronization
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

@Suite(.timeLimit(.minutes(1)))
struct PublicStreamTests {
  private let book = EventBook()
  private static let tick =
    #"{"topic":"tickers.BTCUSDT","type":"snapshot","data":{"symbol":"BTCUSDT","#
    + #""lastPrice":"64210.50"},"cs":1,"ts":1795176000123}"#

  private func handler() -> PublicHandler {
    PublicHandler(
      topics: PublicTopics(), links: [.prices, .liquidations],
      tally: FrameTally(), clock: ManualClock(),
      log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() }, publish: book.take)
  }

  private func take(_ text: String, by handler: PublicHandler) -> Bool {
    Array(text.utf8).withUnsafeBytes { handler.received($0, kind: .text) }
  }

  @Test func `a ticker tells what the frame says and nothing else`() {
    let handler = handler()
    #expect(
      take(
        #"{"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","lastPrice":"64210.50","#
          + #""turnover24h":"1000000","volume24h":"20","fundingRate":"-0.0001"},"cs":1,"ts":1795176000123}"#,
        by: handler))
    #expect(
      book.market == [
        .ticker(
          Ticker(
            venue: .bybit, symbol: "BTCUSDT", last: "64210.5", vwap24h: "50000",
            turnover24h: "1000000", fundingRate: "-0.0001",
            time: .noon + .milliseconds(123)))
      ])
  }

  @Test func `what is told on a connection is a sign of its life, once a second, a pong is not`() {
    let told = Mutex<[VenueEvent]>([])
    let publish: @Sendable (VenueEvent) -> Void = { event in told.withLock { $0.append(event) } }
    let clock = ManualClock()
    let handler = PublicHandler(
      connection: 2, topics: PublicTopics(), links: [.prices, .liquidations],
      tally: FrameTally(), clock: clock,
      log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() }, publish: publish)
    let line = LinkLine("Bybit public 2")
    let signs: [VenueEvent] = [
      .heartbeat(.prices, of: .bybit, on: line), .heartbeat(.liquidations, of: .bybit, on: line),
    ]
    let candles = #"{"topic":"kline.1.BTCUSDT","type":"snapshot","ts":1,"data":[]}"#
    #expect(take(#"{"success":true,"op":"pong"}"#, by: handler))
    #expect(told.withLock { $0.isEmpty })
    #expect(take(candles, by: handler))
    clock.advance(by: .milliseconds(999))
    #expect(take(candles, by: handler))
    #expect(
      told.withLock { $0 } == [
        .link(.prices, of: .bybit, on: line, isUp: true, detail: ""),
        .link(.liquidations, of: .bybit, on: line, isUp: true, detail: ""),
      ] + signs)
    clock.advance(by: .milliseconds(1))
    #expect(take(#"{"success":true,"op":"pong"}"#, by: handler))
    #expect(told.withLock { $0.count } == 4)
    #expect(take(candles, by: handler))
    #expect(told.withLock { Array($0.dropFirst(4)) } == signs)
  }

  @Test(arguments: [("Buy", PositionSide.long), ("Sell", .short)])
  func `a liquidation names the side of the position`(side: String, closed: PositionSide) {
    let handler = handler()
    let frame =
      #"{"topic":"allLiquidation.ROSEUSDT","type":"snapshot","ts":1,"data":[{"T":1795176000000,"#
      + #""s":"ROSEUSDT","S":"\#(side)","v":"20000","p":"0.04499"}]}"#
    #expect(take(frame, by: handler))
    #expect(
      book.market == [
        .liquidation(
          Liquidation(
            venue: .bybit, symbol: "ROSEUSDT", closed: closed, price: "0.04499",
            averagePrice: "0.04499", quantity: "20000", time: .noon))
      ])
  }

  @Test(
    arguments: [
      "", "nonsense", "{\"topic\":", #"{"topic":"tickers.X","data":{"symbol":"X"}}"#,
      #"{"topic":"tickers.X","data":{},"ts":1}"#,
      #"{"topic":"allLiquidation.X","data":[{"T":1,"s":"X","S":"Up","v":"1","p":"1"}]}"#,
      #"{"topic":"tickers.X","data":{"symbol":"X","lastPrice":"1e99"},"ts":1}"#,
    ])
  func `a frame that can't be read costs itself alone`(frame: String) {
    let handler = handler()
    #expect(!take(frame, by: handler))
    #expect(book.market == [])
    #expect(
      take(#"{"topic":"tickers.X","data":{"symbol":"X","lastPrice":"2"},"ts":1}"#, by: handler))
    #expect(book.market.count == 1)
  }

  @Test func `the links are not up for a pong alone`() {
    let handler = handler()
    for _ in 0..<2 {
      #expect(take(#"{"success":true,"ret_msg":"pong","op":"ping"}"#, by: handler))
    }
    #expect(book.words.isEmpty)
  }

  @Test func `every recorded public frame is read or known to be none of ours`() throws {
    guard Fixtures.root != nil else { return }
    let handler = handler()
    var frames: [String] = []
    for kind in ["json", "jsonl"] {
      for folder in ["bybit/ws-public", "bybit/live"] {
        for file in Fixtures.files(under: folder, extension: kind) {
          let text = String(decoding: try Fixtures.bytes(of: file), as: UTF8.self)
          frames += kind == "json" ? [text] : text.split(separator: "\n").map(String.init)
        }
      }
    }
    for frame in frames { #expect(take(frame, by: handler), "\(frame)") }
    #expect(book.words.count { $0.hasPrefix("ticker") } == 8)
    #expect(
      book.words.filter { $0.hasPrefix("liquidation") } == [
        "liquidation ROSEUSDT short", "liquidation BTCUSDT long", "liquidation BTCUSDT long",
      ])
  }

  @Test func `symbols are followed once, and again on a new connection`() async throws {
    let server = ScriptedStream { text, socket in
      if text.contains("ETHUSDT"), text.contains("BTCUSDT") { socket.send(Self.tick) }
      if text.contains("SOLUSDT"), !text.contains("ETHUSDT") { socket.reset() }
    }
    try await server.serving { address in
      var listening = Listening()
      listening.account = false
      try await listening.to(address) { streams in
        streams.follow(["ETHUSDT", "BTCUSDT"])
        await server.said.wait(for: "opened /v5/public/linear")
        streams.follow(["BTCUSDT"])
        await listening.book.chronicle.wait(for: "link prices up")
        streams.follow(["SOLUSDT", "BTCUSDT"])
        await listening.book.chronicle.wait(for: "link liquidations down")
        await listening.reconnect()
        await server.said.wait(for: "opened /v5/public/linear", times: 2)
        await server.said.wait(
          for: #"{"op":"subscribe","args":["tickers.BTCUSDT","allLiquidation.BTCUSDT","#
            + #""tickers.ETHUSDT","allLiquidation.ETHUSDT","tickers.SOLUSDT","#
            + #""allLiquidation.SOLUSDT"],"req_id":"3"}"#)
      }
    }
  }

  @Test func `where liquidations alone are listened to, nothing is said of prices`() async throws {
    let server = ScriptedStream { text, socket in
      if text.contains("BTCUSDT") { socket.send(Self.tick) }
    }
    try await server.serving { address in
      var listening = Listening()
      listening.account = false
      listening.feeds = PublicFeeds(tickers: false, liquidations: true)
      try await listening.to(address) { streams in
        streams.follow(topics: [PublicTopic(.ticker, of: "BTCUSDT")])
        await listening.book.chronicle.wait(for: "link liquidations up")
      }
      #expect(!listening.book.words.contains { $0.contains("prices") })
    }
  }

  /// More topics than one connection takes: the second one has its own sign of life, and its own end.
  @Test func `each connection is told by itself, and what speaks all the time is on each`()
    async throws
  {
    let server = ScriptedStream { text, socket in
      if text.contains("subscribe"), text.contains("tickers.BTCUSDT") { socket.send(Self.tick) }
      if text.contains("tickers.S2800USDT") { socket.reset() }
    }
    try await server.serving { address in
      var listening = Listening()
      listening.account = false
      listening.feeds = PublicFeeds()
      let (first, second) = (LinkLine("Bybit public 0"), LinkLine("Bybit public 1"))
      let book = listening.book
      try await listening.to(address) { streams in
        streams.keepAlive(by: PublicTopic(.ticker, of: "BTCUSDT"))
        await book.chronicle.wait(for: "link prices up")
        #expect(book.events.contains(.link(.prices, of: .bybit, on: first, isUp: true, detail: "")))
        streams.follow((1000...2900).map { Symbol(venueName: "S\($0)USDT") })
        await book.chronicle.wait(for: "link prices up", times: 2)
        await book.chronicle.wait(for: "link prices down")
        let downs = book.events.compactMap { event -> LinkLine? in
          if case .link(.prices, _, let line, isUp: false, _) = event { line } else { nil }
        }
        #expect(downs == [second])
        #expect(
          book.events.contains(.link(.prices, of: .bybit, on: second, isUp: true, detail: "")))
      }
    }
  }

  @Test
  func `a server that answers no subscription is left, and asked again on the next connection`()
    async throws
  {
    let server = ScriptedStream { _, _ in }
    try await server.serving { address in
      var listening = Listening()
      listening.account = false
      listening.answerTimeout = .milliseconds(20)
      try await listening.to(address) { streams in
        streams.follow(["BTCUSDT"])
        await server.said.wait(for: "opened /v5/public/linear")
        await listening.reconnect()
        await server.said.wait(for: "opened /v5/public/linear", times: 2)
        while server.said.lines.count(where: { $0.contains("subscribe") }) < 2, !Task.isCancelled {
          await Task.yield()
        }
      }
      #expect(listening.book.words.contains("link prices down"))
    }
  }

  @Test func `many symbols are subscribed to in parts`() async throws {
    let server = ScriptedStream { _, _ in }
    try await server.serving { address in
      var listening = Listening()
      listening.account = false
      listening.feeds = PublicFeeds()
      try await listening.to(address) { streams in
        streams.follow((100...220).map { Symbol(venueName: "S\($0)USDT") })
        while server.said.lines.count < 4, !Task.isCancelled { await Task.yield() }
      }
      let counts = server.said.lines.dropFirst().map { $0.split(separator: "tickers.").count - 1 }
      #expect(counts == [50, 50, 21])
    }
  }
}
