import EngineCore
import TestSupport
import Testing
import TradingModel

/// What a lock still has to close, who else may have closed or locked, and the files that show it.
struct LockScopeTests {
  private func longterm(_ settings: inout EngineSettings) {
    settings.longterm = ["ETHUSDT"]
    settings.allowlist = ["BTCUSDT"]
  }

  /// A panic that includes the long-term position, which does not close.
  private func failed() -> Script {
    var script = Script(longterm)
    script.venue.open("ETHUSDT", .long, "2", stop: "2000", now: script.now)
    script.venue.closeErrors["ETHUSDT"] = [.rejected(.serverBusy)]
    script.venue.isStubborn = true
    script.command(1, .panicWithLongterm)
    script.pass(.seconds(123))
    return script
  }

  private func isNotFlat(_ outcome: CommandOutcome?) -> Bool {
    if case .refused(.notFlat)? = outcome { true } else { false }
  }

  @Test
  func `a panic of long-term symbols is not unlocked while one is open`() {
    var script = failed()
    #expect(script.snapshot.locks.first?.takesLongterm == true)
    script.command(2, .unlock)
    #expect(isNotFlat(script.effects.outcome(of: 2)))
    script.venue.positions = [:]
    script.command(3, .unlock)
    #expect(script.effects.outcome(of: 3) == .done)
  }

  @Test
  func `after a restart it goes on with them`() {
    let before = failed()
    var venue = before.venue
    venue.closeErrors = [:]
    var script = Script(
      longterm, restored: RestoredState(locks: before.snapshot.locks), at: before.now,
      venue: venue)
    script.command(2, .unlock)
    #expect(isNotFlat(script.effects.outcome(of: 2)))
    script.pass(.seconds(12))
    #expect(script.venue.positions.isEmpty)
    #expect(script.snapshot.locks.first?.isFlat == true)
    #expect(script.snapshot.locks.first?.takesLongterm == false)
  }

  @Test
  func `a panic or a day limit that spares them does not make that lock flat`() {
    var script = failed()
    script.command(2, .panic)
    script.pass(.seconds(3))
    #expect(script.snapshot.locks.first?.takesLongterm == true)
    script.venue.closeErrors = [:]
    script.pass(.minutes(3))
    #expect(script.venue.positions.isEmpty)
    #expect(script.snapshot.locks.first?.isFlat == true)
  }

  @Test
  func `a flat one leaves alone what is bought for long afterwards`() {
    var script = failed()
    script.venue.closeErrors = [:]
    script.pass(.minutes(2))
    #expect(script.snapshot.locks.first?.isFlat == true)
    script.venue.open("ETHUSDT", .long, "1", now: script.now)
    script.command(2, .unlock)
    #expect(script.effects.outcome(of: 2) == .done)
  }

  // MARK: A panic beside this one

  @Test(arguments: [true, false])
  func `a later panic of another program reopens a lock that was flat`(isFlat: Bool) {
    var script = Script()
    script.command(1, .panic)
    script.pass(.seconds(3))
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.pass(.seconds(6))
    #expect(script.effects.closes.isEmpty)
    let file = PanicFile(reason: "by command line (root)", startedAt: script.now, isFlat: isFlat)
    script.send(.panicFile(file))
    #expect(script.snapshot.locks.first?.isFlat == isFlat)
    script.pass(.seconds(10))
    #expect(script.venue.positions.isEmpty == !isFlat)
    #expect(script.snapshot.locks.first?.isFlat == true)
    let closes = script.effects.closes.count
    script.send(.panicFile(file))
    script.pass(.seconds(10))
    #expect(script.effects.closes.count == closes)
  }

  @Test
  func `an earlier panic of another program, and a stranger's file, reopen nothing`() {
    var script = Script()
    script.pass(.seconds(10))
    script.command(1, .panic)
    script.pass(.seconds(3))
    script.send(.panicFile(PanicFile(reason: "", startedAt: .noon, isFlat: false)))
    script.send(
      .panicFile(PanicFile(reason: "", startedAt: script.now, isFlat: false, isOurs: false)))
    #expect(script.snapshot.locks.first?.isFlat == true)
  }

  @Test
  func `a panic of another program that takes more is taken over while this one closes`() {
    var script = Script(longterm)
    script.venue.open("ETHUSDT", .long, "2", stop: "2000", now: script.now)
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.venue.closeErrors["BTCUSDT"] = [.rejected(.serverBusy)]
    script.venue.isStubborn = true
    script.command(1, .panic)
    script.pass(.seconds(5))
    script.send(
      .panicFile(
        PanicFile(reason: "", startedAt: script.now, isFlat: false, takesLongterm: true)))
    script.venue.closeErrors = [:]
    script.pass(.seconds(30))
    #expect(script.venue.positions.isEmpty)
    #expect(script.snapshot.locks.first?.isFlat == true)
  }

  @Test
  func `the end of one panic does not make the lock of the next one flat`() {
    var script = Script()
    script.venue.isStreamSilent = true
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.command(1, .panic)
    while script.snapshot.locks.first?.isFlat != true, script.now < .noon + .seconds(20) {
      script.pass(.milliseconds(100))
    }
    #expect(script.effects.outcome(of: 1) == nil, "its executions are still waited for")
    script.venue.open("ETHUSDT", .long, "2", stop: "2000", now: script.now)
    script.venue.closeErrors["ETHUSDT"] = [.rejected(.serverBusy)]
    script.venue.isStubborn = true
    script.command(2, .panic)
    script.pass(.seconds(5))
    #expect(script.effects.report(of: 1)?.isFlat == true)
    #expect(script.snapshot.locks.first?.isFlat == false)
  }

  // MARK: The flag

  private var dayLock: Lock {
    Lock.day(reason: "daily stop -5.00%", at: .noon - .hours(1))
  }

  private func flags(_ effects: [Effect]) -> Int {
    effects.files.count { if case .tradingDisabled = $0 { true } else { false } }
  }

  @Test
  func `when a hand's flag goes, or ours is taken away, the day lock shows its own`() {
    var script = Script(restored: RestoredState(locks: [dayLock]))
    #expect(flags(script.effects) == 1, "at the start, too")
    #expect(flags(script.send(.flagFile(present: true, reason: "holiday"))) == 0)
    #expect(flags(script.send(.flagFile(present: false, reason: ""))) == 1)
    #expect(script.snapshot.locks.map(\.kind) == [.day])
    #expect(flags(script.send(.flagFile(present: false, reason: ""))) == 1)
  }

  @Test
  func `without a day lock no flag is written`() {
    var script = Script()
    script.send(.flagFile(present: true, reason: "holiday"))
    script.send(.flagFile(present: false, reason: ""))
    #expect(flags(script.effects) == 0)
  }
}
