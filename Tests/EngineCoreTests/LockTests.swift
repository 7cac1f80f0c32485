import EngineCore
import TestSupport
import Testing
import TradingModel

struct LockTests {
  @Test
  func `kill keeps positions and their stops, cancels entries and stays until resume`() throws {
    var script = Script()
    script.liquidate()
    script.venue.orders = [
      .resting("SOLUSDT", id: "liq-1-1", venueID: "o1"),
      .resting("SOLUSDT", id: "hand", venueID: "o2"),
    ]
    script.pass(.seconds(6))
    script.command(1, .kill(flatten: false))
    guard case .halted(let report)? = script.effects.outcome(of: 1) else {
      Issue.record("no halt report")
      return
    }
    #expect(report.enginesOff == 1 && report.entriesCancelled == 1)
    #expect(report.positionsKept.map(\.position.symbol) == ["BTCUSDT"])
    #expect(script.venue.orders.map(\.venueID) == ["o2"])
    #expect(script.effects.closes.isEmpty)
    #expect(script.snapshot.state == .halted)
    #expect(script.snapshot.modules.first?.state == .off)
    script.command(2, .resume(nil))
    #expect(script.effects.outcome(of: 2) == .done)
    #expect(script.snapshot.state == .running)
  }

  @Test(arguments: [
    EngineEvent.Body.flagFile(present: true, reason: "by hand"),
    .said(.pause(nil, for: nil)), .said(.pause(.liquidation, for: .seconds(30))),
    .said(.close(.all, share: .one, thenPause: true)), .said(.kill(flatten: false)),
    .said(.kill(flatten: true)), .said(.panic),
  ])
  func `whatever lock is put there, entries that have not left are called back before all else`(
    event: EngineEvent.Body
  ) throws {
    var script = Script()
    script.liquidate("ETHUSDT")
    script.venue.hangsEntries = true
    let entry = try #require(script.liquidate().entries.first)
    let effects = script.send(event)
    #expect(effects.first == .callBack(entry.id), "not behind a record that is being committed")
    let refused = script.send(.answer(.withheld(entry, .calledBack)))
    #expect(refused.alerts.isEmpty && refused.entries.isEmpty)
    #expect(script.snapshot.positions.count <= 1)
  }

  @Test
  func `a pause of another engine calls nothing back`() {
    var script = Script()
    script.venue.hangsEntries = true
    #expect(script.liquidate().entries.count == 1)
    let effects = script.command(1, .pause(.momentum, for: nil))
    #expect(!effects.contains { if case .callBack = $0 { true } else { false } })
  }

  @Test
  func `a lock that stands at the start is written down, so that the next start knows it`() {
    let lock = Lock(kind: .paused(nil), reason: "nobody was paired", since: .noon)
    let script = Script(restored: RestoredState(locks: [lock]))
    #expect(script.effects.records.contains(.lock(lock)))
    #expect(script.snapshot.state == .paused)
  }

  @Test
  func `a pause with a duration ends by itself`() {
    var script = Script()
    script.command(1, .pause(nil, for: .seconds(30)))
    #expect(script.snapshot.state == .paused)
    script.pass(.seconds(29))
    #expect(script.liquidate().entries.isEmpty)
    script.pass(.seconds(2))
    #expect(script.snapshot.state == .running)
    #expect(script.liquidate().entries.count == 1)
  }

  @Test
  func `resume is refused under a stricter lock, and names it`() {
    var script = Script()
    script.command(1, .resume(nil))
    #expect(script.effects.outcome(of: 1) == .refused(.notPaused))
    script.command(2, .pause(.liquidation, for: nil))
    script.command(3, .kill(flatten: false))
    script.command(4, .resume(.liquidation))
    #expect(script.effects.outcome(of: 4) == .refused(.locked(.halted)))
    script.send(.flagFile(present: true, reason: "by hand"))
    script.command(5, .resume(nil))
    #expect(script.effects.outcome(of: 5) == .refused(.locked(.flagFile)))
    script.send(.flagFile(present: false, reason: ""))
    script.command(6, .resume(nil))
    #expect(script.effects.outcome(of: 6) == .done)
    #expect(script.snapshot.locks.isEmpty)
  }

  @Test
  func `unlock without a lock says so`() {
    var script = Script()
    script.command(1, .unlock)
    #expect(script.effects.outcome(of: 1) == .refused(.nothingToUnlock))
  }

  @Test
  func `the flag file by hand locks, and lifts only its own lock`() {
    var script = Script()
    script.send(.flagFile(present: true, reason: "holiday"))
    #expect(script.snapshot.state == .locked)
    script.command(1, .panic)
    script.pass(.seconds(3))
    script.send(.flagFile(present: false, reason: ""))
    #expect(script.snapshot.locks.map(\.kind) == [.panic])
  }

  @Test
  func `what only the state files may have remembered is written down at the start`() {
    let lock = Lock(kind: .halted, reason: "by Ana", since: .noon - .hours(1))
    let baseline = DayBaseline(
      day: Timestamp.noon.day, equity: "1000", takenAt: .noon - .hours(1), isLate: false)
    let restored = RestoredState(baseline: baseline, locks: [lock])
    var engine = TradingEngine(settings: .example)
    let records = engine.handle(EngineEvent(.restored(restored), at: .noon)).records
    #expect(records.contains(.lock(lock)))
    #expect(records.contains(.baseline(baseline)))
  }

  @Test
  func `a flag told before the journal's memory is judged against it`() {
    let restored = RestoredState(
      locks: [Lock(kind: .flagFile, reason: "by hand", since: .noon - .hours(1))])
    var gone = TradingEngine(settings: .example)
    #expect(gone.handle(EngineEvent(.flagFile(present: false, reason: ""), at: .noon)).isEmpty)
    _ = gone.handle(EngineEvent(.restored(restored), at: .noon))
    #expect(gone.snapshot(at: .noon).locks.isEmpty)
    var put = TradingEngine(settings: .example)
    _ = put.handle(EngineEvent(.flagFile(present: true, reason: "by hand"), at: .noon))
    _ = put.handle(EngineEvent(.restored(RestoredState()), at: .noon))
    #expect(put.snapshot(at: .noon).locks.map(\.kind) == [.flagFile])
  }

  @Test
  func `a command before the start is over is refused, not lost`() {
    var engine = TradingEngine(settings: .example)
    let command = OperatorCommand(id: CommandID(1), deed: .panic, by: "Ana", at: .noon)
    let effects = engine.handle(EngineEvent(.command(command), at: .noon))
    #expect(
      effects.outcome(of: 1) == .refused(.accountUnknown(why: "the bot is still starting")))
  }

  @Test
  func `locks survive a restart, and one that ended meanwhile does not`() {
    let locks = [
      Lock(kind: .halted, reason: "by Ana", since: .noon - .hours(1)),
      Lock(kind: .paused(nil), reason: "by Ana", since: .noon - .hours(1), until: .noon),
    ]
    let script = Script(restored: RestoredState(locks: locks))
    #expect(script.snapshot.locks.map(\.kind) == [.halted])
    #expect(script.effects.records.contains(.unlock(.paused(nil))))
  }

  @Test
  func `allow adds what the venue trades, and refuses the unknown with the nearest`() {
    var script = Script()
    script.command(1, .allow(["SOLUSDT", "BTCUSDT"], for: nil))
    guard case .allowlistChanged(let change)? = script.effects.outcome(of: 1) else {
      Issue.record("not allowed")
      return
    }
    #expect(change.added == ["SOLUSDT"] && change.unchanged == ["BTCUSDT"] && change.count == 3)
    script.command(2, .allow(["SOLLUSDT", "ETHUSDT"], for: nil))
    #expect(
      script.effects.outcome(of: 2)
        == .refused(.unknownSymbols(["SOLLUSDT": ["SOLUSDT"]])))
    #expect(script.snapshot.allowlist.count == 3)
  }

  @Test
  func `a timed denial comes back by itself, and reports what stays open`() {
    var script = Script()
    script.liquidate()
    script.command(1, .deny(["BTCUSDT"], for: .seconds(60)))
    guard case .allowlistChanged(let change)? = script.effects.outcome(of: 1) else {
      Issue.record("not denied")
      return
    }
    #expect(change.removed == ["BTCUSDT"])
    #expect(change.stillOpen.map(\.position.symbol) == ["BTCUSDT"])
    #expect(script.snapshot.allowlist == ["ETHUSDT"])
    script.pass(.seconds(61))
    #expect(script.snapshot.allowlist == ["BTCUSDT", "ETHUSDT"])
  }

  @Test
  func `the allowlist of the journal wins over the one of the settings`() {
    let entry = AllowlistEntry(
      symbol: "SOLUSDT", by: "Ana", at: .noon, until: nil, isDenied: false)
    let script = Script(restored: RestoredState(allowlist: [entry]))
    #expect(script.snapshot.allowlist == ["SOLUSDT"])
  }

  @Test
  func `what can't be written down is not changed`() {
    var script = Script()
    script.send(.journal(isWorking: false, detail: "disk full"))
    script.command(1, .allow(["SOLUSDT"], for: nil))
    #expect(script.effects.outcome(of: 1) == .refused(.notRecorded))
    #expect(script.snapshot.allowlist.count == 2)
  }
}

extension EngineEvent.Body {
  fileprivate static func said(_ deed: OperatorCommand.Deed) -> EngineEvent.Body {
    .command(OperatorCommand(id: CommandID(1), deed: deed, by: "Ana", at: .noon))
  }
}
