import EngineCore
import TestSupport
import Testing
import TradingModel

/// The engine as the guard runs it, and as it starts after the guard.
struct StandInTests {
  @Test func `the guard enters nothing, even where an engine would`() {
    var bot = Script()
    #expect(bot.liquidate().entries.count == 1)
    var guardian = Script { $0.isStandIn = true }
    #expect(guardian.liquidate().entries.isEmpty)
    #expect(guardian.effects.refusals == ["guard: the guard enters nothing"])
  }

  @Test func `what an engine opened gets the stop of its plan, and no module is shown`() throws {
    var account = ScriptedAccount()
    account.open("BTCUSDT", .long, "0.1", now: .noon)
    let trip = RoundTrip(
      id: "liq-1-1", key: "BTCUSDT", side: .long, owner: .engine(.liquidation),
      openedAt: .noon - .hours(1), quantity: "0.1", averageEntry: "60000", entries: 1)
    let state = RestoredState(openRoundTrips: [trip], lastFillAt: .noon)
    var bot = Script(restored: state, venue: account)
    var guardian = Script({ $0.isStandIn = true }, restored: state, venue: account)
    bot.pass(.seconds(2))
    guardian.pass(.seconds(2))
    #expect(!guardian.effects.protections.isEmpty)
    #expect(guardian.effects.protections == bot.effects.protections)
    #expect(guardian.snapshot.modules.isEmpty)
  }

  @Test func `it never says that all is well, and leaves hello and goodbye to others`() {
    var script = Script { $0.isStandIn = true }
    script.pass(.seconds(20))
    #expect(script.snapshot.state == .degraded)
    #expect(script.snapshot.troubles.first == "the bot is down, the guard has the chat")
    script.send(.stopping)
    let isSilent = !script.effects.alerts.contains {
      if case .started = $0 { true } else { $0 == .stopping }
    }
    #expect(isSilent)
  }

  @Test func `it protects and closes as the bot does`() throws {
    var account = ScriptedAccount()
    account.open("BTCUSDT", .long, "0.1", now: .noon)
    var script = Script(
      { settings in
        settings.isStandIn = true
        settings.protectManual = true
      }, venue: account)
    script.pass(.seconds(3))
    #expect(!script.effects.protections.isEmpty)
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(3))
    #expect(script.effects.closes.count == 1)
    #expect(try #require(script.effects.report(of: 1)).isFlat)
  }

  @Test func `started too often it comes up paused, over restarts, and says so`() {
    var state = RestoredState()
    state.loopingStarts = 3
    let script = Script(restored: state)
    #expect(script.snapshot.state == .paused)
    #expect(script.effects.alerts.contains(.restartLoop(starts: 3)))
    let isRecorded = script.effects.records.contains {
      if case .lock(let lock) = $0 { lock.kind == .paused(nil) } else { false }
    }
    #expect(isRecorded)
  }

  @Test func `the start tells for how long the guard had the chat`() {
    var state = RestoredState()
    state.guardedFor = .seconds(192)
    var script = Script(restored: state)
    script.pass(.seconds(11))
    let reports = script.effects.alerts.compactMap { news in
      if case .started(let report) = news { report } else { nil }
    }
    #expect(reports.map(\.guardedFor) == [.seconds(192)])
  }
}
