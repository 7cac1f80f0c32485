import EngineCore
import Logging
import TestSupport
import Testing
import TradingModel

@testable import Engine

@Suite(.timeLimit(.minutes(1))) struct WatchTests {
  private let clock = ManualClock()
  private let chronicle = Chronicle()
  private let posted = Chronicle()

  private var post: @Sendable (EngineEvent.Body) -> Void {
    { [posted] body in
      switch body {
      case .clockSkew(let skew): posted.write("skew \(skew.wholeMilliseconds)")
      case .flagFile(let present, let reason): posted.write("flag \(present) \(reason)")
      default: posted.write("other")
      }
    }
  }

  @Test func `the venue's clock is measured at the start, every ten minutes and when asked`() async
  {
    let venue = ScriptedVenue(clock: clock, chronicle: chronicle)
    let watch = ClockWatch(market: venue, clock: clock, log: Logger(label: "test"))
    venue.setClock(offBy: .milliseconds(-700))
    // Two of five may fail: the median of the rest counts.
    venue.script(.serverTime, .fails(.unreachable("")), .works, .fails(.unreachable("")))
    await withDiscardingTaskGroup { group in
      group.addTask { await watch.run(post: post) }
      await posted.wait(for: "skew -700")
      #expect(chronicle.lines.count == 5)
      venue.setClock(offBy: .seconds(1))
      watch.measureSoon()
      await clock.passSleep(of: ClockWatch.shortestInterval)
      await posted.wait(for: "skew 1000")
      venue.setClock(offBy: .seconds(2))
      await clock.passSleep(of: ClockWatch.shortestInterval)
      await clock.waitForSleeper(until: .noon + ClockWatch.interval)
      clock.advance(by: ClockWatch.interval)
      await posted.wait(for: "skew 2000")
      group.cancelAll()
    }
  }

  @Test func `every answered request tells how long it took`() async {
    let venue = ScriptedVenue(clock: clock)
    let times = Chronicle()
    let watch = ClockWatch(
      market: venue, clock: clock, log: Logger(label: "test"),
      onRoundTrip: { times.write("\($0)") })
    venue.script(.serverTime, .fails(.unreachable("")))
    _ = await watch.measure()
    #expect(times.lines.count == ClockWatch.roundTrips - 1)
  }

  @Test func `three failed round trips measure nothing`() async {
    let venue = ScriptedVenue(clock: clock)
    let watch = ClockWatch(market: venue, clock: clock, log: Logger(label: "test"))
    let fail = ScriptedVenue.Act.fails(.unreachable(""))
    venue.script(.serverTime, fail, fail, fail)
    #expect(await watch.measure() == nil)
  }

  @Test func `contracts are read at the start, again while that fails, hourly and when asked`()
    async
  {
    let venue = ScriptedVenue(clock: clock, chronicle: chronicle)
    let watch = RuleWatch(market: venue, clock: clock, log: Logger(label: "test"))
    venue.show(instruments: [.example("BTCUSDT")])
    venue.script(.instruments, .fails(.unreachable("down")), .fails(.unreachable("down")))
    await withDiscardingTaskGroup { group in
      group.addTask { await watch.run { [posted] in posted.write("\($0.count) contracts") } }
      await clock.passSleep(of: RuleWatch.firstRetry)
      await clock.passSleep(of: RuleWatch.firstRetry * 2)
      await posted.wait(for: "1 contracts")
      #expect(chronicle.lines == ["instruments", "instruments", "instruments"])
      watch.readSoon()
      watch.readSoon()
      await clock.passSleep(of: RuleWatch.shortestInterval)
      await posted.wait(for: "1 contracts", times: 2)
      await clock.passSleep(of: RuleWatch.shortestInterval)
      await clock.waitForSleeper(until: .noon + RuleWatch.interval)
      clock.advance(by: RuleWatch.interval)
      await posted.wait(for: "1 contracts", times: 3)
      group.cancelAll()
    }
  }

  @Test func `the flag is told of first, and then whenever it changes`() async {
    let store = ScriptedStateFiles()
    let watch = FlagFileWatch(store: store, clock: clock)
    await withDiscardingTaskGroup { group in
      group.addTask { await watch.run(post: post) }
      await posted.wait(for: "flag false ")
      store.put(FlagFile(reason: "holiday", time: .noon))
      await clock.passSleep(of: FlagFileWatch.interval)
      await posted.wait(for: "flag true holiday")
      await clock.passSleep(of: FlagFileWatch.interval)
      store.put(nil)
      await clock.passSleep(of: FlagFileWatch.interval)
      await posted.wait(for: "flag false ", times: 2)
      group.cancelAll()
    }
    #expect(posted.lines == ["flag false ", "flag true holiday", "flag false "])
  }

  @Test func `the bot's own flag is no news, that it was taken away is`() async {
    let store = ScriptedStateFiles()
    let ours = FlagFile(reason: "daily stop", time: .noon, isOurs: true)
    let watch = FlagFileWatch(store: store, clock: clock)
    await withDiscardingTaskGroup { group in
      group.addTask { await watch.run(post: post) }
      await posted.wait(for: "flag false ")
      store.put(ours)
      await clock.passSleep(of: FlagFileWatch.interval)
      await clock.passSleep(of: FlagFileWatch.interval)
      store.put(nil)
      await clock.passSleep(of: FlagFileWatch.interval)
      await posted.wait(for: "flag false ", times: 2)
      store.put(FlagFile(reason: "holiday", time: .noon))
      await clock.passSleep(of: FlagFileWatch.interval)
      await posted.wait(for: "flag true holiday")
      store.put(ours)
      await clock.passSleep(of: FlagFileWatch.interval)
      await posted.wait(for: "flag false ", times: 3)
      group.cancelAll()
    }
    #expect(
      posted.lines == ["flag false ", "flag false ", "flag true holiday", "flag false "])
  }

  @Test func `a panic of another program is told as long as its file lies there`() async {
    let store = ScriptedStateFiles()
    store.put(panic: PanicFile(reason: "fire", startedAt: .noon, isFlat: true))
    let watch = FlagFileWatch(store: store, clock: clock)
    await withDiscardingTaskGroup { group in
      group.addTask {
        await watch.run { [posted] body in
          if case .panicFile(let file) = body { posted.write("panic \(file.reason)") }
        }
      }
      await posted.wait(for: "panic fire")
      await clock.passSleep(of: FlagFileWatch.interval)
      await posted.wait(for: "panic fire", times: 2)
      group.cancelAll()
    }
  }
}
