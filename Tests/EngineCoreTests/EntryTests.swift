import EngineCore
import Risk
import TestSupport
import Testing
import TradingModel

struct EntryTests {
  @Test
  func `a liquidation far from the VWAP becomes an order with its stop and target`() throws {
    var script = Script()
    let effects = script.liquidate()
    let entry = try #require(effects.entries.first)
    #expect(effects.entries.count == 1)
    #expect(entry.side == .buy)
    #expect(entry.quantity == "0.005")
    #expect(entry.stop == "58200")
    #expect(entry.target == "61500")
    #expect(entry.id.owner == .engine(.liquidation))
    #expect(script.venue.positions["BTCUSDT"]?.quantity == "0.005")
  }

  @Test
  func `margin mode and leverage are set before the first entry, and not again`() {
    var script = Script()
    let first = script.liquidate("ETHUSDT")
    let prepare = first.firstIndex(of: .prepare("ETHUSDT", leverage: .times(3)))
    let place = first.firstIndex { if case .place = $0 { true } else { false } }
    #expect(prepare != nil && place != nil)
    if let prepare, let place { #expect(prepare < place) }
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(301))
    let second = script.liquidate("ETHUSDT")
    #expect(second.entries.count == 1)
    #expect(!second.contains(.prepare("ETHUSDT", leverage: .times(3))))
  }

  @Test
  func `orders are noted by the desk that sends them, not a second time here`() {
    var script = Script()
    script.liquidate()
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(3))
    #expect(script.effects.entries.count == 1 && script.effects.closes.count == 1)
    #expect(
      !script.effects.records.contains { if case .intent = $0 { true } else { false } })
  }

  @Test(arguments: [(true, 1), (false, 0)])
  func `with two sources a signal is judged on the market that it was seen on`(
    isFarOnBybit: Bool, entries: Int
  ) {
    var script = Script { $0.liquidation?.source = .both }
    for venue in [Venue.bybit, .binance] {
      let isFar = (venue == .bybit) == isFarOnBybit
      script.send(
        .market(
          .ticker(
            Ticker(
              venue: venue, symbol: "BTCUSDT", last: "60000",
              vwap24h: isFar ? "62000" : "60000", time: script.now))))
    }
    let effects = script.send(
      .market(
        .liquidation(.example("BTCUSDT", price: "60000", venue: .bybit, at: script.now))))
    #expect(effects.entries.count == entries)
  }

  @Test
  func `what was read back an hour ago, or reads otherwise now, is set again`() {
    var script = Script { $0.timings.readEvery = .seconds(2) }
    script.liquidate()
    #expect(!script.liquidate("ETHUSDT").entries.isEmpty)
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.minutes(30))
    #expect(!script.liquidate().contains(.prepare("BTCUSDT", leverage: .times(3))))
    // Changed by hand.
    script.venue.positions["BTCUSDT"]?.leverage = .times(20)
    script.pass(.seconds(5))
    script.command(2, .close(.all, share: .one, thenPause: false))
    script.pass(.minutes(5))
    #expect(script.liquidate().contains(.prepare("BTCUSDT", leverage: .times(3))))
    script.command(3, .close(.all, share: .one, thenPause: false))
    script.pass(.minutes(30))
    #expect(script.liquidate("ETHUSDT").contains(.prepare("ETHUSDT", leverage: .times(3))))
  }

  @Test
  func `where preparing fails nothing is entered, and it is told once`() {
    var script = Script()
    script.venue.prepareError = .rejected(.marginModeBlocked)
    let effects = script.liquidate()
    #expect(effects.entries.isEmpty)
    #expect(effects.alerts.count { if case .orderFailed = $0 { true } else { false } } == 1)
    script.venue.prepareError = nil
    script.pass(.seconds(1))
    #expect(script.liquidate().refusals.contains { $0.hasPrefix("preparation") })
    script.pass(.minutes(10), every: .seconds(1))
    #expect(script.liquidate().entries.count == 1)
  }

  @Test
  func `the same signal is acted on once`() {
    var script = Script()
    script.liquidate()
    let again = script.liquidate()
    #expect(again.entries.isEmpty)
    #expect(again.refusals.contains { $0.hasPrefix("signal-handled") })
  }

  @Test
  func `a restored signal is not acted on again`() throws {
    var script = Script()
    let effects = script.liquidate()
    let signal = try #require(
      effects.records.compactMap { if case .signal(let intent, _) = $0 { intent.id } else { nil } }
        .first)
    var restarted = Script(restored: RestoredState(recentSignals: [signal]))
    #expect(restarted.liquidate().entries.isEmpty)
  }

  @Test(arguments: [299, 301])
  func `a symbol rests after a loss, restart or not`(seconds: Int64) {
    let lost = RoundTrip.example(
      realised: "-3", openedAt: .noon - .hours(1), closedAt: .noon - .seconds(seconds))
    var restarted = Script(restored: RestoredState(closedToday: [lost]))
    let effects = restarted.liquidate()
    #expect(effects.entries.isEmpty == (seconds < 300))
    #expect(effects.refusals.contains { $0.contains("after a loss") } == (seconds < 300))
  }

  @Test
  func `a symbol rests after an entry, restart or not`() {
    let trip = RoundTrip.example(
      realised: "3", openedAt: .noon - .seconds(50), closedAt: .noon - .seconds(5))
    var restarted = Script(restored: RestoredState(closedToday: [trip]))
    #expect(restarted.liquidate().refusals.contains { $0.contains("after an entry") })
    restarted.pass(.seconds(12), every: .seconds(1))
    #expect(restarted.liquidate().entries.count == 1)
  }

  @Test
  func `every reason of a refusal is recorded and counted`() {
    var script = Script()
    script.command(1, .deny(["BTCUSDT"], for: nil))
    script.command(2, .pause(nil, for: nil))
    let effects = script.liquidate()
    #expect(effects.entries.isEmpty)
    #expect(effects.refusals.contains { $0.hasPrefix("active-list") })
    #expect(effects.refusals.contains { $0.hasPrefix("lock") })
    #expect(script.engine.refusalsByReason.map(\.reason) == ["active-list", "lock"])
    #expect(script.snapshot.modules.first?.refused == 1)
  }

  @Test func `a symbol that the venue tells as flat is entered once it is told how it ended`()
    throws
  {
    var script = Script()
    script.liquidate()
    script.pass(.seconds(70))
    let held = try #require(script.venue.positions["BTCUSDT"])
    script.venue.positions["BTCUSDT"] = nil
    script.venue.orders = []
    script.send(.account(.position("BTCUSDT", nil, at: script.now)))
    let tooSoon = script.liquidate()
    #expect(tooSoon.entries.isEmpty)
    #expect(
      tooSoon.refusals.contains { $0.contains("BTCUSDT was closed, and how is not told yet") })
    script.send(
      .account(
        .fill(
          Fill(
            executionID: "end", orderID: ClientOrderID(""), venueOrderID: "target",
            symbol: "BTCUSDT", side: .sell, price: "61000", quantity: held.quantity, fee: "0.1",
            closedQuantity: held.quantity, role: .target, time: script.now))))
    script.pass(.seconds(1))
    #expect(script.liquidate().entries.count == 1)
  }

  @Test(arguments: [(29, true), (30, false)])
  func `an account's stream that tells nothing is good while a ping is answered within 30 s`(
    seconds: Int, isGood: Bool
  ) {
    var script = Script()
    script.silent = [.account]
    for _ in 0..<4 {
      script.send(.heartbeat(.account))
      script.pass(.seconds(seconds))
    }
    let isDown = script.effects.alerts.contains {
      if case .linkDown(.account, _, _) = $0 { true } else { false }
    }
    #expect(isDown == !isGood)
    #expect(script.liquidate().entries.isEmpty == !isGood)
  }

  @Test(arguments: [LinkName.account, .prices, .liquidations])
  func `a silent link stops entries`(link: LinkName) {
    var script = Script()
    script.silent = [link]
    script.pass(.seconds(31))
    #expect(script.liquidate().entries.isEmpty || link == .liquidations)
    #expect(
      script.effects.alerts.contains {
        if case .linkDown(link, _, _) = $0 { true } else { false }
      })
    script.silent = []
    script.pass(.seconds(11))
    #expect(
      script.effects.alerts.contains { if case .linkUp(link, _, _) = $0 { true } else { false } })
    #expect(script.snapshot.state == .running)
  }

  @Test
  func `an account that can't be read stops entries, and is told once each way`() {
    var script = Script()
    script.venue.readError = .unreachable("no route")
    script.pass(.seconds(40))
    #expect(script.liquidate().refusals.contains { $0.hasPrefix("account") })
    #expect(script.snapshot.wallet.value == nil)
    #expect(script.snapshot.state == .degraded)
    script.venue.readError = nil
    script.pass(.seconds(6))
    let told = script.effects.alerts.compactMap { news -> String? in
      switch news {
      case .accountUnknown: "unknown"
      case .accountKnown: "known"
      default: nil
      }
    }
    #expect(told == ["unknown", "known"])
    #expect(script.liquidate().entries.count == 1)
  }

  @Test
  func `an entry that the venue refuses becomes an alert in its words`() {
    var script = Script()
    script.venue.entryError = .rejected(.insufficientBalance, code: 110_007)
    let effects = script.liquidate()
    #expect(
      effects.alerts.contains {
        if case .orderFailed("BTCUSDT", let failure) = $0 {
          failure.error == .rejected(.insufficientBalance, code: 110_007)
        } else {
          false
        }
      })
  }

  @Test
  func `an id that another order has gives way to a new one, and is told`() throws {
    var script = Script()
    script.venue.entryErrors = [.rejected(.duplicateID, code: 110_072)]
    let effects = script.liquidate()
    #expect(effects.entries.count == 2)
    #expect(Set(effects.entries.map(\.id)).count == 2)
    #expect(script.venue.positions["BTCUSDT"] != nil)
    #expect(
      effects.alerts.count { if case .orderFailed("BTCUSDT", _) = $0 { true } else { false } } == 1)
  }

  @Test
  func `the same signal goes under a new id once, then it has failed`() {
    var script = Script()
    let taken = VenueError.rejected(.duplicateID, code: 110_072)
    script.venue.entryErrors = [taken, taken]
    #expect(script.liquidate().entries.count == 2)
    #expect(script.venue.positions.isEmpty)
  }

  @Test(arguments: [("60000", 1), ("61000", 0)] as [(Price, Int)])
  func `an entry that waited too long is judged anew by the market of that moment`(
    price: Price, entries: Int
  ) throws {
    var script = Script()
    script.venue.hangsEntries = true
    let entry = try #require(script.liquidate().entries.first)
    script.venue.hangsEntries = false
    script.move("BTCUSDT", to: price)
    script.pass(.seconds(4))
    let effects = script.send(.answer(.withheld(entry, .overdue)))
    #expect(effects.entries.count == entries)
    #expect(effects.refusals.contains { $0.hasPrefix("price") } == (entries == 0))
    #expect(effects.entries.allSatisfy { $0.id != entry.id })
    // Once only.
    let again = effects.entries.first ?? entry
    #expect(script.send(.answer(.withheld(again, .overdue))).entries.isEmpty)
  }

  @Test
  func `while best bid and ask are silent no entry passes, and open risk keeps the last spread`() {
    var venue = ScriptedAccount()
    venue.open("ETHUSDT", .long, "1", stop: "2900", now: .noon)
    var script = Script(venue: venue)
    script.pass(.seconds(6))
    script.send(
      .market(
        .ticker(
          Ticker(venue: .bybit, symbol: "ETHUSDT", bid: "2999", ask: "3001", time: script.now))))
    let worst = script.snapshot.worstCase?.net
    script.hasBooks = false
    script.pass(.seconds(11))
    #expect(script.snapshot.worstCase?.net == worst)
    #expect(script.liquidate().entries.isEmpty)
    #expect(script.effects.refusals.contains { $0.contains("spread of BTCUSDT is not known") })
  }

  @Test
  func `nothing is entered while the journal does not work, the clock is off or the end is near`() {
    for fault in [
      EngineEvent.Body.journal(isWorking: false, detail: "disk full"), .clockSkew(.seconds(3)),
      .stopping,
    ] {
      var script = Script()
      script.send(fault)
      #expect(script.liquidate().entries.isEmpty, "\(fault)")
    }
  }

  @Test
  func `two runs of the same events give the same effects`() {
    func run() -> [Effect] {
      var script = Script()
      script.liquidate()
      script.liquidate("ETHUSDT")
      script.pass(.seconds(3))
      script.command(1, .panic)
      script.pass(.seconds(3))
      return script.effects
    }
    #expect(run() == run())
  }
}
