import TestSupport
import Testing
import TradingModel

@testable import BotDays

/// What hands, and the venue itself, change past the bot.
struct HandTests {
  private func scene(_ change: (inout DayPlan) -> Void = { _ in }) -> Scene {
    Scene {
      $0.engine.allowlist = ["BTCUSDT"]
      change(&$0)
    }
  }

  @Test func `what a hand adds to an engine's position is under the same stop`() throws {
    let scene = scene()
    let first = try #require(scene.buys("BTCUSDT"))
    scene.day.addByHand(first, share: .one)
    scene.day.pass(.seconds(30))
    let both = try #require(scene.position("BTCUSDT"))
    #expect(both.quantity > first.quantity && both.stop != nil)
    #expect(scene.day.snapshot?.positions.first?.position.quantity == both.quantity)
    #expect(scene.day.store.trips.count == 1)
    scene.holds()
  }

  @Test func `a stop that a hand loosened is left where it is`() throws {
    let scene = scene()
    let position = try #require(scene.buys("BTCUSDT"))
    scene.day.moveStopByHand(position, away: .percent(6))
    scene.day.pass(.seconds(60))
    let stop = try #require(scene.position("BTCUSDT")?.stop)
    #expect(stop < (try #require(position.stop)))
    scene.holds()
  }

  /// A stop for half of a position was taken for that of the whole.
  @Test func `a stop for a part is no stop for the whole`() throws {
    let scene = scene()
    let position = try #require(scene.buys("BTCUSDT"))
    scene.day.addPartialStopByHand(position, away: .percent(4))
    scene.day.pass(.seconds(10))
    scene.day.removeStopByHand(try #require(scene.position("BTCUSDT")))
    scene.day.pass(.seconds(30))
    #expect(try #require(scene.position("BTCUSDT")).stop != nil)
    scene.holds()
  }

  @Test func `a target that a hand cancelled rests again`() throws {
    let scene = scene {
      $0.engine.liquidation?.defaults.exits.partials = [.init(.risks(.percent(60)), .percent(50))]
    }
    let position = try #require(scene.buys("BTCUSDT"))
    scene.day.pass(.seconds(10))
    #expect(scene.day.cancelTargetByHand(position))
    scene.day.pass(.seconds(60))
    #expect(scene.venue.paper.openOrders(of: "BTCUSDT").contains { $0.limitPrice != nil })
    scene.holds()
  }

  /// d20: the venue's rules changed in the middle of a day.
  @Test func `after the tick became coarser an entry is sent on the new one`() throws {
    let scene = scene()
    var rules = try #require(scene.venue.paper.instrument("BTCUSDT"))
    rules.tickSize = "5"
    scene.venue.changeRules(of: "BTCUSDT", to: rules)
    for _ in 0..<3 where scene.position("BTCUSDT") == nil {
      scene.buys("BTCUSDT", within: .seconds(70))
    }
    let stop = try #require(scene.position("BTCUSDT")?.stop)
    #expect(stop.isMultiple(of: "5"))
    scene.holds()
  }

  @Test func `a panic while a contract is closed for trading goes on until it opens`() throws {
    let scene = scene()
    _ = try #require(scene.buys("BTCUSDT"))
    scene.venue.close("BTCUSDT", isClosed: true)
    scene.say("/panic", tap: "Panic", waiting: .seconds(130))
    #expect(!scene.positions.isEmpty)
    #expect(scene.day.store.lock(.panic)?.isFlat == false)
    scene.venue.close("BTCUSDT", isClosed: false)
    scene.day.pass(.minutes(5))
    #expect(scene.positions.isEmpty)
    #expect(scene.day.store.lock(.panic)?.isFlat == true)
    scene.holds()
  }

  /// The answer said nothing, and the order was there.
  @Test(arguments: [VenueError.outcomeUnknown, .malformed("body cut off")])
  func `an order that was carried out and whose answer says nothing is found`(error: VenueError)
    throws
  {
    let scene = scene()
    scene.venue.script(
      .place, .failed(error, there: .milliseconds(30), back: .milliseconds(30)))
    _ = try #require(scene.buys("BTCUSDT", within: .seconds(60)))
    #expect(scene.day.ledger.entryCount == 1)
    scene.venue.script(
      .place, .failed(error, there: .milliseconds(30), back: .milliseconds(30)))
    scene.say("/close btc", tap: "Close 100%", waiting: .seconds(60))
    #expect(scene.positions.isEmpty)
    scene.holds()
  }

  @Test func `a mode that a hand switched is learnt from the venue's refusal`() throws {
    let scene = scene()
    scene.day.switchPositionModeByHand("BTCUSDT")
    let position = try #require(scene.buys("BTCUSDT", within: .seconds(60)))
    #expect(position.key.slot == .hedgeLong && position.stop != nil)
    scene.say("/close btc", tap: "Close 100%", waiting: .seconds(30))
    #expect(scene.positions.isEmpty)
    scene.holds()
  }

  @Test func `leverage that a hand changed is set again before the next entry`() throws {
    let scene = scene()
    _ = try #require(scene.buys("BTCUSDT"))
    scene.day.setLeverageByHand("BTCUSDT", .one)
    scene.day.pass(.seconds(20))
    scene.say("/close btc", tap: "Close 100%", waiting: .minutes(6))
    let next = try #require(scene.buys("BTCUSDT"))
    #expect(next.leverage == .times(3))
    scene.holds()
  }
}
