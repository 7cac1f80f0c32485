import EngineCore
import TestSupport
import Testing
import TradingModel

/// What counts as the stop of a position: a long of 0.005 at 60000, whose own stop is gone.
struct StandingStopTests {
  private static func order(
    _ role: Order.Role, at trigger: Price, _ quantity: Quantity = "0.005", id: String = "a",
    side: Side = .sell
  ) -> Order {
    var order = Order.resting("BTCUSDT", venueID: id, side: side, role: role, trigger: trigger)
    order.quantity = quantity
    order.kind = .market
    order.reduceOnly = true
    order.status = .untriggered
    return order
  }

  /// What is set when these orders rest in place of the position's own stop, and what is shown.
  private func outcome(
    _ orders: [Order], _ side: PositionSide = .long
  ) -> (set: [Price?], shown: Price?) {
    var script = Script {
      $0.protectManual = true
      $0.liquidation!.defaults.exits.breakEven = nil
    }
    script.venue.open("BTCUSDT", side, "0.005", at: "60000", now: script.now)
    script.venue.orders = orders
    script.venue.hidesStops = true
    script.pass(.seconds(6))
    return (
      script.effects.protections.map(\.stop).prefix(1).map { $0 },
      script.snapshot.positions.first?.position.stop
    )
  }

  @Test
  func `a stop for a part of the size leaves the rest naked`() {
    let outcome = outcome([Self.order(.stop, at: "59400", "0.0005")])
    #expect(outcome.set == ["58200"] && outcome.shown == nil)
  }

  @Test
  func `several that cover it together count, with the farthest that is needed`() {
    let outcome = outcome([
      Self.order(.stop, at: "59400", "0.002", id: "a"),
      Self.order(.stop, at: "58500", "0.003", id: "b"),
      Self.order(.stop, at: "57000", "0.005", id: "c"),
    ])
    #expect(outcome.set.isEmpty && outcome.shown == "58500")
  }

  @Test
  func `what is nearer, and only for a part, is not the stop of the whole`() {
    let outcome = outcome([
      Self.order(.stop, at: "59400", "0.0005", id: "a"), Self.order(.stop, at: "58000", id: "b"),
    ])
    #expect(outcome.set.isEmpty && outcome.shown == "58000")
  }

  @Test
  func `one without a size closes the whole position`() {
    #expect(outcome([Self.order(.stop, at: "58000", "0")]).shown == "58000")
  }

  @Test
  func `what of an order has filled covers nothing any more`() {
    var order = Self.order(.stop, at: "59400")
    order.filled = "0.001"
    #expect(outcome([order]).set == ["58200"])
  }

  // Binance tells where a trailing stop begins, not where it would close.
  @Test(arguments: ["66000", "59000"] as [Price])
  func `where a trailing stop begins is no stop`(activation: Price) {
    let outcome = outcome([Self.order(.trailing, at: activation)])
    #expect(outcome.set == ["58200"] && outcome.shown == nil)
  }

  @Test
  func `a conditional order that takes profit is no stop`() {
    #expect(outcome([Self.order(.placed, at: "61000")]).set == ["58200"])
    #expect(
      outcome([Self.order(.placed, at: "59000", side: .buy)], .short).set == ["61800"])
  }

  @Test
  func `nor does it hide the stop beside it`() {
    let outcome = outcome([
      Self.order(.placed, at: "61000", id: "a"), Self.order(.stop, at: "58000", id: "b"),
    ])
    #expect(outcome.set.isEmpty && outcome.shown == "58000")
  }

  @Test
  func `a conditional order on the losing side of the market is a stop`() {
    #expect(outcome([Self.order(.placed, at: "59000")]).shown == "59000")
    #expect(outcome([Self.order(.placed, at: "61000", side: .buy)], .short).shown == "61000")
  }

  @Test
  func `while a stop is replaced, the one that protects more counts`() {
    let outcome = outcome([
      Self.order(.stop, at: "58000", id: "a"), Self.order(.stop, at: "58500", id: "b"),
    ])
    #expect(outcome.shown == "58500")
  }
}
