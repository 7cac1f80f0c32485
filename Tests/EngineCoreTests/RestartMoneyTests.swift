import EngineCore
import Risk
import TestSupport
import Testing
import TradingModel

/// A restart changes no result, and is no way round a limit.
struct RestartMoneyTests {
  private let moment = Timestamp.noon - .minutes(2)

  private func fill(
    _ id: String, _ side: Side, _ quantity: Quantity, at price: Price, closes: Quantity = "0",
    ago: Duration
  ) -> Fill {
    Fill(
      executionID: id, orderID: ClientOrderID(closes.isZero ? "liq-1-1" : "risk-1-1"),
      venueOrderID: "v", symbol: "ETHUSDT", side: side, price: price, quantity: quantity,
      fee: "0.1", closedQuantity: closes, time: .noon - ago)
  }

  private func trips(_ script: Script) -> [RoundTrip] {
    script.effects.records.compactMap { if case .roundTrip(let trip) = $0 { trip } else { nil } }
  }

  // MARK: What is still open

  /// In at 3000, half out at 3100, in again at 3300, out at 3200.
  private var fills: [Fill] {
    [
      fill("a", .buy, "1", at: "3000", ago: .seconds(50)),
      fill("b", .sell, "0.5", at: "3100", closes: "0.5", ago: .seconds(40)),
      fill("c", .buy, "0.5", at: "3300", ago: .seconds(30)),
      fill("d", .sell, "1", at: "3200", closes: "1", ago: .seconds(20)),
    ]
  }

  @Test(arguments: [1, 2, 3])
  func `a trip that a restart cuts in two has the result of one that it does not`(
    count: Int
  ) throws {
    var whole = Script()
    for fill in fills { whole.send(.account(.fill(fill))) }
    let expected = try #require(trips(whole).last)
    #expect(expected.realised == "100" && expected.closedAt != nil && expected.open == nil)

    var first = Script()
    for fill in fills.prefix(count) { first.send(.account(.fill(fill))) }
    let kept = try #require(trips(first).last)
    let open = try #require(kept.open)
    var venue = ScriptedAccount()
    venue.open("ETHUSDT", .long, open.quantity, at: kept.averageEntry, stop: "2900", now: .noon)
    var second = Script(
      restored: RestoredState(
        openRoundTrips: [kept], lastFillAt: fills[count - 1].time,
        recentFills: fills.prefix(count).map(\.executionID)), venue: venue)
    for fill in fills.dropFirst(count) { second.send(.account(.fill(fill))) }
    #expect(trips(second).last == expected)
  }

  // MARK: Exits told before their entries

  @Test func `an exit that was told before its entry counts after a restart, too`() throws {
    let entry = fill("in", .buy, "2", at: "3000", ago: .minutes(45))
    let exit = fill("out", .sell, "2", at: "3100", closes: "2", ago: .minutes(40))
    var first = Script()
    first.send(.account(.fill(exit)))
    #expect(first.effects.records.contains(.waitingFill(exit)))
    #expect(!first.effects.records.contains(.fill(exit)))
    #expect(trips(first).isEmpty)

    // Others came after it, so that the entry lies long before the last one known.
    var venue = ScriptedAccount()
    venue.fills = [entry, exit]
    let second = Script(
      restored: RestoredState(
        lastFillAt: .noon - .minutes(1), recentFills: ["out"], waitingFills: [exit]), venue: venue)
    let trip = try #require(trips(second).last)
    #expect(trip.realised == "200" && trip.fees == "0.2" && trip.closedAt == exit.time)
    #expect(second.effects.records.contains(.fill(exit)), "it waits no longer")
  }

  @Test func `an execution that was told minutes late is read at the next start`() {
    // The stream lost the entry; another symbol traded since.
    var venue = ScriptedAccount()
    venue.fills = [
      fill("in", .buy, "2", at: "3000", ago: .minutes(9)),
      fill("out", .sell, "2", at: "3100", closes: "2", ago: .minutes(8)),
    ]
    let script = Script(
      restored: RestoredState(lastFillAt: .noon - .minutes(1), recentFills: ["other"]),
      venue: venue)
    #expect(trips(script).last?.realised == "200")
  }

  // MARK: Pauses

  @Test(arguments: [299, 301])
  func `a loss before midnight still pauses its symbol after a start past midnight`(
    seconds: Int64
  ) {
    let start = Timestamp.noon.day.next.start + .seconds(60)
    let lost = RoundTrip.example(
      realised: "-3", openedAt: start - .hours(1), closedAt: start - .seconds(seconds))
    var script = Script(restored: RestoredState(closedLately: [lost]), at: start)
    let effects = script.liquidate()
    #expect(effects.entries.isEmpty == (seconds < 300))
    #expect(effects.refusals.contains { $0.contains("after a loss") } == (seconds < 300))
    // It is no trade of this day.
    #expect(script.snapshot.day?.lost == 0)
  }

  // MARK: The loss since the start

  /// Lost 6 % in one life and 6 % in the next.
  private func lost(isClean: Bool) -> Script {
    func settings(_ settings: inout EngineSettings) {
      settings.risk.startLoss = .percent(10)
      settings.risk.limits.dayStop = .percent(-90)
    }
    var first = Script(settings)
    first.pass(.seconds(6))
    first.venue.balance = "9400"
    first.pass(.seconds(10))
    if isClean {
      first.send(.stopping)
      first.pass(.seconds(2))
    }
    let base =
      first.effects.records.compactMap {
        if case .startBase(let base) = $0 { [base] } else { nil }
      }.last?.first ?? nil
    var venue = ScriptedAccount()
    venue.balance = "8836"
    var second = Script(
      settings, restored: RestoredState(startBase: base), venue: venue)
    second.pass(.seconds(15))
    return second
  }

  @Test(arguments: [false, true])
  func `a loss since the start counts on after a crash, and anew after a clean stop`(isClean: Bool)
  {
    let script = lost(isClean: isClean)
    #expect(script.snapshot.locks.contains { $0.kind == .panic } == !isClean)
    if !isClean { #expect(script.snapshot.locks.first?.reason == "-11.64% since the start") }
  }

  // MARK: Reductions for margin

  /// 10,000 USDT, and positions that tie up their whole size.
  private func margined(_ margin: Notional?, _ row: ReductionsInARow?) -> Script {
    var venue = ScriptedAccount()
    venue.initialMargin = margin
    venue.open("BTCUSDT", .long, "0.12", stop: "40000", now: .noon)
    return Script(restored: RestoredState(marginReductions: row), venue: venue)
  }

  private func cuts(_ script: Script) -> [Int] {
    script.effects.alerts.compactMap {
      if case .marginCut(let cut) = $0 { cut.number } else { nil }
    }
  }

  @Test func `a restart goes on counting the reductions, and after the fifth everything is closed`()
    throws
  {
    var script = margined("10200", ReductionsInARow(count: 4, at: .noon - .minutes(2)))
    script.pass(.seconds(10))
    #expect(cuts(script) == [5])
    let written = try #require(
      script.effects.firstIndex {
        if case .record(.marginReductions(let row)) = $0 { row.count == 5 } else { false }
      })
    let sent = try #require(
      script.effects.firstIndex { if case .reduce = $0 { true } else { false } })
    #expect(written < sent, "a crash in the middle of it counts, too")
    script.pass(.seconds(90), every: .milliseconds(500))
    #expect(script.venue.positions.isEmpty)
    #expect(script.snapshot.locks.first?.reason == "margin in use 102.0% after 5 reductions")
  }

  @Test func `the pause after a reduction outlasts a restart`() {
    var script = margined("10200", ReductionsInARow(count: 1, at: .noon - .seconds(30)))
    script.pass(.seconds(25))
    #expect(cuts(script).isEmpty)
    script.pass(.seconds(10))
    #expect(cuts(script) == [2])
  }

  @Test func `a margin that came back while the bot was down begins a new count`() {
    var script = margined("5000", ReductionsInARow(count: 4, at: .noon - .hours(3)))
    script.pass(.seconds(10))
    #expect(
      script.effects.records.contains {
        if case .marginReductions(let row) = $0 { row.count == 0 } else { false }
      })
    script.venue.initialMargin = "10200"
    script.pass(.seconds(10))
    #expect(cuts(script) == [1])
  }
}
