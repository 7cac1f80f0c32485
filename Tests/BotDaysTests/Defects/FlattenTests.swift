import TestSupport
import Testing
import TradingModel

@testable import BotDays

/// What went wrong with the red button.
struct FlattenTests {
  /// a6: a panic looked at the configured symbols only.
  @Test func `a panic closes what nobody configured`() {
    let scene = Scene { $0.engine.allowlist = ["BTCUSDT"] }
    scene.day.openByHand("ETHUSDT", .long, share: .percent(10))
    scene.day.openByHand("XRPUSDT", .short, share: .percent(10))
    scene.day.pass(.seconds(10))
    scene.say("/panic", tap: "Panic")
    #expect(scene.positions.isEmpty)
    #expect(scene.locks == [.panic])
    scene.holds()
  }

  /// a6: the lock was armed as if all were well when flattening had failed.
  @Test func `a panic that can't flatten is locked, not called flat, and goes on until it is`() {
    let scene = Scene()
    scene.day.openByHand("ETHUSDT", .long, share: .percent(10))
    scene.day.pass(.seconds(10))
    scene.venue.spells.isInMaintenance = true
    scene.say("/panic", tap: "Panic", waiting: .seconds(140))
    #expect(scene.day.store.lock(.panic)?.isFlat == false)
    #expect(!scene.positions.isEmpty)
    scene.venue.spells.isInMaintenance = false
    scene.day.pass(.minutes(5))
    #expect(scene.positions.isEmpty)
    #expect(scene.day.store.lock(.panic)?.isFlat == true)
    scene.holds()
  }

  /// a17: /kill left positions open.
  @Test func `kill with flatten leaves nothing open, and both locks`() throws {
    let scene = Scene()
    _ = try #require(scene.buys("BTCUSDT"))
    scene.day.openByHand("ETHUSDT", .short, share: .percent(10))
    scene.day.pass(.seconds(10))
    scene.say("/kill", tap: "Flatten")
    #expect(scene.positions.isEmpty)
    #expect(scene.locks == [.halted, .panic])
    scene.holds()
  }

  /// b14: the emergency stop failed when there was nothing to close.
  @Test func `a panic with nothing open ends flat and locked`() {
    let scene = Scene()
    scene.say("/panic", tap: "Panic")
    #expect(scene.day.store.lock(.panic)?.isFlat == true)
    scene.holds()
  }

  /// b8: a close that got lost was never tried again.
  @Test func `a close that is lost on its way is sent until the position is gone`() throws {
    let scene = Scene()
    _ = try #require(scene.buys("BTCUSDT"))
    scene.venue.script(.place, .lost, .unanswered(there: .milliseconds(30)), .lost)
    scene.say("/close btc", tap: "Close 100%", waiting: .seconds(90))
    #expect(scene.position("BTCUSDT") == nil)
    scene.holds()
  }

  /// a10: a command was carried out again in each round of the loop.
  @Test func `a close tapped three times closes once`() throws {
    let scene = Scene()
    let position = try #require(scene.buys("BTCUSDT"))
    scene.day.phone.say("/close 50% btc")
    scene.day.pass(.seconds(4))
    let offer = try #require(scene.day.phone.newestOffer(in: SimulatedPhone.ana.chat))
    let button = try #require(offer.reply.buttons.joined().first)
    for _ in 0..<3 { scene.day.phone.tap(button, on: offer.message) }
    scene.day.pass(.seconds(20))
    let closed = scene.venue.paper.executions(since: scene.day.plan.start).map(\.fill)
      .filter { $0.orderID.owner == .risk }
    #expect(Set(closed.map(\.orderID)).count == 1)
    let left = try #require(scene.position("BTCUSDT")).quantity
    #expect(left.wideCount * 2 >= position.quantity.wideCount)
    scene.holds()
  }

  /// Two persons press at once.
  @Test func `a second close of the same position joins the first`() throws {
    let scene = Scene()
    _ = try #require(scene.buys("BTCUSDT"))
    for person in [SimulatedPhone.ana, SimulatedPhone.bob] {
      scene.day.phone.say("/close btc", by: person)
    }
    scene.day.pass(.seconds(4))
    for person in [SimulatedPhone.ana, SimulatedPhone.bob] {
      let offer = try #require(scene.day.phone.newestOffer(in: person.chat))
      let button = try #require(offer.reply.buttons.joined().first)
      scene.day.phone.tap(button, on: offer.message, by: person)
    }
    scene.day.pass(.seconds(20))
    #expect(scene.positions.isEmpty)
    let ends = scene.day.store.commands.filter { $0.name == "close" }.map(\.stage.isEnd)
    #expect(ends == [true, true])
    scene.holds()
  }
}
