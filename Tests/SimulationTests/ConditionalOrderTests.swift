import Simulation
import TestSupport
import Testing
import TradingModel

/// Orders that wait for the market, as both venues know them.
struct ConditionalOrderTests {
  private func waiting(
    _ side: Side, at price: Price, _ direction: PaperTrigger.Direction,
    by source: TriggerSource = .last, kind: OrderKind = .market, reduceOnly: Bool = false,
    closesPosition: Bool = false
  ) -> PaperOrderRequest {
    PaperOrderRequest(
      symbol: btc, side: side, quantity: closesPosition ? "0" : "0.1", kind: kind,
      reduceOnly: reduceOnly,
      trigger: PaperTrigger(price: price, direction: direction, source: source),
      closesPosition: closesPosition)
  }

  @Test func `a stop-limit rests at its limit once it has gone off`() throws {
    var venue = venue()
    try venue.place(
      waiting(.buy, at: "64500", .rising, kind: .limit("64400", .goodTillCancelled)), at: .noon)
    venue.goTo("64500", at: .noon + .seconds(1))
    let order = try #require(venue.openOrders().first)
    #expect(order.status == .new && order.triggeredAt == .noon + .seconds(1))
    venue.goTo("64400")
    #expect(venue.long?.entryPrice == "64400")
    #expect(venue.executionHistory.last?.isMaker == true)
  }

  @Test func `a trigger by the mark price does not hear the last`() throws {
    var venue = venue()
    try venue.place(waiting(.sell, at: "63000", .falling, by: .mark), at: .noon)
    venue.move(btc, last: "62000", at: .noon)
    #expect(venue.openPositions().isEmpty)
    venue.move(btc, mark: "63000", at: .noon)
    #expect(venue.openPositions().map(\.side) == [.short])
  }

  @Test func `a trigger by the index hears neither last nor mark, and needs an index`() throws {
    var venue = venue()
    let order = waiting(.sell, at: "63000", .falling, by: .index)
    #expect(code { () throws(PaperRejection) in _ = try venue.place(order, at: .noon) } == 110118)
    venue.move(btc, index: "64000", at: .noon)
    try venue.place(order, at: .noon)
    venue.goTo("62000")
    #expect(venue.openPositions().isEmpty)
    venue.move(btc, index: "63000", at: .noon)
    #expect(venue.openPositions().map(\.side) == [.short])
    // A stop of a position, too.
    venue.goTo("63000")
    try venue.setTradingStop(PositionKey(btc), stop: .at("64000"), stopSource: .index, at: .noon)
    venue.goTo("64500")
    #expect(venue.openPositions().count == 1)
    venue.move(btc, index: "64000", at: .noon)
    #expect(venue.openPositions().isEmpty)
  }

  @Test func `no margin is held before the trigger, and without it then the order ends`() throws {
    var venue = venue(balance: "1000")
    try venue.place(waiting(.buy, at: "64500", .rising), at: .noon)
    #expect(venue.wallet(at: .noon).orderMargin == .zero)
    try venue.withdraw("900", at: .noon)
    venue.goTo("64600")
    #expect(venue.openPositions().isEmpty && venue.openOrders().isEmpty)
    #expect(venue.orderHistory.last?.rejectReason == .others)
  }

  @Test func `an order that closes the position takes what there is when it goes off`() throws {
    var venue = venue()
    try venue.buy("0.1")
    try venue.place(waiting(.sell, at: "63000", .falling, closesPosition: true), at: .noon)
    try venue.buy("0.05")
    venue.goTo("63000")
    #expect(venue.openPositions().isEmpty)
    #expect(venue.executionHistory.last?.quantity == "0.15")
  }

  @Test func `an order that closes the position ends with it`() throws {
    var venue = venue()
    try venue.buy("0.1")
    try venue.place(waiting(.sell, at: "63000", .falling, closesPosition: true), at: .noon)
    try venue.place(waiting(.sell, at: "66000", .rising, reduceOnly: true), at: .noon)
    try venue.sell("0.1", reduceOnly: true)
    #expect(venue.openOrders().map(\.closesPosition) == [false])
    #expect(venue.orderHistory.last?.cancelKind == .positionClosed)
    venue.goTo("66000")
    #expect(venue.openPositions().isEmpty)
    #expect(venue.orderHistory.last?.cancelKind == .reduceOnly)
  }

  @Test func `closing the position takes no quantity and needs a trigger`() {
    var venue = venue()
    var order = waiting(.sell, at: "63000", .falling, closesPosition: true)
    order.quantity = "0.1"
    #expect(
      cause { () throws(PaperRejection) in try venue.place(order, at: .noon) }
        == .badClosePosition)
    order.quantity = "0"
    order.trigger = nil
    #expect(
      cause { () throws(PaperRejection) in try venue.place(order, at: .noon) }
        == .badClosePosition)
  }

  @Test func `the eleventh waiting order of a symbol is one too many`() throws {
    var venue = venue()
    for step in 1...10 {
      let price = Price(uncheckedCount: Int128(65_000 + step) * 100_000_000)
      try venue.place(waiting(.sell, at: price, .rising), at: .noon)
    }
    #expect(
      code { () throws(PaperRejection) in
        try venue.place(waiting(.sell, at: "66000", .rising), at: .noon)
      } == 110009)
  }

  @Test func `cancel-all takes what it is told to take`() throws {
    var venue = venue()
    try venue.buy("0.1", stop: "63000")
    let resting = try venue.place(
      PaperOrderRequest(
        symbol: btc, side: .buy, quantity: "0.01", kind: .limit("60000", .goodTillCancelled)),
      at: .noon)
    let waits = try venue.place(waiting(.sell, at: "66000", .rising), at: .noon)
    var other = venue
    #expect(other.cancelAll(filter: .active, at: .noon).map(\.id) == [resting.id])
    #expect(other.cancelAll(filter: .placedConditional, at: .noon).map(\.id) == [waits.id])
    #expect(other.cancelAll(filter: .conditional, at: .noon).map(\.stopKind) == [.stopLoss])
    #expect(venue.cancelAll(symbol: "ETHUSDT", at: .noon).isEmpty)
    #expect(venue.cancelAll(symbol: btc, at: .noon).count == 3)
  }

  @Test func `where the rules say so, a taking post-only is refused and ended ids are free`() throws
  {
    var venue = PaperVenue(
      settings: PaperSettings(rules: .binance), instruments: [.example()])
    venue.goTo("64000")
    let order = PaperOrderRequest(
      symbol: btc, side: .buy, quantity: "0.1", kind: .limit("64000", .postOnly))
    let before = venue.orderCount
    #expect(
      cause { () throws(PaperRejection) in try venue.place(order, at: .noon) }
        == .postOnlyWouldTake)
    #expect(venue.orderCount == before)
    try venue.buy("0.01", link: "same")
    try venue.buy("0.01", link: "same")
    var resting = order
    resting.link = ClientOrderID("same")
    resting.kind = .limit("63000", .postOnly)
    try venue.place(resting, at: .noon)
    #expect(
      cause { () throws(PaperRejection) in try venue.place(resting, at: .noon) }
        == .duplicateLink)
  }
}
