import Logging
import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

/// The streams against the loopback Binance, over a real socket.
@Suite(.timeLimit(.minutes(1)))
struct LoopbackStreamTests {
  /// Listens to a world whose clock the test moves.
  private func listening(
    _ body: @Sendable (LoopbackWorld, ManualClock, EventBook, ManualClock) async throws -> Void
  ) async throws {
    let time = ManualClock()
    let ours = ManualClock()
    let book = EventBook()
    let thread = EventLoopThread()
    try await LoopbackWorld.serving(
      LoopbackOptions(seed: 3), clock: time, chance: SeededRandom(seed: 1)
    ) { world in
      let streams = BinanceStreams(
        settings: Binance.BinanceSettings(webSocketURL: world.addresses.binanceStreams),
        connector: WebSocketConnector(chance: SeededRandom(seed: 1)), loop: thread.loop,
        clock: ours, chance: SeededRandom(seed: 2),
        log: Logger(label: "binance") { _ in SwiftLogNoOpLogHandler() })
      let running = Task { await streams.run(publish: book.take) }
      try await body(world, time, book, ours)
      running.cancel()
      await running.value
    }
    await thread.shutdown()
  }

  @Test func `liquidations, tickers and marks of a falling market are told`() async throws {
    try await listening { world, time, book, _ in
      // The first marks come with the first second after the connection stands.
      while book.words.isEmpty {
        time.advance(by: .milliseconds(200))
        await Task.yield()
      }
      await world.exchange.jump(["BTCUSDT"], by: .percent(-10))
      while !book.words.contains("liquidation BTCUSDT long") {
        time.advance(by: .milliseconds(200))
        await Task.yield()
      }
      #expect(book.words.first == "link liquidations up")
      let tickers = book.market.compactMap { event -> Ticker? in
        if case .ticker(let ticker) = event, ticker.symbol == "BTCUSDT" { ticker } else { nil }
      }
      #expect(tickers.contains { $0.mark != nil && $0.last == nil })
      #expect(tickers.contains { $0.last != nil && $0.vwap24h != nil && $0.mark == nil })
    }
  }

  @Test func `a lost stream is told and comes back`() async throws {
    try await listening { world, time, book, ours in
      world.faults.add(
        FaultRule(service: "binance_stream", endpoint: "!markPrice@arr@1s", Fault("cut"), skip: 1))
      while !book.words.contains("link liquidations down") {
        time.advance(by: .milliseconds(200))
        await Task.yield()
      }
      while ours.sleeperCount == 0 { await Task.yield() }
      ours.advance(by: .seconds(1))
      while book.words.count(where: { $0 == "link liquidations up" }) < 2 {
        time.advance(by: .milliseconds(200))
        await Task.yield()
      }
    }
  }
}
