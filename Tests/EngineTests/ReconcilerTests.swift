import EngineCore
import Logging
import TestSupport
import Testing
import TradingModel

@testable import Engine

@Suite(.timeLimit(.minutes(1))) struct ReconcilerTests {
  private let clock = ManualClock()
  private let chronicle = Chronicle()
  private let venue: ScriptedVenue
  private let reconciler: Reconciler

  init() {
    venue = ScriptedVenue(clock: clock, chronicle: chronicle)
    reconciler = Reconciler(
      reader: venue, candles: venue, clock: clock, log: Logger(label: "test"))
  }

  @Test func `those who ask during a reading share the next one`() async {
    let latch = Latch()
    venue.script(.readAccount, .waits(latch))
    async let first = reconciler.read(ReadTicket(1))
    await chronicle.wait(for: "readAccount")
    await withTaskGroup(of: EngineEvent.Answer.self) { group in
      for number in 2...5 as ClosedRange<UInt64> {
        group.addTask { await reconciler.read(ReadTicket(number)) }
      }
      while await reconciler.waitingCount < 4 { await Task.yield() }
      clock.advance(by: .seconds(1))
      latch.open()
      for await answer in group {
        guard case .accountRead(_, let reading) = answer else {
          Issue.record("\(answer)")
          continue
        }
        #expect(reading.startedAt == .noon(plus: 1000), "begun after the question")
      }
    }
    guard case .accountRead(ReadTicket(1), let reading) = await first else {
      Issue.record("the first was not answered")
      return
    }
    #expect(reading.startedAt == .noon)
    #expect(chronicle.lines == ["readAccount", "readAccount"])
  }

  @Test func `a reading whose time was refused has the clock measured`() async {
    let told = Chronicle()
    let reconciler = Reconciler(
      reader: venue, candles: venue, clock: clock, log: Logger(label: "test"),
      onClockSkew: { told.write("skew") })
    let refused = ScriptedVenue.Act.fails(.clockSkew("10002"))
    venue.script(.readAccount, refused)
    venue.script(.fills, refused)
    venue.script(.transfers, refused)
    _ = await reconciler.read(ReadTicket(1))
    _ = await reconciler.readFills(since: .noon)
    _ = await reconciler.readLedger(since: .noon)
    #expect(told.lines == ["skew", "skew", "skew"])
    venue.script(.readAccount, .fails(.unreachable("down")))
    _ = await reconciler.read(ReadTicket(2))
    #expect(told.lines.count == 3)
  }

  @Test func `a reading that hangs is given up after ten seconds`() async {
    venue.script(.readAccount, .hangs)
    async let answer = reconciler.read(ReadTicket(1))
    await clock.passSleep(of: .seconds(10))
    #expect(await answer == .accountNotRead(ReadTicket(1), .outcomeUnknown))
    let next = await reconciler.read(ReadTicket(2))
    guard case .accountRead(ReadTicket(2), _) = next else {
      Issue.record("\(next)")
      return
    }
  }

  @Test func `what can't be read is told to the engine, which asks again`() async {
    venue.script(.fills, .fails(.unreachable("down")))
    venue.script(.transfers, .fails(.outcomeUnknown))
    #expect(await reconciler.readFills(since: .noon) == .fillsNotRead(.unreachable("down")))
    #expect(await reconciler.readLedger(since: .noon) == .ledgerNotRead(.outcomeUnknown))
    #expect(await reconciler.readFills(since: .noon) == .fillsRead([], since: .noon))
    let transfer = Transfer(id: "t1", amount: "50", time: .noon)
    venue.show(transfers: [transfer, Transfer(id: "t0", amount: "9", time: .noon - .seconds(1))])
    #expect(
      await reconciler.readLedger(since: .noon) == .ledgerRead(AccountLedger(transfers: [transfer]))
    )
  }

  @Test func `candles are read from the market, and a market that can't be read is told`() async {
    let candle = Candle(
      symbol: "BTCUSDT", interval: .oneMinute, openTime: .noon, open: "1", high: "1", low: "1",
      close: "1", volume: .zero, turnover: .zero, isClosed: true)
    venue.show(candles: [candle])
    let request = CandleRequest(symbol: "BTCUSDT", interval: .oneMinute, count: 5)
    #expect(await reconciler.readCandles(request) == .candlesRead(request, [candle]))
    venue.script(.candles, .fails(.unreachable("down")))
    #expect(
      await reconciler.readCandles(request) == .candlesNotRead(request, .unreachable("down")))
  }
}
