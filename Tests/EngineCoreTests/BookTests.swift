import EngineCore
import TestSupport
import Testing
import TradingModel

struct BookTests {
  private func fill(
    _ id: String, _ side: Side, _ quantity: Quantity, at price: Price, closes: Quantity = "0",
    order: String = "liq-1-1", fee: Notional = "0.1", seconds: Int64
  ) -> EngineEvent.Body {
    .account(
      .fill(
        Fill(
          executionID: id, orderID: ClientOrderID(order), venueOrderID: "v", symbol: "ETHUSDT",
          side: side, price: price, quantity: quantity, fee: fee, closedQuantity: closes,
          time: .noon + .seconds(seconds))))
  }

  private var fills: [EngineEvent.Body] {
    [
      fill("a", .buy, "1", at: "3000", seconds: 1), fill("b", .buy, "1", at: "3100", seconds: 2),
      fill("c", .sell, "0.5", at: "3200", closes: "0.5", order: "risk-1-1", seconds: 3),
      fill("d", .sell, "1.5", at: "3000", closes: "1.5", order: "risk-1-2", seconds: 4),
    ]
  }

  private func closed(after events: [EngineEvent.Body]) -> [RoundTrip] {
    var script = Script()
    for event in events { script.send(event) }
    return script.effects.records.compactMap {
      if case .roundTrip(let trip) = $0, trip.closedAt != nil { trip } else { nil }
    }
  }

  @Test
  func `a round trip is kept from executions, exactly`() throws {
    let trips = closed(after: fills)
    #expect(trips.count == 1)
    let trip = try #require(trips.first)
    #expect(trip.averageEntry == "3050" && trip.averageExit == "3050")
    #expect(trip.realised == .zero && trip.fees == "0.4" && trip.net == "-0.4")
    #expect(trip.quantity == "2" && trip.entries == 2 && trip.exits == 2)
    #expect(trip.owner == .engine(.liquidation))
  }

  @Test
  func `a position that the venue took is told so, not as closed by hand`() throws {
    var taken = Fill(
      executionID: "e", orderID: ClientOrderID(""), venueOrderID: "v9", symbol: "ETHUSDT",
      side: .sell, price: "2400", quantity: "2", fee: "0.1", closedQuantity: "2",
      time: .noon + .seconds(5))
    let byHand = closed(after: fills[..<2] + [.account(.fill(taken))])
    taken.role = .liquidation
    let forced = closed(after: fills[..<2] + [.account(.fill(taken))])
    #expect(byHand.map(\.reasonOut) == ["by hand"])
    #expect(forced.map(\.reasonOut) == ["liquidated by the venue"])
  }

  @Test
  func `a liquidation by the venue is urgent, and no ordinary close`() {
    var taken = Fill(
      executionID: "e", orderID: ClientOrderID(""), venueOrderID: "v9", symbol: "ETHUSDT",
      side: .sell, price: "2400", quantity: "2", fee: "0.1", closedQuantity: "2",
      time: .noon + .seconds(5))
    taken.role = .liquidation
    var script = Script()
    script.pass(.seconds(2))
    for event in fills[..<2] + [.account(.fill(taken))] { script.send(event) }
    let news = script.effects.alerts
    #expect(news.contains { if case .positionLiquidated = $0 { true } else { false } })
    #expect(!news.contains { if case .positionClosed = $0 { true } else { false } })
  }

  @Test
  func `the report of a close knows the whole round trip`() throws {
    var script = Script()
    script.liquidate()
    script.pass(.seconds(2))
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(3))
    guard case .flattened(let report)? = script.effects.outcome(of: 1) else {
      Issue.record("the close did not end with a report")
      return
    }
    let item = try #require(report.items.first)
    let trip = try #require(item.roundTrips.first)
    #expect(item.roundTrips.count == 1 && trip.closedAt != nil)
    #expect(trip.fees > item.fees)
  }

  @Test
  func `duplicates count once`() {
    #expect(closed(after: fills.flatMap { [$0, $0] } + fills) == closed(after: fills))
  }

  @Test(arguments: [[1, 0, 2, 3], [2, 0, 1, 3], [3, 2, 0, 1], [0, 2, 1, 3]])
  func `the order in which executions are told changes no result`(order: [Int]) throws {
    let trips = closed(after: order.map { fills[$0] })
    #expect(trips.count == 1)
    let trip = try #require(trips.first)
    #expect(trip.net == "-0.4")
    #expect(trip.averageEntry == "3050")
    #expect(trip.openedAt == .noon + .seconds(1))
  }

  @Test
  func `the day's figures come from the trips`() {
    var script = Script()
    for event in fills { script.send(event) }
    let day = script.snapshot.day
    #expect(day?.fees == "0.4" && day?.lost == 1 && day?.won == 0)
    #expect(day?.byOwner == [.init(owner: .engine(.liquidation), net: "-0.4")])
  }

  @Test
  func `opened and closed are told once each, with their round trip`() {
    var script = Script()
    script.liquidate()
    script.pass(.seconds(2))
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(2))
    let told = script.effects.alerts.compactMap { news -> String? in
      switch news {
      case .positionOpened(let view, _): "opened \(view.position.quantity)"
      case .positionClosed(let trip): "closed \(trip.quantity)"
      default: nil
      }
    }
    #expect(told == ["opened 0.005", "closed 0.005"])
  }

  @Test
  func `the venue wins after two readings, and a difference is told once`() {
    var script = Script()
    script.liquidate()
    script.pass(.seconds(6))
    script.venue.positions["BTCUSDT"]?.quantity = "0.009"
    script.pass(.seconds(20))
    #expect(
      script.effects.alerts.count { if case .mismatch = $0 { true } else { false } } == 1)
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(3))
    #expect(script.effects.closes.map(\.quantity) == ["0.009"])
  }

  @Test
  func `a position is written down whenever it stands otherwise, and not for its price`() {
    var script = Script()
    func rows() -> [Position] {
      script.effects.records.compactMap {
        if case .position(let view) = $0 { view.position } else { nil }
      }
    }
    script.liquidate()
    script.pass(.seconds(3))
    #expect(rows().last?.quantity == script.venue.positions["BTCUSDT"]?.quantity)
    #expect(rows().last?.stop != nil)
    let count = rows().count
    script.move("BTCUSDT", to: "60010")
    script.pass(.seconds(20))
    #expect(rows().count == count)
    script.command(1, .close(.all, share: .percent(50), thenPause: false))
    script.pass(.seconds(3))
    let left = script.venue.positions["BTCUSDT"]?.quantity
    #expect(left != nil && rows().last?.quantity == left)
  }

  /// Of two executions of one moment only the first was in the file when the process was killed.
  @Test
  func `after a restart the executions of the last moment are told apart by their ids`() throws {
    let moment = Timestamp.noon - .seconds(30)
    func half(_ id: String, _ side: Side, closes: Quantity) -> Fill {
      Fill(
        executionID: id, orderID: ClientOrderID("liq-1-1"), venueOrderID: "v",
        symbol: "ETHUSDT", side: side, price: "3000", quantity: "1", fee: "0.1",
        closedQuantity: closes, time: moment)
    }
    var venue = ScriptedAccount()
    venue.open("ETHUSDT", .long, "2", stop: "2900", now: .noon)
    venue.fills = [half("first", .buy, closes: "0"), half("second", .buy, closes: "0")]
    let trip = RoundTrip(
      id: "liq-1-1", key: "ETHUSDT", side: .long, owner: .engine(.liquidation), openedAt: moment,
      quantity: "1", averageEntry: "3000", fees: "0.1", entries: 1)
    let script = Script(
      restored: RestoredState(
        openRoundTrips: [trip], lastFillAt: moment, recentFills: ["first"]),
      venue: venue)
    let written = script.effects.records.compactMap {
      if case .fill(let fill) = $0 { fill.executionID } else { nil }
    }
    #expect(written == ["second"])
    let trips = script.effects.records.compactMap {
      if case .roundTrip(let trip) = $0 { trip } else { nil }
    }
    let last = try #require(trips.last)
    #expect(last.quantity == "2" && last.entries == 2 && last.fees == "0.2")
  }

  /// Its stop is reached after the executions were read and before the account is.
  @Test
  func `a position that is closed while the bot starts keeps its own result`() throws {
    let trip = RoundTrip(
      id: "liq-1-1", key: "ETHUSDT", side: .long, owner: .engine(.liquidation),
      openedAt: .noon - .hours(1), quantity: "2", averageEntry: "3000", entries: 1)
    var venue = ScriptedAccount()
    venue.lateFills = [
      Fill(
        executionID: "exit", orderID: ClientOrderID(""), venueOrderID: "v", symbol: "ETHUSDT",
        side: .sell, price: "2900", quantity: "2", fee: "0.5", closedQuantity: "2", role: .stop,
        time: .noon)
    ]
    var script = Script(
      restored: RestoredState(openRoundTrips: [trip], lastFillAt: .noon - .hours(1)),
      venue: venue)
    script.pass(.seconds(12))
    let closed = script.effects.records.compactMap {
      if case .roundTrip(let trip) = $0, trip.closedAt != nil { trip } else { nil }
    }
    #expect(closed.map(\.reasonOut) == ["stop"] && closed.first?.realised == "-200")
    #expect(!script.effects.alerts.contains { if case .reconciled = $0 { true } else { false } })
    #expect(script.snapshot.isReconciled)
  }

  /// Closed while the bot was away, and the first readings of executions fail.
  private func closedAway(failing: Int) -> Script {
    let trip = RoundTrip(
      id: "liq-1-1", key: "ETHUSDT", side: .long, owner: .engine(.liquidation),
      openedAt: .noon - .hours(1), quantity: "2", averageEntry: "3000", entries: 1)
    var venue = ScriptedAccount()
    venue.failsFills = failing
    venue.fills = [
      Fill(
        executionID: "exit", orderID: ClientOrderID(""), venueOrderID: "v", symbol: "ETHUSDT",
        side: .sell, price: "2900", quantity: "2", fee: "0.5", closedQuantity: "2", role: .stop,
        time: .noon - .minutes(2))
    ]
    return Script(
      restored: RestoredState(
        openRoundTrips: [trip], lastFillAt: .noon - .hours(1),
        lastSeenAliveAt: .noon - .minutes(30)),
      venue: venue)
  }

  private func trips(_ script: Script) -> [RoundTrip] {
    script.effects.records.compactMap {
      if case .roundTrip(let trip) = $0, trip.closedAt != nil { trip } else { nil }
    }
  }

  @Test
  func `a failed reading of executions is asked for again before the venue wins without a result`()
  {
    var script = closedAway(failing: 1)
    script.pass(.seconds(12))
    #expect(trips(script).map(\.realised) == ["-200"])
    #expect(script.snapshot.isReconciled)
    #expect(script.snapshot.day?.realised == "-200")
  }

  @Test
  func `executions that come after the venue's word was taken give the trip its result`() {
    var script = closedAway(failing: 3)
    script.pass(.seconds(14))
    #expect(trips(script).map(\.realised) == [.zero] && script.snapshot.isReconciled)
    script.pass(.seconds(60))
    let last = trips(script).last
    #expect(last?.realised == "-200" && last?.reasonOut == "stop" && last?.fees == "0.5")
    #expect(script.snapshot.day?.realised == "-200")
    #expect(script.snapshot.day?.lost == 1 && script.snapshot.day?.won == 0)
    let lines = script.effects.alerts.flatMap { news -> [String] in
      if case .reconciled(let lines) = news { lines } else { [] }
    }
    #expect(lines.last?.contains("at 2900, -200.50 USDT (stop)") == true)
  }

  @Test
  func `a part that was closed unheard is counted when its execution comes`() {
    var script = Script()
    script.liquidate()
    script.pass(.seconds(6))
    script.venue.isStreamSilent = true
    script.venue.failsFills = 3
    script.venue.positions["BTCUSDT"]?.quantity = "0.002"
    let soldAt = script.now
    script.pass(.seconds(30))
    #expect(script.snapshot.positions.map(\.position.quantity) == ["0.002"])
    script.venue.fills.append(
      Fill(
        executionID: "part", orderID: ClientOrderID(""), venueOrderID: "v", symbol: "BTCUSDT",
        side: .sell, price: "61000", quantity: "0.003", fee: "0.1", closedQuantity: "0.003",
        time: soldAt))
    script.pass(.seconds(90))
    #expect(script.snapshot.day?.realised == "3")
  }

  @Test
  func `at the start what is known matches and what is not is taken over`() throws {
    var venue = ScriptedAccount()
    venue.open("BTCUSDT", .long, "0.005", stop: "58200", now: .noon)
    venue.open("ETHUSDT", .short, "2", stop: "4000", now: .noon)
    let trip = RoundTrip(
      id: "liq-1-1", key: "BTCUSDT", side: .long, owner: .engine(.liquidation),
      openedAt: .noon - .hours(1), quantity: "0.005", averageEntry: "60000", entries: 1)
    let gone = RoundTrip(
      id: "liq-1-2", key: "SOLUSDT", side: .long, owner: .engine(.liquidation),
      openedAt: .noon - .hours(1), quantity: "3", averageEntry: "150", entries: 1)
    let script = Script(
      restored: RestoredState(
        openRoundTrips: [trip, gone], lastFillAt: .noon - .hours(1),
        lastSeenAliveAt: .noon - .seconds(41), stoppedCleanly: false),
      venue: venue)
    let started = script.effects.alerts.compactMap {
      if case .started(let report) = $0 { report } else { nil }
    }
    let report = try #require(started.first)
    #expect(started.count == 1)
    #expect(report.positions == 2 && report.matching == 1)
    #expect(report.downFor == .seconds(41))
    let lines = script.effects.alerts.flatMap { news -> [String] in
      if case .reconciled(let lines) = news { lines } else { [] }
    }
    #expect(
      lines == ["ETHUSDT: short 2 taken over", "SOLUSDT: long 3 closed meanwhile, result not told"])
    #expect(
      script.snapshot.positions.map(\.owner) == [.engine(.liquidation), .manual])
  }

  @Test(arguments: [(9_800, 0), (10_000, 1)])
  func `a start with a link that does not come up is told as degraded after ten seconds`(
    milliseconds: Int, told: Int
  ) {
    var script = Script(silent: [.liquidations])
    script.pass(.milliseconds(milliseconds) - .milliseconds(200))
    let states = script.effects.alerts.compactMap {
      if case .started(let report) = $0 { report.state } else { nil }
    }
    #expect(states == Array(repeating: .degraded, count: told))
  }

  /// Whoever asks in the first moment gets an answer before the journal's memory is in.
  @Test
  func `an engine that has not begun knows nothing since now, not since 1970`() {
    let wallet = TradingEngine(settings: .example).snapshot(at: .noon).wallet
    guard case .unknown(let since, _) = wallet else {
      Issue.record("\(wallet)")
      return
    }
    #expect(since == .noon)
  }

  @Test
  func `nothing is entered before the account was read`() {
    var venue = ScriptedAccount()
    venue.readError = .unreachable("no route")
    var script = Script(venue: venue)
    #expect(!script.snapshot.isReconciled)
    #expect(script.liquidate().entries.isEmpty)
    script.venue.readError = nil
    script.pass(.seconds(6))
    #expect(script.snapshot.isReconciled)
    #expect(script.liquidate().entries.count == 1)
  }

  @Test
  func `flat told a second time, late, does not undo the position that was opened since`() throws {
    var script = Script()
    script.liquidate()
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(2))
    let flatAt = script.now
    script.pass(.seconds(8))
    var venue = script.venue
    venue.open("BTCUSDT", .long, "0.1", stop: "58000", now: script.now)
    script.venue = venue
    let position = try #require(venue.positions["BTCUSDT"])
    script.send(.account(.position("BTCUSDT", position, at: script.now)))
    script.send(.account(.position("BTCUSDT", nil, at: flatAt)))
    #expect(script.snapshot.positions.map(\.position.symbol) == ["BTCUSDT"])
    // The other way round, too: what was open before it was flat.
    script.send(.account(.position("BTCUSDT", nil, at: script.now + .seconds(1))))
    script.send(.account(.position("BTCUSDT", position, at: script.now)))
    #expect(script.snapshot.positions.isEmpty)
  }

  @Test
  func `a wallet that is older than the one known is not heard now`() {
    var script = Script()
    script.pass(.seconds(6))
    func wallet(_ equity: Notional, at time: Timestamp) -> EngineEvent.Body {
      .account(.wallet(.example(equity: equity, at: time)))
    }
    script.send(wallet("10010", at: script.now))
    script.send(wallet("9000", at: script.now - .seconds(10)))
    #expect(script.snapshot.wallet.value?.equity == "10010")
    script.venue.readError = .unreachable("no route")
    let newest = script.now
    for _ in 0..<10 {
      script.pass(.seconds(2))
      script.send(wallet("10010", at: newest - .seconds(1)))
    }
    #expect(script.snapshot.wallet.value == nil, "an old word keeps no account alive")
  }

  @Test
  func `after a gap the account is read before it is believed`() {
    var script = Script()
    script.venue.readError = .unreachable("no route")
    script.send(.accountGap)
    #expect(script.snapshot.wallet.value == nil)
    #expect(script.liquidate().entries.isEmpty)
    script.venue.readError = nil
    script.pass(.seconds(6))
    #expect(script.liquidate().entries.count == 1)
  }

  @Test
  func `client ids of two starts never meet`() {
    var first = Script(restored: RestoredState(boot: 900_000_000))
    var second = Script(restored: RestoredState(boot: 900_000_001))
    let ids = [first.liquidate(), second.liquidate()].compactMap { $0.entries.first?.id }
    #expect(Set(ids).count == 2)
  }

  @Test
  func `an entry whose fate is unknown blocks its symbol until a reading shows it`() {
    var script = Script()
    script.venue.entryError = .outcomeUnknown
    script.venue.readError = .unreachable("no route")
    #expect(script.liquidate().entries.count == 1)
    script.venue.entryError = nil
    script.pass(.seconds(1))
    #expect(script.liquidate().refusals.contains { $0.hasPrefix("ownership") })
    // It was filled after all.
    script.venue.readError = nil
    script.venue.open("BTCUSDT", .long, "0.005", stop: "58200", now: script.now)
    script.pass(.seconds(12))
    #expect(script.snapshot.positions.map(\.owner) == [.engine(.liquidation)])
    #expect(!script.effects.alerts.contains { if case .orderFailed = $0 { true } else { false } })
  }

  @Test
  func `executions that are read after a position was taken over are in it already`() {
    var venue = ScriptedAccount()
    venue.open("ETHUSDT", .long, "1", at: "3000", stop: "2900", now: .noon)
    var script = Script(venue: venue)
    script.pass(.seconds(1))
    script.send(
      .answer(
        .fillsRead(
          [
            Fill(
              executionID: "late", orderID: ClientOrderID(""), venueOrderID: "v",
              symbol: "ETHUSDT", side: .buy, price: "3000", quantity: "1", fee: "1",
              time: .noon - .minutes(5))
          ], since: .noon - .hours(1))))
    script.pass(.seconds(20))
    #expect(
      !script.effects.alerts.contains { if case .mismatch = $0 { true } else { false } })
    #expect(script.snapshot.positions.map(\.position.quantity) == ["1"])
  }

  @Test
  func `an entry that no reading shows is told as failed`() {
    var script = Script()
    script.venue.entryError = .outcomeUnknown
    script.liquidate()
    script.pass(.seconds(1))
    #expect(script.effects.alerts.contains { if case .orderFailed = $0 { true } else { false } })
  }

  @Test
  func `a position turned round by hand is announced as what it has become`() {
    var script = Script()
    script.venue.open("ETHUSDT", .short, "0.5", at: "3000", stop: "3300", now: script.now)
    script.pass(.seconds(6))
    // One order closes the short and opens a long; the venue tells the position later.
    script.send(fill("x", .buy, "1.5", at: "3000", closes: "0.5", order: "", seconds: 8))
    script.pass(.seconds(2))
    let early = script.effects.alerts.filter {
      if case .positionOpened = $0 { true } else { false }
    }
    script.venue.open("ETHUSDT", .long, "1", at: "3000", now: script.now)
    script.pass(.seconds(6))
    let sides = script.effects.alerts.compactMap { news -> PositionSide? in
      if case .positionOpened(let view, _) = news { view.position.side } else { nil }
    }
    #expect(early.isEmpty && sides == [.long])
  }

  @Test
  func `what closed while nobody listened is told with the result of its executions`() {
    let trip = RoundTrip(
      id: "liq-1-1", key: "ETHUSDT", side: .long, owner: .engine(.liquidation),
      openedAt: .noon - .hours(1), quantity: "2", averageEntry: "3000", fees: "1", entries: 1)
    var venue = ScriptedAccount()
    venue.orders = [.resting("SOLUSDT", id: "web", venueID: "w")]
    let stop = Fill(
      executionID: "s", orderID: ClientOrderID(""), venueOrderID: "v", symbol: "ETHUSDT",
      side: .sell, price: "2910", quantity: "2", fee: "1.5", closedQuantity: "2", role: .stop,
      time: .noon - .minutes(10))
    venue.tell(stop)
    let script = Script(
      restored: RestoredState(
        openRoundTrips: [trip], lastFillAt: .noon - .hours(1),
        lastSeenAliveAt: .noon - .minutes(20)), venue: venue)
    let lines = script.effects.alerts.flatMap { news -> [String] in
      if case .reconciled(let lines) = news { lines } else { [] }
    }
    #expect(lines == ["ETHUSDT: long 2 closed while away at 2910, -182.50 USDT (stop)"])
    let report = script.effects.records.compactMap {
      if case .event("reconciled", let detail, _) = $0 { detail } else { nil }
    }
    #expect(
      report == [
        "0 positions as expected; \(lines[0]); 1 orders of others left alone"
      ])
    #expect(
      !script.effects.alerts.contains { if case .positionClosed = $0 { true } else { false } })
  }

  @Test
  func `an average entry that the venue has otherwise is written down, and the venue wins`() {
    var script = Script()
    script.liquidate()
    script.pass(.seconds(3))
    script.venue.positions["BTCUSDT"]?.entryPrice = "60000.1"
    script.pass(.seconds(6))
    func differences() -> [String] {
      script.effects.records.compactMap {
        if case .event("entry-differs", let detail, _) = $0 { detail } else { nil }
      }
    }
    #expect(differences().isEmpty)
    script.venue.positions["BTCUSDT"]?.entryPrice = "60100"
    script.pass(.seconds(12))
    #expect(differences() == ["BTCUSDT: ours 60000, venue 60100"])
    let trips = script.effects.records.compactMap { record -> RoundTrip? in
      if case .roundTrip(let trip) = record { trip } else { nil }
    }
    #expect(trips.last?.averageEntry == "60100")
  }

  @Test(arguments: [("liq-1-1", Owner.engine(.liquidation)), ("web", .manual)])
  func `without a journal an old position is known by the ids of its executions`(
    id: String, owner: Owner
  ) {
    var venue = ScriptedAccount()
    venue.open("ETHUSDT", .long, "2", at: "3000", stop: "2900", now: .noon)
    venue.tell(
      Fill(
        executionID: "old", orderID: ClientOrderID(id), venueOrderID: "v", symbol: "ETHUSDT",
        side: .buy, price: "3000", quantity: "2", fee: "1", time: .noon - .hours(70)))
    var script = Script(venue: venue)
    script.pass(.seconds(2))
    #expect(script.snapshot.positions.map(\.owner) == [owner])
    #expect(script.snapshot.positions.map(\.position.quantity) == ["2"])
  }
}
