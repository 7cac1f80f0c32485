import TestSupport
import Testing
import TradingModel

@testable import BotDays

/// A position is held at 16:00 UTC, when funding is settled.
struct FundingDefectTests {
  /// - Parameters:
  ///   - before: When the bot dies, from five minutes before the moment.
  ///   - pause: How long it is away.
  @Test(arguments: [
    (Duration.minutes(4), Duration.minutes(3)), (.minutes(5) + .seconds(20), .seconds(2)),
    (.minutes(7), .seconds(2)), (.minutes(30), .minutes(1)),
  ])
  func `funding is in the result once, whenever the bot dies around it`(
    before: Duration, pause: Duration
  ) throws {
    let scene = Scene { $0.heldOverFunding() }
    scene.buys("BTCUSDT")
    let held = try #require(scene.position("BTCUSDT"))
    scene.day.pass(.minutes(9))
    scene.day.pass(before)
    scene.day.kill(startingAgainAfter: pause)
    scene.day.pass(.minutes(15))
    scene.say("/close btc", tap: "Close 100%")
    scene.day.pass(.minutes(10))
    scene.holds()
    let booked = scene.venue.paper.ledger.filter { $0.kind == .funding && $0.key == held.key }
    let trip = try #require(scene.day.store.trips.last { $0.closedAt != nil })
    #expect(booked.count == 1)
    #expect(!trip.funding.isZero && trip.funding == -(booked.first?.funding ?? .zero))
  }
}
