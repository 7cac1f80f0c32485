import Logging
import Loopback
import Synchronization
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

/// Books, prints, candles and the account against the loopback Binance, over real sockets.
@Suite(.timeLimit(.minutes(1)))
struct LoopbackFeedTests {
  /// Keeps what a listener of books and candles hears.
  final class Ear: MarketListener {
    struct Heard {
      var books = 0
      var crossed = 0
      var levels = 0
      var lost: [String] = []
      var candles: [Candle] = []
    }

    private let state = Mutex(Heard())
    var heard: Heard { state.withLock { $0 } }

    func changed(_ book: borrowing OrderBook, depth: Int?, at time: Timestamp) {
      let isCrossed = book.isCrossed
      let levels = book.bids.count + book.asks.count
      state.withLock { heard in
        heard.books += 1
        heard.crossed += isCrossed ? 1 : 0
        heard.levels = levels
      }
    }

    func lostBook(of symbol: Symbol, depth: Int?, because reason: String) {
      state.withLock { $0.lost.append(reason) }
    }

    func changed(_ candle: Candle) { state.withLock { $0.candles.append(candle) } }
  }

  private let book = EventBook()
  private let ear = Ear()
  /// The world's time and the bot's.
  private let time = ManualClock()
  private let ours = ManualClock()

  private func listening(
    _ paths: Binance.BinanceSettings.StreamPaths = .split,
    roles: Set<BinanceStreams.Role>,
    _ body: @Sendable (LoopbackWorld, BinanceStreams, BinanceREST) async throws -> Void
  ) async throws {
    let thread = EventLoopThread()
    let http = CurlHTTPClient()
    let log = Logger(label: "binance") { _ in SwiftLogNoOpLogHandler() }
    try await LoopbackWorld.serving(
      LoopbackOptions(seed: 3), clock: time, chance: SeededRandom(seed: 1)
    ) { world in
      let settings = Binance.BinanceSettings(
        webSocketURL: world.addresses.binanceStreams, restURL: world.addresses.binanceREST,
        streamPaths: paths)
      let keys = BinanceKeys(
        key: Secret(world.addresses.apiKey), signer: .hmac(Secret(world.addresses.apiSecret)))
      let rest = try BinanceREST(
        http: http, settings: settings, keys: keys, clock: ours, log: log)
      let streams = BinanceStreams(
        settings: settings, rest: rest, roles: roles, listener: ear,
        connector: WebSocketConnector(chance: SeededRandom(seed: 1)), loop: thread.loop,
        clock: ours, chance: SeededRandom(seed: 2), log: log)
      let running = Task { await streams.run(publish: book.take) }
      do {
        try await body(world, streams, rest)
      } catch {
        running.cancel()
        await running.value
        throw error
      }
      running.cancel()
      await running.value
    }
    await thread.shutdown()
    await http.shutdown()
  }

  /// Lets the world's time pass, beat by beat, until it is so; the test's time limit ends it.
  private func pass(until isSo: () -> Bool) async {
    while !isSo(), !Task.isCancelled { await time.passSleep(of: LoopbackExchange.beat) }
  }

  /// Lets our back-off pass until it is so.
  private func wait(until isSo: () -> Bool) async {
    while !isSo(), !Task.isCancelled {
      if ours.sleeperCount > 0 { ours.advance(by: .milliseconds(100)) }
      await Task.yield()
    }
  }

  @Test(arguments: Binance.BinanceSettings.StreamPaths.allCases)
  func `books, prints, best prices and candles of what is followed are told`(
    paths: Binance.BinanceSettings.StreamPaths
  ) async throws {
    try await listening(paths, roles: [.prices]) { _, streams, _ in
      streams.followBooks(["BTCUSDT"])
      streams.follow(["BTCUSDT"])
      streams.followCandles(["BTCUSDT"], .oneMinute)
      await pass {
        ear.heard.books > 20 && !ear.heard.candles.isEmpty && book.words.contains("trade BTCUSDT")
          && book.market.contains { event in
            if case .ticker(let ticker) = event {
              ticker.bid != nil && ticker.ask != nil
            } else {
              false
            }
          }
      }
      #expect(ear.heard.crossed == 0 && ear.heard.levels > 20 && ear.heard.lost.isEmpty)
      #expect(ear.heard.candles.allSatisfy { $0.isCoherent && $0.interval == .oneMinute })
      #expect(book.words.contains("link prices up") && !book.words.contains("link liquidations up"))
    }
  }

  @Test func `a listen key that expires is replaced, and the account is read again`() async throws {
    try await listening(roles: [.account]) { world, _, rest in
      await wait { book.words.contains("gap") }
      let url = try RequestURL(world.addresses.control).appending(path: "/control/binance/expire")
      let http = CurlHTTPClient()
      _ = try await http.send(.json([:], to: url)).checked()
      await http.shutdown()
      await wait { book.words.count { $0 == "gap" } >= 2 }
      #expect(
        book.words.filter { $0.hasPrefix("link") } == [
          "link account up", "link account down", "link account up",
        ])
      // The new stream speaks. Our clock went on meanwhile, the venue's did not.
      await rest.measureClock()
      _ = try await rest.place(.entry(id: "liq-b-1"))
      await book.chronicle.wait(for: "fill liq-b-1")
      await book.chronicle.wait(for: "position BTCUSDT long 0.1")
    }
  }

  @Test func `a connection is relieved before its day is over, without a break`() async throws {
    let changes = Mutex<[RollingWebSocket.Event]>([])
    let thread = EventLoopThread()
    try await LoopbackWorld.serving(
      LoopbackOptions(seed: 3), clock: time, chance: SeededRandom(seed: 1)
    ) { world in
      let settings = Binance.BinanceSettings(webSocketURL: world.addresses.binanceStreams)
      let handlers = Mutex(0)
      let stream = RollingWebSocket(
        connector: WebSocketConnector(chance: SeededRandom(seed: 1)), loop: thread.loop,
        clock: ours, chance: SeededRandom(seed: 2),
        address: { () async throws(WebSocketError) in
          try settings.address(.market, streams: ["!markPrice@arr@1s"])
        },
        observe: { event in changes.withLock { $0.append(event) } },
        makeHandler: { _, isRelief in
          handlers.withLock { $0 += 1 }
          return MarketHandler(isUp: isRelief, clock: ours, publish: book.take)
        })
      let running = Task { await stream.run() }
      await ours.waitForSleeper(until: .noon + RollingWebSocket.life)
      ours.advance(by: RollingWebSocket.life)
      await ours.waitForSleeper(until: .noon + RollingWebSocket.life + RollingWebSocket.overlap)
      #expect(handlers.withLock { $0 } == 2)
      ours.advance(by: RollingWebSocket.overlap)
      // From here on the fresh one is watched, for a day of its own.
      await ours.waitForSleeper(
        until: .noon + RollingWebSocket.life * 2 + RollingWebSocket.overlap)
      let words = book.words.count { $0 == "ticker BTCUSDT" }
      await pass { book.words.count { $0 == "ticker BTCUSDT" } > words }
      #expect(changes.withLock { $0 } == [.opened, .relieved])
      running.cancel()
      await running.value
    }
    await thread.shutdown()
  }

  @Test func `a session is logged on with an Ed25519 key, and then needs no signature`()
    async throws
  {
    guard let bytes = try Fixtures.bytes("vectors/binance-client-requests.json") else { return }
    let vectors = try JSONValue(parsing: bytes)
    let secret = try vectors.string("ed25519PrivateKeyPkcs8Base64")
    let keys = BinanceKeys(key: Secret("key"), signer: try SigningKey(pem: Secret(secret)))
    let socket = TradeSocket(keys: keys, receiveWindow: .seconds(5), timeout: .seconds(5))
    let signed = socket.parameters(
      [("symbol", "BTCUSDT"), ("orderId", "7")], at: .noon, signed: true)
    #expect(signed.keys == ["apiKey", "orderId", "recvWindow", "symbol", "timestamp", "signature"])
    #expect(signed["orderId"] == 7 && signed["timestamp"] == 1_795_176_000_000)
    #expect(
      signed["signature"]?.stringValue
        == keys.signature(
          of: "apiKey=key&orderId=7&recvWindow=5000&symbol=BTCUSDT&timestamp=1795176000000"))
    let bare = socket.parameters([("symbol", "BTCUSDT")], at: .noon, signed: false)
    #expect(bare.keys == ["recvWindow", "symbol", "timestamp"])
  }
}
