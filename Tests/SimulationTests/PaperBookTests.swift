import TestSupport
import Testing
import TradingModel

@testable import Simulation

/// Orders against a book that is seen, and a queue that is watched.
struct PaperBookTests {
  private func venue(slippage: Ratio = .basisPoints(10)) -> PaperVenue {
    var venue = PaperVenue(
      settings: PaperSettings(balance: "100000", slippage: slippage), instruments: [.example()])
    venue.move(btc, last: "64000", mark: "64000", at: .noon)
    venue.show(
      PaperBook(
        bids: [.init("63999", "0.5"), .init("63998", "1")],
        asks: [.init("64002", "1"), .init("64001", "0.5")]), of: btc, at: .noon)
    return venue
  }

  private func limit(
    _ side: Side, _ quantity: Quantity, at price: Price,
    _ timeInForce: TimeInForce = .goodTillCancelled
  ) -> PaperOrderRequest {
    PaperOrderRequest(
      symbol: btc, side: side, quantity: quantity, kind: .limit(price, timeInForce))
  }

  @Test func `a market order walks the levels, and pays slippage beyond the last`() throws {
    var venue = venue()
    let order = try venue.buy("2")
    #expect(
      venue.executionHistory.map(\.price) == ["64001", "64002", "64066.1"])
    #expect(venue.executionHistory.map(\.quantity) == ["0.5", "1", "0.5"])
    #expect(
      venue.executionHistory.map(\.order.status) == [.partiallyFilled, .partiallyFilled, .filled])
    #expect(order.status == .filled && order.filled == "2")
    #expect(venue.long?.quantity == "2")
  }

  @Test(
    arguments: [
      // Better than the book's best: something new of unknown size, so no more than was seen there.
      ("64000.5", ["64000.5", "64002", "64066.1"]),
      // Worse than its best, which is gone then.
      ("64001.5", ["64001.5", "64066.1"]),
    ] as [(Price, [Price])])
  func `a newer touch moves the best price, never the depth`(_ ask: Price, _ prices: [Price]) throws
  {
    var venue = venue()
    venue.move(btc, ask: ask, at: .noon)
    try venue.buy("2")
    #expect(venue.executionHistory.map(\.price) == prices)
    #expect(venue.executionHistory.allSatisfy { $0.quantity <= "1" })
  }

  @Test func `what is taken at a newer touch is gone from the book, too`() throws {
    var venue = venue()
    venue.move(btc, bid: "63999.5", ask: "64000.5", at: .noon)
    try venue.buy("0.2")
    #expect(venue.markets[btc]?.ask == "64000.5")
    try venue.buy("0.5")
    try venue.sell("0.7")
    #expect(
      venue.executionHistory.map(\.price) == ["64000.5", "64000.5", "64002", "63999.5", "63998"])
    #expect(venue.executionHistory.map(\.quantity) == ["0.2", "0.3", "0.2", "0.5", "0.2"])
  }

  @Test func `a touch beyond all that is seen has no depth: everything pays slippage`() throws {
    var venue = venue()
    venue.move(btc, last: "64010", ask: "64010", at: .noon)
    try venue.place(limit(.buy, "0.1", at: "64020", .immediateOrCancel), at: .noon)
    try venue.buy("1")
    #expect(venue.executionHistory.map(\.price) == ["64020", "64074.1"])
  }

  @Test func `who has taken the whole book does not find the last price again`() throws {
    var venue = venue()
    try venue.buy("1.5")
    try venue.buy("1")
    #expect(venue.executionHistory.map(\.price) == ["64001", "64002", "64066.1"])
  }

  @Test func `what was taken is gone until the book is told again`() throws {
    var venue = venue()
    try venue.buy("0.5")
    try venue.buy("0.5")
    #expect(venue.executionHistory.map(\.price) == ["64001", "64002"])
  }

  @Test(arguments: [
    (TimeInForce.goodTillCancelled, PaperOrder.Status.partiallyFilled, "0.5" as Quantity),
    (.immediateOrCancel, .cancelled, "0.5"), (.fillOrKill, .cancelled, "0"),
  ])
  func `a limit takes what lies within it`(
    _ timeInForce: TimeInForce, _ status: PaperOrder.Status, _ filled: Quantity
  ) throws {
    var venue = venue()
    let order = try venue.place(limit(.buy, "0.8", at: "64001", timeInForce), at: .noon)
    #expect(order.status == status && order.filled == filled)
    #expect(venue.openOrders().count == (order.status.isOpen ? 1 : 0))
  }

  @Test func `a resting order waits for those before it, and fills as the tape goes`() throws {
    var venue = venue()
    try venue.place(limit(.buy, "0.4", at: "63999"), at: .noon)
    #expect(venue.openOrders().first?.queueAhead == "0.5")
    venue.trade(btc, at: "63999", quantity: "0.3", aggressor: .sell, time: .noon)
    venue.trade(btc, at: "63999", quantity: "9", aggressor: .buy, time: .noon)
    #expect(venue.long == nil)
    venue.trade(btc, at: "63999", quantity: "0.3", aggressor: .sell, time: .noon)
    #expect(venue.long?.quantity == "0.1")
    #expect(venue.openOrders().map(\.status) == [.partiallyFilled])
    venue.trade(btc, at: "63999", quantity: "1", aggressor: .sell, time: .noon)
    #expect(venue.long?.quantity == "0.4" && venue.openOrders().isEmpty)
    #expect(venue.executionHistory.map(\.price) == ["63999", "63999"])
    #expect(venue.executionHistory.allSatisfy { $0.isMaker })
  }

  @Test func `a thinner level brings the order forward, a thicker one does not push it back`()
    throws
  {
    var venue = venue()
    try venue.place(limit(.buy, "0.4", at: "63999"), at: .noon)
    func show(_ quantity: Quantity) {
      venue.show(
        PaperBook(bids: [.init("63999", quantity)], asks: [.init("64001", "1")]), of: btc,
        at: .noon)
    }
    show("0.2")
    #expect(venue.openOrders().first?.queueAhead == "0.2")
    show("5")
    #expect(venue.openOrders().first?.queueAhead == "0.2")
  }

  @Test func `where no book was told, an order waits to be traded through`() throws {
    var venue = PaperVenue(instruments: [.example()])
    venue.move(btc, last: "64000", at: .noon)
    try venue.place(limit(.buy, "0.1", at: "63999"), at: .noon)
    venue.trade(btc, at: "63999", quantity: "100", aggressor: .sell, time: .noon)
    #expect(venue.long == nil)
    venue.trade(btc, at: "63998.9", quantity: "0.001", aggressor: .sell, time: .noon)
    #expect(venue.long?.quantity == "0.1")
  }

  @Test func `of a venue's book the nearest levels are taken, and a lost one is forgotten`() throws
  {
    var book = OrderBook(symbol: btc)
    for (price, side) in [("63998", Side.buy), ("63999", .buy), ("64001", .sell), ("64002", .sell)]
      as [(Price, Side)]
    {
      book.apply(BookLevel(price, "0.5"), to: side)
    }
    #expect(PaperBook(book, levels: 1).asks == [BookLevel("64001", "0.5")])
    #expect(PaperBook(book, levels: 9).bids.map(\.price) == ["63999", "63998"])
    var venue = venue()
    venue.forgetBook(of: btc)
    try venue.buy("2")
    #expect(venue.executionHistory.map(\.price) == ["64001"])
  }

  @Test func `a reducing order takes no more of the book than its position`() throws {
    var venue = venue()
    try venue.buy("0.7")
    try venue.sell("5", reduceOnly: true)
    #expect(venue.openPositions().isEmpty)
    #expect(venue.executionHistory.suffix(2).map(\.quantity) == ["0.5", "0.2"])
    #expect(venue.orderHistory.last?.status == .filled)
  }
}
