import Simulation
import TestSupport
import Testing
import TradingModel

/// Stops and targets for parts of a position.
struct PartialProtectionTests {
  private let key = PositionKey(btc)

  @Test func `when one leg of a pair goes off, the other ends, and the rest of the position stays`()
    throws
  {
    var venue = venue()
    try venue.buy("0.1")
    try venue.addPartialProtection(
      key, quantity: "0.04", stop: PaperPartialLeg(at: "63000"),
      target: PaperPartialLeg(at: "65000"), at: .noon)
    try venue.addPartialProtection(
      key, quantity: "0.06", target: PaperPartialLeg(at: "66000"), at: .noon)
    venue.goTo("65000")
    #expect(venue.long?.quantity == "0.06")
    #expect(venue.openOrders().map(\.stopKind) == [.partialTakeProfit])
    venue.goTo("66000")
    #expect(venue.openPositions().isEmpty && venue.openOrders().isEmpty)
  }

  @Test func `a limit leg rests at its limit once it has gone off`() throws {
    var venue = venue()
    try venue.buy("0.1")
    try venue.addPartialProtection(
      key, quantity: "0.1", target: PaperPartialLeg(at: "65000", limit: "65100"), at: .noon)
    venue.goTo("65000")
    #expect(venue.openOrders().map(\.status) == [.new])
    venue.goTo("65100")
    #expect(venue.executionHistory.last?.isMaker == true)
    #expect(venue.openPositions().isEmpty)
  }

  @Test func `an entry in partial mode brings a pair of the size it fills`() throws {
    var venue = venue()
    for _ in 1...2 {
      try venue.place(
        PaperOrderRequest(
          symbol: btc, side: .buy, quantity: "0.02", stop: "63000", target: "66000",
          protection: .partial), at: .noon)
    }
    #expect(venue.long?.stop == nil)
    #expect(venue.openOrders().map(\.quantity) == ["0.02", "0.02", "0.02", "0.02"])
    venue.goTo("63000")
    #expect(venue.openPositions().isEmpty && venue.openOrders().isEmpty)
  }

  @Test func `partial legs end with the position`() throws {
    var venue = venue()
    try venue.buy("0.1")
    try venue.addPartialProtection(
      key, quantity: "0.04", stop: PaperPartialLeg(at: "63000"), at: .noon)
    try venue.sell("0.1", reduceOnly: true)
    #expect(venue.openOrders().isEmpty)
    #expect(venue.orderHistory.last?.cancelKind == .positionClosed)
  }

  @Test func `sizes beyond the position, limits in full mode and a 21st leg are refused`() throws {
    var venue = venue()
    try venue.buy("0.1")
    func add(_ quantity: Quantity, _ venue: inout PaperVenue) -> PaperRejection? {
      cause { () throws(PaperRejection) in
        try venue.addPartialProtection(
          key, quantity: quantity, stop: PaperPartialLeg(at: "63000"),
          target: PaperPartialLeg(at: "65000"), at: .noon)
      }
    }
    #expect(add("0.101", &venue) == .badProtectionSize)
    #expect(add("0", &venue) == .badProtectionSize)
    for _ in 1...10 { #expect(add("0.01", &venue) == nil) }
    #expect(add("0.01", &venue) == .tooManyPartialProtections)
    #expect(
      cause { () throws(PaperRejection) in
        try venue.place(
          PaperOrderRequest(
            symbol: btc, side: .buy, quantity: "0.01", stop: "63000", stopLimit: "62900"),
          at: .noon)
      } == .badProtectionSize)
  }
}
