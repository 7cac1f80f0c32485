import Simulation
import TestSupport
import Testing
import TradingModel

/// Stops that follow the market.
struct TrailingStopTests {
  @Test func `a trailing stop arms at its activation, follows, and never goes back`() throws {
    var venue = venue()
    venue.goTo("64000")
    try venue.buy("0.1")
    try venue.setTradingStop(
      PositionKey(btc),
      trailing: .at(PaperTrailing(distance: .price("500"), activation: "64500")), at: .noon)
    #expect(venue.openOrders().map(\.stopKind) == [.trailingStop])
    venue.goTo("63400")  // Not armed: it does not guard yet.
    venue.goTo("64500")
    venue.goTo("65000")
    venue.goTo("64500.1")
    #expect(venue.long?.trailing?.best == "65000")
    venue.goTo("64500")
    #expect(venue.openPositions().isEmpty && venue.openOrders().isEmpty)
    #expect(venue.executionHistory.last?.fill.role == .trailing)
    #expect(venue.executionHistory.last?.price == "64500")
  }

  @Test func `without an activation it follows from where the market is`() throws {
    var venue = venue()
    venue.goTo("64000")
    try venue.sell("0.1")
    try venue.setTradingStop(
      PositionKey(btc), trailing: .at(PaperTrailing(distance: .price("300"))), at: .noon)
    venue.goTo("63500")
    venue.goTo("63799.9")
    #expect(venue.openPositions().count == 1)
    venue.goTo("63800")
    #expect(venue.openPositions().isEmpty)
  }

  @Test func `a trailing order with a callback rate closes the slot it is placed for`() throws {
    var venue = venue(mode: .hedge)
    venue.goTo("64000")
    try venue.place(
      PaperOrderRequest(symbol: btc, slot: .hedgeLong, side: .buy, quantity: "0.1"), at: .noon)
    try venue.place(
      PaperOrderRequest(
        symbol: btc, slot: .hedgeLong, side: .sell, quantity: "0.1",
        trailing: PaperTrailing(distance: .rate(.percent(1)), activation: "65000")), at: .noon)
    venue.goTo("66000")
    venue.goTo("65340.1")
    #expect(venue.openPositions().count == 1)
    venue.goTo("65340")
    #expect(venue.openPositions().isEmpty)
  }

  @Test func `a distance of nothing and an activation behind the market are refused`() throws {
    var venue = venue()
    try venue.buy("0.1")
    func set(_ trailing: PaperTrailing) -> PaperRejection? {
      cause { () throws(PaperRejection) in
        try venue.setTradingStop(PositionKey(btc), trailing: .at(trailing), at: .noon)
      }
    }
    #expect(set(PaperTrailing(distance: .price("0"))) == .badTrailing)
    #expect(set(PaperTrailing(distance: .rate(.one))) == .badTrailing)
    #expect(set(PaperTrailing(distance: .price("0.05"))) == .priceOffTick("0.05"))
    #expect(
      set(PaperTrailing(distance: .price("100"), activation: "64000"))
        == .activationPassed("64000", current: "64000"))
    #expect(set(PaperTrailing(distance: .price("100"), activation: "64000.1")) == nil)
  }

  @Test func `removed, or cancelled, it is gone from the position`() throws {
    var venue = venue()
    try venue.buy("0.1")
    let trailing = PaperTrailingLeg.at(PaperTrailing(distance: .price("100")))
    try venue.setTradingStop(PositionKey(btc), trailing: trailing, at: .noon)
    try venue.setTradingStop(PositionKey(btc), trailing: .removed, at: .noon)
    #expect(venue.openOrders().isEmpty && venue.long?.trailing == nil)
    try venue.setTradingStop(PositionKey(btc), trailing: trailing, at: .noon)
    venue.cancelAll(at: .noon)
    #expect(venue.long?.trailing == nil)
  }
}
