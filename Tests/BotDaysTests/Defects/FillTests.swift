import Simulation
import TestSupport
import Testing
import TradingModel

@testable import BotDays

/// What went wrong with orders that were not filled at once, or not whole.
struct FillTests {
  private func scene(_ change: (inout DayPlan) -> Void = { _ in }) -> Scene {
    Scene {
      $0.engine.allowlist = ["BTCUSDT"]
      change(&$0)
    }
  }

  /// A book of one level on each side.
  private func show(_ quantity: Quantity, of symbol: Symbol, in scene: Scene) throws {
    let market = try #require(scene.venue.paper.market(symbol))
    let (bid, ask) = (try #require(market.bid), try #require(market.ask))
    scene.venue.paper.show(
      PaperBook(bids: [BookLevel(bid, quantity)], asks: [BookLevel(ask, quantity)]), of: symbol,
      at: scene.venue.now)
  }

  /// d7: partial fills were overlooked, and nothing was protected before an order was filled whole.
  @Test func `an entry that fills in part is protected, and the rest is not bought again`() throws {
    let scene = scene()
    scene.venue.jump("BTCUSDT", by: .percent(-2))
    scene.day.pass(.seconds(5))
    try show("0.004", of: "BTCUSDT", in: scene)
    scene.longsAreLiquidated("BTCUSDT")
    scene.day.pass(.seconds(30))
    let position = try #require(scene.position("BTCUSDT"))
    #expect(position.quantity == "0.004")
    #expect(position.stop != nil)
    #expect(scene.day.snapshot?.positions.map(\.position.quantity) == ["0.004"])
    #expect(scene.day.store.trips.map(\.quantity) == ["0.004"])
    #expect(!scene.day.lastLines.contains { $0.contains("mismatch") })
    #expect(scene.day.ledger.entryCount == 1)
    scene.holds()
  }

  /// An acknowledgement was taken for a fill.
  @Test func `an entry that is acknowledged and finds nobody is no position`() throws {
    let scene = scene()
    scene.venue.jump("BTCUSDT", by: .percent(-2))
    scene.day.pass(.seconds(5))
    scene.venue.paper.show(PaperBook(bids: [], asks: []), of: "BTCUSDT", at: scene.venue.now)
    scene.longsAreLiquidated("BTCUSDT")
    scene.day.pass(.seconds(30))
    #expect(scene.day.ledger.entryCount == 1)
    #expect(scene.positions.isEmpty)
    #expect(scene.day.snapshot?.positions.isEmpty == true)
    #expect(scene.day.store.trips.isEmpty)
    scene.holds()
  }

  /// A close that filled in part was taken for done.
  @Test func `a close that finds half of its size goes on until nothing is left`() throws {
    let scene = scene()
    _ = try #require(scene.buys("BTCUSDT"))
    scene.day.phone.say("/close btc")
    scene.day.pass(.seconds(4))
    let offer = try #require(scene.day.phone.newestOffer(in: SimulatedPhone.ana.chat))
    let button = try #require(offer.reply.buttons.joined().first)
    scene.day.phone.tap(button, on: offer.message)
    try show("0.003", of: "BTCUSDT", in: scene)
    scene.day.pass(.seconds(30))
    #expect(scene.positions.isEmpty)
    let closing = scene.venue.paper.executions(since: scene.day.plan.start).map(\.fill)
      .filter { $0.orderID.owner == .risk }
    #expect(closing.count >= 2)
    #expect(scene.day.store.trips.last?.closedAt != nil)
    scene.holds()
  }

  /// d4: entries under way were not counted in the limits.
  @Test func `an entry that is still under way takes a place`() {
    let scene = Scene {
      $0.engine.allowlist = ["BTCUSDT", "ETHUSDT"]
      $0.engine.risk.maxPositions = 1
    }
    for symbol: Symbol in ["BTCUSDT", "ETHUSDT"] { scene.venue.jump(symbol, by: .percent(-2)) }
    scene.day.pass(.seconds(5))
    scene.venue.script(.place, .answered(there: .seconds(4), back: .milliseconds(30)))
    scene.longsAreLiquidated("BTCUSDT")
    scene.day.pass(.seconds(2))
    scene.longsAreLiquidated("ETHUSDT")
    scene.day.pass(.seconds(30))
    #expect(scene.day.ledger.noted.values.filter { !$0.reduceOnly }.map(\.symbol) == ["BTCUSDT"])
    #expect(scene.positions.map(\.symbol) == ["BTCUSDT"])
    scene.holds()
  }
}
