import EngineCore
import TestSupport
import Testing
import TradingModel

/// Funding that the venue books is part of the round trip that was held then, once.
struct FundingTests {
  private func payment(
    _ id: String = "f1", _ symbol: Symbol = "BTCUSDT", _ paid: Notional = "1.5",
    side: PositionSide? = .long, at time: Timestamp
  ) -> FundingPayment {
    FundingPayment(id: id, symbol: symbol, side: side, paid: paid, time: time)
  }

  private func trips(_ script: Script) -> [RoundTrip] {
    script.effects.records.compactMap { if case .roundTrip(let trip) = $0 { trip } else { nil } }
  }

  private func counted(_ script: Script) -> [String: [String]] {
    var found: [String: [String]] = [:]
    for case .funding(let payment, let trips) in script.effects.records {
      found["\(payment.id)#\(found.count)"] = trips
    }
    return found
  }

  private func entered() -> Script {
    var script = Script()
    script.liquidate()
    script.pass(.seconds(5))
    return script
  }

  @Test func `it is added to the open trip and to the day, once however often it is told`() throws {
    var script = entered()
    script.venue.funding = [payment(at: script.now)]
    script.pass(.minutes(4), every: .seconds(1))
    let trip = try #require(trips(script).last)
    #expect(trip.funding == "1.5" && trip.net == trip.realised - trip.fees - "1.5")
    #expect(counted(script) == ["f1#0": [trip.id]])
    #expect(script.snapshot.day?.funding == "1.5")
  }

  @Test func `what is received makes the result of the trade that is told`() throws {
    var script = entered()
    script.venue.funding = [payment("f1", "BTCUSDT", "-2", at: script.now)]
    script.pass(.seconds(61), every: .seconds(1))
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(5))
    let told = script.effects.alerts.compactMap {
      if case .positionClosed(let trip) = $0 { trip } else { nil }
    }
    #expect(told.map(\.funding) == ["-2"])
    #expect(told.first?.net == (told.first?.realised ?? "0") - (told.first?.fees ?? "0") + "2")
  }

  @Test func `of a trip that has ended since it corrects the result, and the day's figures`() throws
  {
    var script = entered()
    let held = script.now
    script.move("BTCUSDT", to: "60300")
    script.command(1, .close(.all, share: .one, thenPause: false))
    script.pass(.seconds(5))
    #expect(script.snapshot.day?.won == 1)
    let before = try #require(trips(script).last)
    script.venue.funding = [payment("f1", "BTCUSDT", "9", at: held)]
    script.pass(.seconds(61), every: .seconds(1))
    let after = try #require(trips(script).last)
    #expect(after.id == before.id && after.closedAt == before.closedAt)
    #expect(after.net == before.net - "9")
    let day = try #require(script.snapshot.day)
    #expect(day.won == 0 && day.lost == 1 && day.funding == "9")
    #expect(day.byOwner.map(\.net) == [after.net] && day.worst == after && day.best == after)
  }

  @Test func `a restart counts nothing twice, and what came meanwhile once`() throws {
    var venue = ScriptedAccount()
    venue.open("BTCUSDT", .long, "0.1", stop: "50000", now: .noon)
    let midnight = Timestamp.noon.day.start
    venue.funding = [
      payment("f1", at: midnight), payment("f2", "BTCUSDT", "0.5", at: midnight + .hours(8)),
    ]
    var trip = RoundTrip(
      id: "liq-1-1", key: "BTCUSDT", side: .long, owner: .engine(.liquidation),
      openedAt: midnight - .hours(2), quantity: "0.1", averageEntry: "60000", fees: "1",
      funding: "1.5", entries: 1)
    trip.open = OpenPart(quantity: "0.1", cost: "6000", entered: "0.1", exited: "0")
    var script = Script(
      restored: RestoredState(
        openRoundTrips: [trip], lastFillAt: trip.openedAt,
        countedFunding: [CountedFunding(id: "f1", paid: "1.5", time: midnight)],
        lastSeenAliveAt: midnight + .hours(5)), venue: venue)
    script.pass(.minutes(3), every: .seconds(1))
    #expect(trips(script).last?.funding == "2")
    #expect(counted(script) == ["f2#0": ["liq-1-1"]])
    #expect(script.snapshot.day?.funding == "2")
  }

  @Test func `of a hedged symbol it goes to the leg that the venue names`() {
    let script = hedged(side: .short)
    #expect(trips(script).last?.side == .short && trips(script).last?.funding == "1")
    #expect(counted(script).values.map(\.count) == [1])
  }

  @Test func `where the venue names no leg it is shared out by size, to the last digit`() {
    let script = hedged(side: nil)
    let shares = trips(script).suffix(2)
    #expect(Set(shares.map(\.side)) == [.long, .short])
    #expect(shares.first { $0.side == .long }?.funding == "0.33333333")
    #expect(shares.first { $0.side == .short }?.funding == "0.66666667")
  }

  /// A long of 1 and a short of 2.
  private func hedged(side: PositionSide?) -> Script {
    var venue = ScriptedAccount()
    venue.open("ETHUSDT", .long, "1", slot: .hedgeLong, stop: "2900", now: .noon - .hours(1))
    venue.open("ETHUSDT", .short, "2", slot: .hedgeShort, stop: "3300", now: .noon - .hours(1))
    var script = Script(venue: venue)
    script.venue.funding = [payment("f1", "ETHUSDT", "1", side: side, at: script.now)]
    script.pass(.seconds(61), every: .seconds(1))
    return script
  }

  @Test func `what nobody held is the day's alone, once it is certain that no trip comes`() {
    var script = Script()
    script.venue.funding = [payment("f1", "SOLUSDT", "3", at: script.now)]
    script.pass(.minutes(9), every: .seconds(1))
    #expect(counted(script).isEmpty)
    script.pass(.minutes(3), every: .seconds(1))
    #expect(counted(script) == ["f1#0": []])
    #expect(script.snapshot.day?.funding == "3")
    #expect(trips(script).isEmpty)
  }

  /// A hedge leg on the other side, or a trip of another time, does not pay for it.
  @Test func `a trip that was opened long after it pays nothing`() {
    var script = Script()
    let before = script.now
    script.pass(.seconds(90), every: .seconds(1))
    script.liquidate()
    script.pass(.seconds(5))
    script.venue.funding = [payment(at: before)]
    script.pass(.minutes(2), every: .seconds(1))
    #expect(trips(script).allSatisfy { $0.funding.isZero })
  }
}
