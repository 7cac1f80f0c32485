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
  private let book = EventBook()
  /// The world's time and the bot's.
  private let time = ManualClock()
  private let ours = ManualClock()

  /// Listens to a world while `body` runs.
  private func listening(_ body: @Sendable (LoopbackWorld) async throws -> Void) async throws {
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
      try await body(world)
      running.cancel()
      await running.value
    }
    await thread.shutdown()
  }

  /// Lets a second of the world pass, beat by beat, each when the one before is over.
  private func passSecond() async {
    for _ in 0..<10 { await time.passSleep(of: LoopbackExchange.beat) }
  }

  /// Lets the world's time pass until that was told so often. Nobody says when a connection stands:
  /// what is sent before is not heard. Ends with the test's time limit.
  private func pass(until words: String, times count: Int = 1) async {
    while book.words.count(where: { $0 == words }) < count, !Task.isCancelled {
      await passSecond()
    }
  }

  @Test func `liquidations, tickers and marks of a falling market are told`() async throws {
    try await listening { world in
      await pass(until: "link liquidations up")
      await world.exchange.jump(["BTCUSDT"], by: .percent(-10))
      await pass(until: "liquidation BTCUSDT long")
      #expect(book.words.first == "link liquidations up")
      let tickers = book.market.compactMap { event -> Ticker? in
        if case .ticker(let ticker) = event, ticker.symbol == "BTCUSDT" { ticker } else { nil }
      }
      #expect(tickers.contains { $0.mark != nil && $0.last == nil })
      #expect(tickers.contains { $0.last != nil && $0.vwap24h != nil && $0.mark == nil })
    }
  }

  @Test func `a lost stream is told and comes back`() async throws {
    try await listening { world in
      world.faults.add(
        FaultRule(service: "binance_stream", endpoint: "!markPrice@arr@1s", Fault("cut"), skip: 1))
      await pass(until: "link liquidations down")
      while ours.sleeperCount == 0, !Task.isCancelled { await Task.yield() }
      ours.advance(by: .seconds(1))
      await pass(until: "link liquidations up", times: 2)
    }
  }
}
