import EngineCore
import TestSupport
import Testing
import TradingModel

struct CloseTests {
  @Test
  func `a close reads back flat twice and reports averages, result and fees`() throws {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", at: "59000", stop: "57000", now: script.now)
    script.pass(.seconds(6))
    script.command(1, .close(.symbols(["BTCUSDT"]), share: .one, thenPause: false))
    script.pass(.seconds(2))
    let report = try #require(script.effects.report(of: 1))
    #expect(report.isFlat && report.flatReadings == 2)
    let item = try #require(report.items.first)
    #expect(item.before == "0.12" && item.wanted == "0.12" && item.left == .zero)
    #expect(item.averageExit == "60000")
    #expect(report.realised == "120")
    #expect(report.fees == "0.1")
    #expect(report.phases.map(\.phase) == [.cancel, .close, .verify, .report])
    let close = try #require(script.effects.closes.first)
    #expect(script.effects.closes.count == 1)
    #expect(close.reduceOnly && close.side == .sell && close.quantity == "0.12")
    #expect(close.id.command == CommandID(1) && close.id.owner == .risk)
  }

  @Test
  func `all means every position of the account, known to the bot or not, in its own slot`() {
    var script = Script()
    script.liquidate()
    script.venue.open("XYZUSDT", .short, "7", slot: .hedgeShort, now: script.now)
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(2))
    #expect(script.venue.positions.isEmpty)
    let close = script.effects.closes.first { $0.symbol == "XYZUSDT" }
    #expect(close?.slot == .hedgeShort && close?.side == .buy && close?.quantity == "7")
  }

  @Test(arguments: [(CloseScope.losers, "ETHUSDT"), (.winners, "BTCUSDT")])
  func `losers and winners are told apart by the reading`(scope: CloseScope, closed: String) {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.1", at: "59000", stop: "50000", now: script.now)
    script.venue.open("ETHUSDT", .long, "1", at: "3100", stop: "2000", now: script.now)
    script.command(1, .close(scope, share: .one, thenPause: false))
    script.pass(.seconds(2))
    #expect(script.effects.closes.map(\.symbol.name) == [closed])
    #expect(script.effects.report(of: 1)?.isFlat == true)
  }

  @Test
  func `a share closes that much on the step and no more`() throws {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.011", stop: "50000", now: script.now)
    script.command(1, .close(.all, share: .percent(50), thenPause: false))
    script.pass(.seconds(3))
    #expect(script.effects.closes.map(\.quantity) == ["0.005"])
    #expect(script.venue.positions["BTCUSDT"]?.quantity == "0.006")
    #expect(script.effects.report(of: 1)?.isFlat == true)
  }

  // The smallest order is 5: less is refused, and less that stays could not be closed later.
  @Test(
    arguments: [("20", 10, "5"), ("8", 50, "8"), ("20", 50, "10")] as [(Quantity, Int32, Quantity)])
  func `a share is at least the smallest order, as the preview says`(
    open: Quantity, percent: Int32, closed: Quantity
  ) {
    var script = Script()
    let rules = Instrument.example("BTCUSDT", step: "1", minimum: "5")
    script.send(.instruments([rules]))
    script.venue.open("BTCUSDT", .long, open, stop: "50000", now: script.now)
    script.command(1, .close(.all, share: .percent(percent), thenPause: false))
    script.pass(.seconds(3))
    #expect(script.effects.closes.map(\.quantity) == [closed])
    #expect(open.closing(.percent(percent), under: rules) == closed)
  }

  @Test
  func `what a close leaves open is closed again on a new reading`() {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.venue.closesAtMost = "0.05"
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(4))
    #expect(script.effects.closes.map(\.quantity) == ["0.12", "0.07", "0.02"])
    #expect(script.effects.report(of: 1)?.isFlat == true)
  }

  @Test
  func `110017 on a close means read again: flat is flat`() throws {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.pass(.seconds(6))
    // The stop closed it, and the reading does not show that yet.
    script.venue.closeErrors["BTCUSDT"] = [.reduceOnly]
    script.command(1, .close(.symbols(["BTCUSDT"]), share: .one, thenPause: false))
    script.venue.positions = [:]
    script.pass(.seconds(4))
    let report = try #require(script.effects.report(of: 1))
    #expect(report.isFlat)
    #expect(report.items.first?.wasFlat == true)
    #expect(script.effects.closes.count == 1)
    #expect(!script.effects.alerts.contains { if case .closeFailed = $0 { true } else { false } })
  }

  @Test
  func `110017 with the position still there is told and tried again`() {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.venue.closeErrors["BTCUSDT"] = [.reduceOnly]
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(3))
    #expect(script.effects.closes.count == 2)
    #expect(script.effects.alerts.contains { if case .closeFailed = $0 { true } else { false } })
    #expect(script.venue.positions.isEmpty)
  }

  @Test
  func `a refused slot is left out the next time`() {
    var script = Script()
    script.venue.open("BTCUSDT", .short, "0.12", slot: .hedgeShort, stop: "90000", now: script.now)
    script.venue.closeErrors["BTCUSDT"] = [.rejected(.wrongPositionMode, code: 10_001)]
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(1))
    #expect(script.effects.closes.prefix(2).map(\.slot) == [.hedgeShort, .oneWay])
  }

  @Test
  func `one symbol that fails does not keep the others open`() {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.venue.open("ETHUSDT", .long, "2", stop: "2000", now: script.now)
    script.venue.closeErrors["BTCUSDT"] = [.unreachable("no route")]
    script.venue.isStubborn = true
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(125))
    let report = script.effects.report(of: 1)
    #expect(report?.isFlat == false)
    #expect(report?.left.map(\.key) == ["BTCUSDT"])
    #expect(script.effects.closes.count { $0.symbol == "BTCUSDT" } == 10)
    #expect(script.effects.closes.count { $0.symbol == "ETHUSDT" } == 1)
    #expect(script.effects.alerts.contains { if case .notFlat = $0 { true } else { false } })
  }

  @Test
  func `no close is sent while the fate of the one before is open`() {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.venue.closeErrors["BTCUSDT"] = [.outcomeUnknown]
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(2))
    var readsBetween = 0
    var closes = 0
    for effect in script.effects {
      if case .reduce = effect { closes += 1 }
      if case .readAccount = effect, closes == 1 { readsBetween += 1 }
    }
    #expect(closes == 2)
    #expect(readsBetween >= 1)
    #expect(script.venue.positions.isEmpty)
  }

  @Test
  func `with the stream silent the readings alone bring it to an end, with the fills fetched`() {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.pass(.seconds(6))
    script.venue.isStreamSilent = true
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(4))
    let report = script.effects.report(of: 1)
    #expect(report?.isFlat == true)
    #expect(report?.fees == "0.1")
    #expect(script.effects.closes.count == 1)
  }

  @Test
  func `dust is said to be dust and not tried`() {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.0004", stop: "50000", now: script.now)
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(2))
    #expect(script.effects.closes.isEmpty)
    #expect(script.effects.report(of: 1)?.items.first?.isDust == true)
    #expect(script.effects.report(of: 1)?.isFlat == true)
  }

  @Test
  func `nothing open is said so, and a named symbol was flat already`() {
    var script = Script()
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(2))
    #expect(script.effects.outcome(of: 1) == .refused(.nothingOpen))
    script.venue.orders = [.resting("BTCUSDT", venueID: "o1")]
    script.command(2, .close(.symbols(["BTCUSDT"]), share: .one, thenPause: false))
    script.pass(.seconds(2))
    #expect(script.effects.report(of: 2)?.items.first?.wasFlat == true)
    #expect(script.effects.report(of: 2)?.ordersCancelled == 1)
  }

  @Test
  func `stops of closed positions go when the account is flat, never before`() throws {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", now: script.now)
    script.venue.orders = [
      .resting("BTCUSDT", venueID: "stop", side: .sell, role: .stop, trigger: "50000")
    ]
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(2))
    let close = try #require(
      script.effects.firstIndex { if case .reduce = $0 { true } else { false } })
    let cancel = try #require(
      script.effects.firstIndex { if case .cancel = $0 { true } else { false } })
    #expect(close < cancel)
    #expect(script.venue.orders.isEmpty)
  }

  @Test
  func `a second close of the same scope joins the first, and both get the report`() {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.command(2, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(2))
    #expect(script.effects.closes.count == 1)
    #expect(script.effects.outcomes(of: 2).first == .joined(CommandID(1)))
    #expect(script.effects.report(of: 1) != nil)
    #expect(script.effects.report(of: 2) == script.effects.report(of: 1))
  }

  @Test
  func `a close of something else runs beside it, one that overlaps waits`() {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.venue.open("ETHUSDT", .long, "2", stop: "2000", now: script.now)
    script.command(1, .close(.symbols(["BTCUSDT"]), share: .percent(50), thenPause: false))
    script.command(2, .close(.symbols(["ETHUSDT"]), share: .one, thenPause: false))
    script.command(3, .close(.symbols(["BTCUSDT"]), share: .one, thenPause: false))
    script.pass(.milliseconds(300))
    #expect(script.effects.closes.map(\.symbol) == ["BTCUSDT", "ETHUSDT"])
    script.pass(.seconds(4))
    #expect(script.effects.closes.map(\.quantity) == ["0.06", "2", "0.06"])
    #expect(script.venue.positions.isEmpty)
  }

  @Test
  func `the same command twice is one`() {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.command(1, .close(.all, share: .percent(50), thenPause: false))
    script.pass(.seconds(3))
    script.command(1, .close(.all, share: .percent(50), thenPause: false))
    script.pass(.seconds(3))
    #expect(script.effects.closes.count == 1)
  }

  @Test
  func `a close taken up again closes only what is left, and says so`() throws {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.pass(.seconds(6))
    let begun = script.now
    script.command(7, .close(.all, share: .percent(50), thenPause: false))
    // Killed here; the venue goes on.
    var restarted = Script(at: script.now + .seconds(5), venue: script.venue)
    #expect(restarted.venue.positions["BTCUSDT"]?.quantity == "0.06")
    restarted.command(
      7, .close(.all, share: .percent(50), thenPause: false), isResumed: true, at: begun)
    restarted.pass(.seconds(3))
    #expect(restarted.effects.closes.isEmpty)
    let report = try #require(restarted.effects.report(of: 7))
    #expect(report.isFlat)
    #expect(report.items.first?.before == "0.12")
    #expect(report.warnings.contains("taken up again after a restart"))
  }

  @Test
  func `a close taken up again whose position is gone reports its own result`() throws {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", at: "59000", stop: "57000", now: script.now)
    script.pass(.seconds(6))
    let begun = script.now
    script.command(7, .close(.all, share: .one, thenPause: false))
    let trip = RoundTrip(
      id: "t", key: "BTCUSDT", side: .long, owner: .manual, openedAt: begun - .hours(1),
      quantity: "0.12", averageEntry: "59000", reasonIn: "")
    var restarted = Script(
      restored: RestoredState(openRoundTrips: [trip], lastFillAt: begun - .seconds(1)),
      at: script.now + .seconds(5), venue: script.venue)
    restarted.command(
      7, .close(.all, share: .one, thenPause: false), isResumed: true, at: begun)
    restarted.pass(.seconds(3))
    let report = try #require(restarted.effects.report(of: 7))
    #expect(report.realised == "120" && report.fees == "0.1")
    #expect(report.items.first?.averageEntry == "59000")
  }

  @Test
  func `close and pause keeps the engine from entering again`() {
    var script = Script()
    script.liquidate()
    script.command(1, .close(.symbols(["BTCUSDT"]), share: .one, thenPause: true))
    script.pass(.seconds(2))
    #expect(script.snapshot.locks.map(\.kind) == [.paused(.liquidation)])
    #expect(script.liquidate("ETHUSDT").entries.isEmpty)
  }

  @Test
  func `progress is told at each phase and at most twice a second between`() {
    var script = Script()
    script.venue.open("BTCUSDT", .long, "0.12", stop: "50000", now: script.now)
    script.venue.closeErrors["BTCUSDT"] = [.unreachable("no route")]
    script.venue.isStubborn = true
    script.command(1, .close(.all, share: .one, thenPause: false))
    let told = script.pass(.seconds(10)).count {
      if case .progress = $0 { true } else { false }
    }
    #expect((2...25).contains(told))
  }
}
