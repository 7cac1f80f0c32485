import EngineCore
import TestSupport
import Testing
import TradingModel

struct PanicTests {
  @Test
  func `the lock is durable and shown before the first order leaves`() throws {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    let effects = script.command(1, .panic)
    let lock = try #require(
      effects.firstIndex {
        if case .record(.lock(let lock)) = $0 { lock.kind == .panic } else { false }
      })
    let file = try #require(
      effects.firstIndex {
        if case .writeStateFile(.panicLock(let report, _)) = $0 { !report.isFlat } else { false }
      })
    let orders = try #require(
      effects.firstIndex { if case .cancelAll = $0 { true } else { false } })
    #expect(lock < file && file < orders)
  }

  @Test
  func `all orders but stops are cancelled, all positions closed, and the state is locked`() throws
  {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.venue.open("ETHUSDT", .short, "2", stop: "4000", now: script.now)
    script.venue.orders = [
      .resting("SOLUSDT", venueID: "o1"),
      .resting("BTCUSDT", venueID: "s1", side: .sell, role: .stop, trigger: "50000"),
    ]
    script.command(1, .panic)
    script.pass(.seconds(3))
    let report = try #require(script.effects.report(of: 1))
    #expect(report.isFlat && report.ordersCancelled == 1)
    #expect(report.phases.map(\.phase) == FlattenReport.Phase.allCases)
    #expect(script.effects.contains(.cancelAll(symbol: nil, keepingProtection: true)))
    #expect(script.snapshot.state == .locked)
    #expect(script.snapshot.locks.first?.isFlat == true)
    #expect(script.effects.alerts.contains { if case .flattened = $0 { true } else { false } })
    #expect(script.liquidate().entries.isEmpty)
  }

  @Test
  func `what weighs most is closed first`() {
    var script = Script()
    script.venue.prices["SOLUSDT"] = "150"
    script.venue.open("BTCUSDT", .long, "0.01", stop: "50000", now: script.now)
    script.venue.open("ETHUSDT", .short, "2", stop: "4000", now: script.now)
    script.venue.open("SOLUSDT", .long, "10", stop: "100", now: script.now)
    script.command(1, .panic)
    #expect(script.effects.closes.map(\.symbol.name) == ["ETHUSDT", "SOLUSDT", "BTCUSDT"])
  }

  @Test
  func `when the last close is taken the account is read at once`() throws {
    var script = Script()
    script.venue.isStreamSilent = true
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    let effects = script.command(1, .panic)
    let readings = effects.indices.filter {
      if case .readAccount = effects[$0] { true } else { false }
    }
    let close = try #require(
      effects.firstIndex { if case .reduce = $0 { true } else { false } })
    #expect(readings.count == 2)
    #expect(readings.first.map { $0 < close } == true && readings.last.map { $0 > close } == true)
    script.pass(.milliseconds(500))
    #expect(script.effects.report(of: 1) == nil, "one reading is not two")
    script.pass(.seconds(3))
    #expect(script.effects.report(of: 1)?.isFlat == true)
  }

  func `a venue that takes four seconds to read the account is flattened all the same`() throws {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.readDelay = .seconds(4)
    script.command(1, .panic)
    script.pass(.seconds(20))
    #expect(script.venue.positions.isEmpty)
    #expect(script.effects.report(of: 1)?.isFlat == true)
  }

  @Test
  func `a venue that wants no reading yet is read when it does`() {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.venue.readError = .rateLimited(retryAfter: .seconds(2))
    let asked = script.command(1, .panic) + script.pass(.milliseconds(1900))
    #expect(asked.count { if case .readAccount = $0 { true } else { false } } == 1)
    script.venue.readError = nil
    script.pass(.seconds(3))
    #expect(script.effects.report(of: 1)?.isFlat == true)
  }

  @Test
  func `not flat after two minutes: the lock stands, says so, and can't be lifted`() throws {
    var script = Script()
    script.venue.open("ETHUSDT", .long, "1.5", stop: "2000", now: script.now)
    script.venue.closeErrors["ETHUSDT"] = [.rejected(.serverBusy)]
    script.venue.isStubborn = true
    script.command(1, .panic)
    script.pass(.seconds(119))
    #expect(script.effects.outcome(of: 1) == nil)
    script.pass(.seconds(4))
    let report = try #require(script.effects.report(of: 1))
    #expect(!report.isFlat && report.left.first?.left == "1.5")
    #expect(script.snapshot.locks.first?.isFlat == false)
    #expect(script.effects.alerts.contains { if case .notFlat = $0 { true } else { false } })
    script.command(2, .unlock)
    guard case .refused(.notFlat(let open))? = script.effects.outcome(of: 2) else {
      Issue.record("unlocked while not flat")
      return
    }
    #expect(open.map(\.position.symbol) == ["ETHUSDT"])
    // Closed by hand in the venue's app.
    script.venue.positions = [:]
    script.command(3, .unlock)
    #expect(script.effects.outcome(of: 3) == .done)
    #expect(script.effects.files.contains(.panicUnlocked))
  }

  @Test
  func `what was given up is tried again with growing waits until it is flat`() {
    var script = Script()
    script.venue.open("ETHUSDT", .long, "1.5", stop: "2000", now: script.now)
    script.venue.closeErrors["ETHUSDT"] = [.rejected(.serverBusy)]
    script.venue.isStubborn = true
    script.command(1, .panic)
    script.pass(.seconds(123))
    #expect(script.effects.report(of: 1)?.isFlat == false)
    let closes = script.effects.closes.count
    script.pass(.seconds(8))
    #expect(script.effects.closes.count > closes)
    script.venue.closeErrors = [:]
    script.pass(.seconds(10))
    #expect(script.venue.positions.isEmpty)
    #expect(script.snapshot.locks.first?.isFlat == true)
    let quiet = script.effects.count { if case .cancelAll = $0 { true } else { false } }
    script.pass(.minutes(5))
    #expect(script.effects.count { if case .cancelAll = $0 { true } else { false } } == quiet)
  }

  @Test
  func `a kill that keeps positions ends the trying`() {
    var script = Script()
    script.venue.open("ETHUSDT", .long, "1.5", stop: "2000", now: script.now)
    script.venue.closeErrors["ETHUSDT"] = [.rejected(.serverBusy)]
    script.venue.isStubborn = true
    script.command(1, .panic)
    script.pass(.seconds(123))
    script.command(2, .kill(flatten: false))
    let closes = script.effects.closes.count
    script.pass(.minutes(3))
    #expect(script.effects.closes.count == closes)
    // Also after a restart.
    var restarted = Script(
      restored: RestoredState(locks: script.snapshot.locks), at: script.now,
      venue: script.venue)
    restarted.pass(.minutes(1))
    #expect(restarted.effects.closes.isEmpty)
  }

  @Test
  func `a day limit that closes the rest makes the panic lock flat, too`() throws {
    var script = Script()
    script.venue.open("ETHUSDT", .long, "1.5", stop: "2000", now: script.now)
    script.pass(.seconds(6))
    script.venue.closeErrors["ETHUSDT"] = [.rejected(.serverBusy)]
    script.venue.isStubborn = true
    script.command(1, .panic)
    script.pass(.seconds(122))
    script.venue.closeErrors = [:]
    script.move("ETHUSDT", to: "2500")
    script.pass(.seconds(20))
    #expect(script.venue.positions.isEmpty)
    #expect(script.snapshot.locks.map(\.kind) == [.panic, .day])
    #expect(script.snapshot.locks.map(\.isFlat) == [true, true])
  }

  @Test
  func `keeping positions is remembered under a halt from before, and taken back by a panic`() {
    var script = Script()
    script.command(1, .kill(flatten: false))
    script.pass(.seconds(6))
    script.venue.open("ETHUSDT", .long, "1.5", stop: "2000", now: script.now)
    script.venue.closeErrors["ETHUSDT"] = [.rejected(.serverBusy)]
    script.venue.isStubborn = true
    script.command(2, .panic)
    script.pass(.seconds(123))
    script.command(3, .kill(flatten: false))
    var kept = Script(
      restored: RestoredState(locks: script.snapshot.locks), at: script.now, venue: script.venue)
    kept.pass(.minutes(1))
    #expect(kept.effects.closes.isEmpty)
    kept.command(4, .panic)
    kept.pass(.seconds(5))
    #expect(!kept.effects.closes.isEmpty)
    let closed = kept.effects.closes.count
    var again = Script(
      restored: RestoredState(locks: kept.snapshot.locks), at: kept.now, venue: kept.venue)
    again.pass(.seconds(30))
    #expect(!again.effects.closes.isEmpty && closed > 0)
  }

  @Test
  func `a panic lock that is not flat goes on after a restart`() {
    var venue = ScriptedAccount()
    venue.open("ETHUSDT", .long, "1.5", stop: "2000", now: .noon)
    let lock = Lock(
      kind: .panic, reason: "by Ana", since: .noon - .minutes(20), isFlat: false)
    var script = Script(restored: RestoredState(locks: [lock]), venue: venue)
    script.pass(.seconds(10))
    #expect(script.venue.positions.isEmpty)
    #expect(script.snapshot.locks.first?.isFlat == true)
  }

  @Test
  func `an entry whose fate is unknown keeps the account from being called flat`() {
    var script = Script()
    script.venue.entryError = .outcomeUnknown
    script.venue.isStreamSilent = true
    #expect(script.liquidate().entries.count == 1)
    script.venue.entryError = nil
    script.venue.readError = .unreachable("no route")
    script.command(1, .panic)
    script.pass(.seconds(5))
    script.venue.readError = nil
    // It has filled after all.
    script.venue.open("BTCUSDT", .long, "0.01", now: script.now)
    script.pass(.seconds(5))
    #expect(script.venue.positions.isEmpty)
    #expect(script.effects.report(of: 1)?.items.map(\.key) == ["BTCUSDT"])
  }

  @Test
  func `an entry without an answer is waited for before flat is believed`() {
    var script = Script()
    script.venue.hangsEntries = true
    let entry = script.liquidate().entries.first
    script.command(1, .panic)
    script.pass(.seconds(20))
    #expect(script.effects.outcome(of: 1) == nil)
    if let entry { script.send(.answer(.notPlaced(entry, .unreachable("called back")))) }
    script.pass(.seconds(3))
    #expect(script.effects.report(of: 1)?.isFlat == true)
  }

  @Test
  func `a second panic joins the first`() {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.command(1, .panic)
    script.command(2, .panic)
    script.pass(.seconds(3))
    #expect(script.effects.closes.count == 1)
    #expect(script.effects.outcomes(of: 2).first == .joined(CommandID(1)))
    #expect(script.effects.report(of: 2)?.isFlat == true)
  }

  @Test
  func `panic takes over a close that runs`() {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.command(1, .close(.all, share: .percent(50), thenPause: false))
    script.command(2, .panic)
    script.pass(.seconds(3))
    #expect(script.effects.outcomes(of: 1).first == .joined(CommandID(2)))
    #expect(script.effects.report(of: 2)?.isFlat == true)
    #expect(script.venue.positions.isEmpty)
  }

  @Test
  func `an account that can't be read back is never called flat`() {
    var script = Script()
    script.venue.readError = .unreachable("no route")
    script.command(1, .panic)
    script.pass(.seconds(125))
    #expect(script.effects.report(of: 1)?.isFlat == false)
    #expect(script.effects.closes.isEmpty)
    script.command(2, .unlock)
    guard case .refused(.accountUnknown)? = script.effects.outcome(of: 2) else {
      Issue.record("unlocked without knowing the account")
      return
    }
  }

  @Test
  func `kill with flatten leaves both locks, and each ends by its own word`() {
    var script = Script()
    script.liquidate()
    script.command(1, .kill(flatten: true))
    script.pass(.seconds(3))
    #expect(script.effects.report(of: 1)?.isFlat == true)
    #expect(script.snapshot.locks.map(\.kind) == [.panic, .halted])
    script.command(2, .resume(nil))
    #expect(script.effects.outcome(of: 2) == .refused(.locked(.panic)))
    script.command(3, .unlock)
    #expect(script.effects.outcome(of: 3) == .done)
    #expect(script.snapshot.state == .halted)
    script.command(4, .resume(nil))
    #expect(script.effects.outcome(of: 4) == .done)
    #expect(script.snapshot.state == .running)
  }

  @Test
  func `without a working store panic runs all the same, and says it is not recorded`() {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.send(.journal(isWorking: false, detail: "disk full"))
    script.command(1, .panic)
    script.pass(.seconds(3))
    #expect(script.effects.report(of: 1)?.isFlat == true)
    #expect(script.effects.report(of: 1)?.isUnrecorded == true)
  }

  // MARK: Other programs, long-term symbols

  @Test
  func `a panic of another program locks here, too, once, until it is lifted`() throws {
    var script = Script()
    let file = PanicFile(reason: "by command line (root)", startedAt: .noon, isFlat: true)
    script.send(.panicFile(file))
    #expect(script.snapshot.state == .locked)
    #expect(script.snapshot.locks.first?.reason == "by command line (root)")
    #expect(script.effects.alerts.contains { if case .locked = $0 { true } else { false } })
    #expect(script.liquidate().entries.isEmpty)

    let before = script.effects.count
    script.send(.panicFile(file))
    #expect(script.effects.count == before)
    script.command(1, .unlock)
    script.pass(.seconds(1))
    #expect(script.snapshot.locks.isEmpty)
    script.send(.panicFile(file))
    #expect(script.snapshot.locks.isEmpty, "its file may lie there a moment longer")
    script.send(.panicFile(PanicFile(reason: "", startedAt: .noon + .hours(1), isFlat: true)))
    #expect(script.snapshot.state == .locked)
  }

  @Test(arguments: [true, false])
  func `what another program of ours left open is closed here; a stranger's file only locks`(
    isOurs: Bool
  ) {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.pass(.seconds(1))
    script.send(
      .panicFile(PanicFile(reason: "", startedAt: .noon, isFlat: false, isOurs: isOurs)))
    script.pass(.seconds(10))
    #expect(script.snapshot.state == .locked)
    #expect(script.effects.closes.isEmpty == !isOurs)
    #expect(script.snapshot.locks.first?.isFlat == true)
  }

  @Test
  func `long-term symbols are left alone unless they are asked for`() throws {
    for (deed, isClosed) in [(OperatorCommand.Deed.panic, false), (.panicWithLongterm, true)] {
      var script = Script {
        $0.longterm = ["ETHUSDT"]
        $0.allowlist = ["BTCUSDT"]
      }
      script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
      script.venue.open("ETHUSDT", .long, "2", stop: "2000", now: script.now)
      script.command(1, deed)
      script.pass(.seconds(3))
      #expect(try #require(script.effects.report(of: 1)).isFlat)
      #expect(script.effects.closes.contains { $0.symbol == "BTCUSDT" })
      #expect(script.effects.closes.contains { $0.symbol == "ETHUSDT" } == isClosed)
    }
  }

  @Test
  func `a panic of everything does not join one that leaves something alone`() throws {
    var script = Script {
      $0.longterm = ["ETHUSDT"]
      $0.allowlist = ["BTCUSDT"]
    }
    script.venue.open("ETHUSDT", .long, "2", stop: "2000", now: script.now)
    script.command(1, .panic)
    script.command(2, .panicWithLongterm)
    script.command(3, .panic)
    script.pass(.seconds(3))
    #expect(script.effects.closes.contains { $0.symbol == "ETHUSDT" })
    #expect(try #require(script.effects.report(of: 2)).isFlat)
    #expect(script.effects.outcomes(of: 1).first == .joined(CommandID(2)))
    #expect(script.effects.outcomes(of: 3).first == .joined(CommandID(2)))
  }

  @Test
  func `why it was pressed stands in the lock`() {
    var script = Script()
    script.send(
      .command(
        OperatorCommand(
          id: CommandID(1), deed: .panic, by: "HTTP", why: "fire", at: script.now)))
    #expect(script.snapshot.locks.first?.reason == "by HTTP: fire")
  }
}
