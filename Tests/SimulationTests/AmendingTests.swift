import Simulation
import TestSupport
import Testing
import TradingModel

/// Orders that are changed where they stand.
struct AmendingTests {
  private func resting(
    _ venue: inout PaperVenue, at price: Price = "63000", _ quantity: Quantity = "0.1"
  ) throws -> OrderReference {
    let order = try venue.place(
      PaperOrderRequest(
        symbol: btc, side: .buy, quantity: quantity, kind: .limit(price, .goodTillCancelled)),
      at: .noon)
    return OrderReference(symbol: btc, venueID: order.id)
  }

  @Test func `a limit order takes a new price and a new quantity`() throws {
    var venue = venue()
    let order = try resting(&venue)
    let amended = try venue.amend(
      order, PaperAmendment(quantity: "0.2", price: "63500"), at: .noon)
    #expect(amended.status == .new && amended.limitPrice == "63500")
    #expect(venue.openOrders().map(\.quantity) == ["0.2"])
    #expect(venue.wallet(at: .noon).orderMargin == "1283.97")
  }

  @Test func `amended through the market it fills`() throws {
    var venue = venue()
    let amended = try venue.amend(
      try resting(&venue), PaperAmendment(price: "64100"), at: .noon)
    #expect(amended.status == .filled && venue.long?.entryPrice == "64000.1")
  }

  @Test func `what would not change, is gone or is not its own is refused, and nothing changes`()
    throws
  {
    var venue = venue(balance: "1000")
    let order = try resting(&venue)
    _ = venue.drainEvents()
    func refused(_ amendment: PaperAmendment) -> PaperRejection? {
      cause { () throws(PaperRejection) in try venue.amend(order, amendment, at: .noon) }
    }
    #expect(refused(PaperAmendment(price: "63000")) == .orderUnchanged)
    #expect(refused(PaperAmendment()) == .orderUnchanged)
    #expect(refused(PaperAmendment(trigger: "65000")) == .notAmendable)
    #expect(refused(PaperAmendment(price: "63000.05")) == .priceOffTick("63000.05"))
    #expect(refused(PaperAmendment(quantity: "5")) == .insufficientBalance)
    #expect(refused(PaperAmendment(stop: .at("63000"))) != nil)
    #expect(venue.openOrders().map(\.quantity) == ["0.1"])
    #expect(venue.drainEvents().isEmpty)
    let gone = OrderReference(symbol: btc, venueID: "gone")
    #expect(
      cause { () throws(PaperRejection) in
        try venue.amend(gone, PaperAmendment(price: "63100"), at: .noon)
      } == .orderGoneToReplace)
  }

  @Test func `a waiting order takes a new trigger, on its own side of the market`() throws {
    var venue = venue()
    let order = try venue.place(
      PaperOrderRequest(
        symbol: btc, side: .buy, quantity: "0.1",
        trigger: PaperTrigger(price: "65000", direction: .rising)), at: .noon)
    let reference = OrderReference(symbol: btc, venueID: order.id)
    #expect(
      code { () throws(PaperRejection) in
        try venue.amend(reference, PaperAmendment(trigger: "64000"), at: .noon)
      } == 110092)
    try venue.amend(reference, PaperAmendment(trigger: "64500"), at: .noon)
    venue.goTo("64500")
    #expect(venue.long != nil)
  }

  @Test func `an entry's stop can be changed and removed before it fills`() throws {
    var venue = venue()
    let order = try resting(&venue)
    try venue.amend(order, PaperAmendment(stop: .at("62000"), target: .at("66000")), at: .noon)
    try venue.amend(order, PaperAmendment(target: .removed), at: .noon)
    venue.goTo("62999.9")
    #expect(venue.long?.stop == "62000" && venue.long?.target == nil)
  }

  @Test func `amending the stop of a position moves it`() throws {
    var venue = venue()
    try venue.buy("0.1", stop: "63000")
    let stop = try #require(venue.openOrders().first)
    let amended = try venue.amend(
      OrderReference(symbol: btc, venueID: stop.id), PaperAmendment(trigger: "63500"), at: .noon)
    #expect(amended.id == stop.id && amended.trigger?.price == "63500")
    #expect(venue.long?.stop == "63500")
  }
}
