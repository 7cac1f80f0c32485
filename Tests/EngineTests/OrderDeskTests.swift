import EngineCore
import Risk
import TestSupport
import Testing
import TradingModel

@testable import Engine

@Suite(.timeLimit(.minutes(1))) struct OrderDeskTests {
  private let clock = ManualClock()
  private let chronicle = Chronicle()
  private let venue: ScriptedVenue
  private let journal: ScriptedJournal
  private let entry = ApprovedOrder.example()
  private let close = ReducingOrder.example()

  init() {
    venue = ScriptedVenue(clock: clock, chronicle: chronicle)
    journal = ScriptedJournal(chronicle: chronicle)
  }

  private func desk(
    _ settings: DeskSettings = DeskSettings(), onClockSkew: @escaping @Sendable () -> Void = {}
  ) -> OrderDesk {
    OrderDesk(
      gateway: venue, reader: venue, journal: journal, clock: clock, settings: settings,
      onClockSkew: onClockSkew)
  }

  @Test func `the intent is noted before the order leaves`() async {
    let answer = await desk().place(entry)
    #expect(answer == .placed(entry.request, venueID: "venue-liq-1-1"))
    #expect(chronicle.lines == ["note intent", "place liq-1-1"])
    #expect(
      journal.noted == [.intent(entry.request, signal: entry.intent.id, at: .noon)])
  }

  @Test func `an order that was taken though no answer came is found, not sent again`() async {
    venue.script(.place, .worksUnheard)
    async let answer = desk().place(entry)
    await clock.passSleep(of: .milliseconds(200))
    #expect(await answer == .placed(entry.request, venueID: "venue-liq-1-1"))
    #expect(chronicle.lines == ["note intent", "place liq-1-1", "order liq-1-1"])
  }

  @Test func `an order that is not there after two seconds is sent once more`() async {
    venue.script(.place, .fails(.outcomeUnknown))
    async let answer = desk().reduce(close)
    for pause in [200, 300, 500, 1000] { await clock.passSleep(of: .milliseconds(pause)) }
    #expect(await answer == .placed(close.request, venueID: "venue-risk-1-1"))
    #expect(
      chronicle.lines == ["note intent", "place risk-1-1"]
        + Array(repeating: "order risk-1-1", count: 4) + ["place risk-1-1"])
    #expect(venue.orders.count == 1)
  }

  @Test func `a call without an answer is cut off, and the order looked up`() async {
    venue.script(.place, .hangs)
    venue.hold(.example(entry.request))
    async let answer = desk().place(entry)
    await clock.passSleep(of: .seconds(5))
    await clock.passSleep(of: .milliseconds(200))
    #expect(await answer == .placed(entry.request, venueID: "v7"))
  }

  @Test func `when the venue stays silent the answer is that nobody knows`() async {
    let hang = ScriptedVenue.Act.hangs
    venue.script(.place, hang)
    venue.script(.order, hang, hang, hang)
    async let answer = desk().reduce(close)
    await clock.passSleep(of: .seconds(5))  // The order.
    await clock.passSleep(of: .milliseconds(200))
    await clock.passSleep(of: .seconds(5))  // The first question; the second begins at 10.4 s.
    await clock.passSleep(of: .milliseconds(200))
    await clock.passSleep(of: .seconds(5))  // Past the deadline of 15 s.
    #expect(await answer == .placementUnknown(close.request))
    #expect(chronicle.lines.count { $0 == "place risk-1-1" } == 1)
  }

  @Test func `a refusal is answered at once, in the venue's words`() async {
    venue.script(.place, .fails(.refusal(.reduceOnlyRefused)))
    let answer = await desk().reduce(close)
    #expect(answer == .notPlaced(close.request, .refusal(.reduceOnlyRefused)))
    #expect(chronicle.lines.count == 2)
  }

  @Test func `a refused entry holds up no close and no stop`() async {
    let desk = desk()
    venue.script(.place, .fails(.rateLimited(retryAfter: .seconds(60))))
    let refused = await desk.place(entry)
    #expect(refused == .notPlaced(entry.request, .rateLimited(retryAfter: .seconds(60))))
    #expect(
      await desk.reduce(close) == .placed(close.request, venueID: "venue-risk-1-1"))
    #expect(clock.sleeperCount == 0)
  }

  @Test func `a request that must wait waits by itself`() async {
    let desk = desk()
    venue.script(.place, .fails(.rateLimited(retryAfter: .seconds(1))))
    async let placed = desk.place(entry)
    await clock.passSleep(of: .seconds(1))
    #expect(await placed == .placed(entry.request, venueID: "venue-liq-1-1"))
  }

  @Test func `an entry that a cancellation overtakes is never sent`() async {
    let desk = desk()
    venue.script(.place, .fails(.rateLimited(retryAfter: .seconds(1))))
    async let placed = desk.place(entry)
    await clock.waitForSleeper(until: .noon(plus: 1000))
    _ = await desk.cancelAll(symbol: nil, keepingProtection: true)
    clock.advance(by: .seconds(1))
    #expect(await placed == .withheld(entry.request, .calledBack))
    #expect(chronicle.lines.count { $0 == "place liq-1-1" } == 1)
  }

  @Test
  func `an entry that is called back before it came to the desk, or while it waits, never leaves`()
    async
  {
    let desk = desk()
    desk.callBack(ApprovedOrder.example(2).request.id)
    #expect(
      await desk.place(.example(2)) == .withheld(ApprovedOrder.example(2).request, .calledBack))
    venue.script(.place, .fails(.rateLimited(retryAfter: .seconds(1))))
    async let placed = desk.place(entry)
    await clock.waitForSleeper(until: .noon(plus: 1000))
    desk.callBack(entry.request.id)
    clock.advance(by: .seconds(1))
    #expect(await placed == .withheld(entry.request, .calledBack))
    #expect(chronicle.lines.count { $0.hasPrefix("place") } == 1)
  }

  @Test(arguments: [(2_999, true), (3_000, false)] as [(Int64, Bool)])
  func `an entry that waited three seconds is judged anew, a close is not`(
    wait: Int64, isSent: Bool
  ) async {
    let desk = desk()
    let refusal = ScriptedVenue.Act.fails(.rateLimited(retryAfter: .milliseconds(wait)))
    venue.script(.place, refusal)
    async let closed = desk.reduce(close)
    await clock.passSleep(of: .milliseconds(wait))
    #expect(await closed == .placed(close.request, venueID: "venue-risk-1-1"))
    venue.script(.place, refusal)
    async let placed = desk.place(entry)
    await clock.passSleep(of: .milliseconds(wait))
    let expected: EngineEvent.Answer =
      isSent
      ? .placed(entry.request, venueID: "venue-liq-1-1") : .withheld(entry.request, .overdue)
    #expect(await placed == expected)
  }

  @Test func `an entry that waited behind a record counts from its approval`() async {
    let answer = await desk().place(entry, approvedAt: .noon - .seconds(3))
    #expect(answer == .withheld(entry.request, .overdue))
    #expect(chronicle.lines == ["note intent"])
  }

  @Test func `an entry that may be there and is not sent again is unknown, not withheld`() async {
    venue.script(.place, .fails(.outcomeUnknown))
    let desk = desk()
    async let answer = desk.place(entry)
    for pause in [200, 300, 500] { await clock.passSleep(of: .milliseconds(pause)) }
    desk.callBack(entry.request.id)
    await clock.passSleep(of: .seconds(1))
    #expect(await answer == .placementUnknown(entry.request))
    #expect(chronicle.lines.count { $0 == "place liq-1-1" } == 1)
  }

  @Test(arguments: [
    (Rejection.Meaning.badQuantity, true), (.badPrice, true), (.notionalTooSmall, true),
    (.notTrading, true), (.unknownSymbol, true), (.insufficientBalance, false),
    (.reduceOnlyRefused, false), (.other, false),
  ])
  func `an order that broke a rule of its contract has the rules read, another refusal does not`(
    meaning: Rejection.Meaning, areRead: Bool
  ) async {
    let told = Chronicle()
    let desk = OrderDesk(
      gateway: venue, reader: venue, journal: journal, clock: clock,
      onRuleError: { told.write("rules") })
    venue.script(.place, .fails(.refusal(meaning)))
    _ = await desk.place(entry)
    #expect(told.lines == (areRead ? ["rules"] : []))
  }

  @Test func `a close passes entries that hang`() async {
    var settings = DeskSettings()
    settings.entryWidth = 1
    settings.longestEntryLine = 1
    let desk = desk(settings)
    let latch = Latch()
    venue.script(.place, .waits(latch))
    async let first = desk.place(entry)
    await chronicle.wait(for: "place liq-1-1")
    async let second = desk.place(.example(2))
    #expect(await desk.reduce(close) == .placed(close.request, venueID: "venue-risk-1-1"))
    latch.open()
    #expect(await first == .placed(entry.request, venueID: "venue-liq-1-1"))
    #expect(
      await second == .placed(ApprovedOrder.example(2).request, venueID: "venue-liq-1-2"))
  }

  @Test func `an entry beyond the line is refused and was not sent`() async {
    var settings = DeskSettings()
    settings.entryWidth = 1
    settings.longestEntryLine = 0
    let desk = desk(settings)
    let latch = Latch()
    venue.script(.place, .waits(latch))
    async let first = desk.place(entry)
    await chronicle.wait(for: "place liq-1-1")
    let second = ApprovedOrder.example(2)
    #expect(
      await desk.place(second)
        == .notPlaced(second.request, .unreachable("too many orders under way")))
    latch.open()
    _ = await first
    #expect(venue.orders.map(\.id) == [entry.request.id])
  }

  @Test func `a refused clock is told of, and the order sent again`() async {
    venue.script(.place, .fails(.clockSkew("10002")))
    let told = Chronicle()
    async let answer = desk(onClockSkew: { told.write("skew") }).reduce(close)
    await clock.passSleep(of: .milliseconds(200))
    #expect(await answer == .placed(close.request, venueID: "venue-risk-1-1"))
    #expect(told.lines == ["skew"])
  }

  @Test func `protection is asked for three times, then given up with the reason`() async throws {
    let protection = try #require(
      Protection(
        ProtectionChange(
          key: PositionKey("BTCUSDT"), side: .long, stop: "63000", target: nil),
        marketPrice: "64000"))
    let fail = ScriptedVenue.Act.fails(.outcomeUnknown)
    venue.script(.protect, fail, fail, fail)
    async let answer = desk().protect(protection)
    await clock.passSleep(of: .milliseconds(200))
    await clock.passSleep(of: .milliseconds(400))
    #expect(await answer == .notProtected(protection.change, .outcomeUnknown))
    #expect(chronicle.lines == Array(repeating: "protect BTCUSDT", count: 3))

    venue.script(.protect, .fails(.refusal(.notModified)))
    #expect(await desk().protect(protection) == .protected(protection.change))
    venue.script(.protect, .fails(.refusal(.triggerPassed)))
    let refused = await desk().protect(protection)
    #expect(refused == .notProtected(protection.change, .refusal(.triggerPassed)))
  }

  @Test func `an order that is gone counts as cancelled`() async {
    let order = OrderReference(symbol: "BTCUSDT", id: entry.request.id)
    venue.script(.cancel, .fails(.refusal(.orderNotFound)))
    #expect(await desk().cancel(order) == .cancelled(order))
    venue.script(.cancelAll, .fails(.unauthorised(code: 1, "key")))
    let answer = await desk().cancelAll(symbol: nil, keepingProtection: true)
    #expect(answer == .notCancelledAll(symbol: nil, .unauthorised(code: 1, "key")))
  }

  @Test func `margin mode and leverage are set and believed when they are read back`() async {
    let desk = desk()
    venue.script(.setIsolatedMargin, .fails(.refusal(.notModified)))
    #expect(
      await desk.prepare("BTCUSDT", leverage: .times(5))
        == .prepared("BTCUSDT", leverage: .times(5)))
    #expect(
      chronicle.lines == [
        "setIsolatedMargin BTCUSDT", "setLeverage BTCUSDT", "symbolSettings BTCUSDT",
      ])
    venue.script(.setLeverage, .fails(.refusal(.notModified)))
    venue.show(
      SymbolSettings(marginMode: .isolated, leverage: .times(5), positionMode: .hedge),
      of: "SOLUSDT")
    #expect(
      await desk.prepare("SOLUSDT", leverage: .times(5))
        == .prepared("SOLUSDT", leverage: .times(5), mode: .hedge))
    venue.show(SymbolSettings(marginMode: .cross, leverage: .times(5)), of: "ETHUSDT")
    guard
      case .notPrepared("ETHUSDT", .rejected(let cross)) = await desk.prepare(
        "ETHUSDT", leverage: .times(5))
    else {
      Issue.record("cross margin was taken for isolated")
      return
    }
    #expect(cross.reason.contains("cross"))
    venue.show(SymbolSettings(marginMode: .isolated, leverage: .times(10)), of: "ETHUSDT")
    let other = await desk.prepare("ETHUSDT", leverage: .times(5))
    guard case .notPrepared = other else {
      Issue.record("another leverage was taken for ours")
      return
    }
  }

  @Test(arguments: [("4", true), ("5", true), ("5.01", false)] as [(Ratio, Bool)])
  func `a leverage that is left as it is must not be above the one an entry is sized for`(
    found: Ratio, isPrepared: Bool
  ) async {
    var settings = DeskSettings()
    settings.setsLeverage = false
    let desk = desk(settings)
    venue.show(SymbolSettings(marginMode: .isolated, leverage: found), of: "BTCUSDT")
    let answer = await desk.prepare("BTCUSDT", leverage: .times(5))
    #expect(chronicle.lines == ["setIsolatedMargin BTCUSDT", "symbolSettings BTCUSDT"])
    if isPrepared {
      #expect(answer == .prepared("BTCUSDT", leverage: .times(5)))
    } else if case .notPrepared(_, .rejected(let rejection)) = answer {
      #expect(rejection.reason.hasSuffix("wanted isolated with at most 5"))
    } else {
      Issue.record("\(answer)")
    }
  }

  @Test func `what can't be set or read back is told`() async {
    let desk = desk()
    venue.script(.setLeverage, .fails(.refusal(.leverage)))
    guard case .notPrepared = await desk.prepare("ETHUSDT", leverage: .times(5)) else {
      Issue.record("a refused leverage was taken for set")
      return
    }
    #expect(
      await desk.prepare("ETHUSDT", leverage: .times(5))
        == .prepared("ETHUSDT", leverage: .times(5)))
  }

  @Test func `a cancelled desk sends nothing more`() async {
    venue.script(.place, .fails(.outcomeUnknown))
    let desk = desk()
    let close = close
    let task = Task { await desk.reduce(close) }
    await clock.waitForSleeper(until: .noon(plus: 200))
    task.cancel()
    #expect(await task.value == .placementUnknown(close.request))
    #expect(chronicle.lines == ["note intent", "place risk-1-1"])
  }
}
