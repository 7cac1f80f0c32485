import Loopback
import Simulation
import Synchronization
import TestSupport
import Testing
import TradingModel

/// The exchange behind the loopback venues: pace, pauses, recordings.
struct ExchangeTests {
  private final class Ear: ExchangeListener {
    let news = Mutex<[MarketNews]>([])
    func marketMoved(_ news: MarketNews) { self.news.withLock { $0.append(news) } }
    var events: [MarketEvent] { news.withLock { $0.flatMap(\.events) } }
  }

  private func time(of event: MarketEvent) -> Timestamp {
    switch event {
    case .liquidation(let event): event.time
    case .trade(let event): event.time
    case .ticker(let event): event.time
    }
  }

  @Test func `a faster market tells more, in order and never from the future`() async {
    var counts: [Int] = []
    for speed in [Ratio.one, .times(10)] {
      let clock = ManualClock()
      let exchange = LoopbackExchange(
        market: SyntheticMarket(seed: 3, start: clock.now), speed: speed, clock: clock)
      let ear = Ear()
      await exchange.add(ear)
      for _ in 1...20 {
        clock.advance(by: .milliseconds(100))
        await exchange.advance()
        #expect(ear.events.allSatisfy { time(of: $0) <= clock.now })
      }
      let times = ear.events.map(time)
      #expect(times == times.sorted())
      counts.append(times.count)
    }
    #expect(counts[1] > counts[0] * 5)
  }

  /// A price is told with the time at which it was made; an order may have come since.
  @Test func `nothing closes a position before it was opened`() async throws {
    let clock = ManualClock()
    let market = ScriptedMarket()
    let exchange = LoopbackExchange(market: market, clock: clock)
    let made = clock.now
    clock.advance(by: .milliseconds(300))
    try await exchange.open("BTCUSDT", side: .long, size: .quantity("0.1"), leverage: "5")
    try await exchange.carryOut { (venue, now) throws(PaperRejection) in
      _ = try venue.setTradingStop(PositionKey("BTCUSDT"), stop: .at("63900"), at: now)
    }
    market.happen(
      .trade(
        Trade(
          venue: .bybit, symbol: "BTCUSDT", price: "63000", quantity: "1", aggressor: .sell,
          time: made)))
    await exchange.advance()
    let times = await exchange.read { venue, _ in venue.executionHistory.map(\.time) }
    #expect(times.count == 2 && times == times.sorted())
  }

  @Test func `a pause holds the market, and it goes on from where it stood`() async {
    let clock = ManualClock()
    let exchange = LoopbackExchange(
      market: SyntheticMarket(seed: 3, start: clock.now), clock: clock)
    await exchange.setPaused(true)
    let before = await exchange.bybit
    clock.advance(by: .minutes(30))
    await exchange.advance()
    #expect(await exchange.bybit == before)
    await exchange.setPaused(false)
    clock.advance(by: .seconds(1))
    let ear = Ear()
    await exchange.add(ear)
    await exchange.advance()
    // One second of nine contracts, not half an hour.
    #expect(!ear.events.isEmpty && ear.events.count < 200)
  }

  @Test func `after a jump of the clock old news is not told, but it has happened`() async {
    let clock = ManualClock()
    let exchange = LoopbackExchange(
      market: SyntheticMarket(seed: 3, start: clock.now), clock: clock)
    let ear = Ear()
    await exchange.add(ear)
    let before = await exchange.bybit
    clock.advance(by: .minutes(10))
    await exchange.advance()
    #expect(await exchange.bybit != before)
    #expect(!ear.events.isEmpty)
    #expect(ear.events.allSatisfy { clock.now - time(of: $0) <= .seconds(5) })
  }

  @Test func `a recording plays on both venues, its silences cut short`() async throws {
    let trades = """
      1700000000000,BTCUSDT,1,64000.10,0.5,1700000000000,True
      1700003600000,BTCUSDT,2,64100.10,0.5,1700003600000,False

      """
    let liquidations =
      "ETH,SELL,LIMIT,IOC,0.50,3190.00,3200.00,FILLED,0.50,0.50,1700003600500,1600.0\n"
    let feed = try ReplayFeed([
      RecordedFile(name: "trades", bytes: Array(trades.utf8)),
      RecordedFile(name: "liquidations", bytes: Array(liquidations.utf8)),
    ])
    let clock = ManualClock()
    let exchange = LoopbackExchange(market: RecordedMarket(feed), clock: clock)
    let ear = Ear()
    await exchange.add(ear)
    await exchange.advance()
    #expect(await exchange.bybit["BTCUSDT"]?.last == "64000.1")
    #expect(await exchange.binance["ETHUSDT"] == nil)
    clock.advance(by: .milliseconds(5_500))  // An hour and half a second of the recording.
    await exchange.advance()
    #expect(await exchange.bybit["BTCUSDT"]?.last == "64100.1")
    #expect(await exchange.bybit["ETHUSDT"]?.last == "3200")
    let told = ear.events.filter { if case .liquidation = $0 { true } else { false } }
    #expect(told.map(\.symbol) == ["ETHUSDT"])
    #expect(await exchange.jump(["BTCUSDT", "NOUSDT"], by: .percent(-50)) == ["BTCUSDT"])
    #expect(await exchange.bybit["BTCUSDT"]?.last == "32050")
  }
}
