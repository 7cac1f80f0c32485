import Simulation
import TestSupport
import Testing
import TradingModel

struct PaperVenueTests {
  @Test func `fees and profit are exact`() throws {
    var venue = venue()
    try venue.buy("0.1")
    // 0.055 % of 64 000.1 × 0.1.
    #expect(venue.wallet(at: .noon).balance == "9996.4799945")
    venue.goTo("65000")
    #expect(venue.wallet(at: .noon).unrealised == "99.99")
    try venue.sell("0.1", reduceOnly: true)
    // Less 0.055 % of 6500.
    #expect(venue.wallet(at: .noon).balance == "10092.8949945")
    #expect(venue.openPositions().isEmpty)
    #expect(venue.executions(since: .noon).map(\.fee) == ["3.5200055", "3.575"])
    #expect(venue.executions(since: .noon).last?.profit == "99.99")
  }

  @Test func `events come as executions, orders, position, wallet`() throws {
    var venue = venue()
    try venue.buy("0.1", stop: "63000")
    let kinds = venue.drainEvents().map { event in
      switch event {
      case .execution(let execution): "execution \(execution.order.status.rawValue)"
      case .order(let order): "order \(order.stopKind.rawValue) \(order.status.rawValue)"
      case .position(let position, _): "position \(position.quantity)"
      case .wallet: "wallet"
      case .funding: "funding"
      case .transfer: "transfer"
      }
    }
    #expect(
      kinds == [
        "execution Filled", "order  Filled", "order StopLoss Untriggered", "position 0.1",
        "wallet",
      ])
    #expect(venue.drainEvents().isEmpty)
  }

  @Test func `a stop goes off by the last price, and the target goes with the position`() throws {
    var venue = venue()
    try venue.buy("0.1", stop: "63000", target: "66000")
    venue.move(btc, mark: "62000", at: .noon)
    venue.goTo("63000.1")
    #expect(venue.long != nil)
    venue.goTo("63000")
    #expect(venue.openPositions().isEmpty && venue.openOrders().isEmpty)
    let ends = venue.orderHistory.suffix(2)
    #expect(ends.map(\.origin) == [.stopLoss, .takeProfit])
    #expect(ends.map(\.status) == [.filled, .deactivated])
    #expect(ends.last?.cancelKind == .positionClosed)
    #expect(ends.first?.averagePrice == "63000")
    #expect(venue.executionHistory.last?.fill.role == .stop)
  }

  @Test func `a stop by the mark price does not care for the last`() throws {
    var venue = venue()
    try venue.buy("0.1")
    try venue.setTradingStop(PositionKey(btc), stop: .at("63000"), stopSource: .mark, at: .noon)
    venue.move(btc, last: "62900", bid: "62900", ask: "62900.1", at: .noon)
    #expect(venue.long != nil)
    venue.move(btc, mark: "63000", at: .noon)
    #expect(venue.long == nil)
  }

  @Test func `the stop follows the position, and zero removes it`() throws {
    var venue = venue()
    try venue.buy("0.1", stop: "63000")
    try venue.buy("0.05")
    #expect(venue.openOrders().map(\.quantity) == ["0.15"])
    try venue.setTradingStop(PositionKey(btc), stop: PaperLeg("0"), at: .noon)
    #expect(venue.openOrders().isEmpty)
    #expect(venue.long?.stop == nil)
  }

  @Test func `cancelling a stop takes it from the position`() throws {
    var venue = venue()
    try venue.buy("0.1", stop: "63000", target: "66000")
    #expect(venue.cancelAll(filter: .keepingProtection, at: .noon).isEmpty)
    #expect(venue.cancelAll(filter: .all, at: .noon).count == 2)
    #expect(venue.long?.stop == nil && venue.long?.target == nil)
  }

  @Test(arguments: [
    (TimeInForce.goodTillCancelled, PaperOrder.Status.new, PaperOrder.RejectReason.none),
    (.postOnly, .new, .none),
    (.immediateOrCancel, .cancelled, .noImmediateQuantity),
    (.fillOrKill, .cancelled, .noFullFill),
  ])
  func `a limit below the market rests or goes`(
    _ timeInForce: TimeInForce, _ status: PaperOrder.Status, _ reason: PaperOrder.RejectReason
  ) throws {
    var venue = venue()
    let order = try venue.place(
      PaperOrderRequest(
        symbol: btc, side: .buy, quantity: "0.1", kind: .limit("63500", timeInForce)), at: .noon)
    #expect(order.status == status)
    #expect(order.rejectReason == reason)
  }

  @Test func `a crossing limit takes the touch, unless it is post-only`() throws {
    var venue = venue()
    var order = PaperOrderRequest(
      symbol: btc, side: .buy, quantity: "0.1", kind: .limit("64500", .goodTillCancelled))
    #expect(try venue.place(order, at: .noon).averagePrice == "64000.1")
    order.kind = .limit("64500", .postOnly)
    let refused = try venue.place(order, at: .noon)
    #expect(refused.status == .cancelled)
    #expect(refused.rejectReason == .postOnlyWouldTake)
  }

  @Test func `a resting limit fills when traded through, at its price, as maker`() throws {
    var venue = venue()
    try venue.place(
      PaperOrderRequest(
        symbol: btc, side: .buy, quantity: "0.1", kind: .limit("63500", .goodTillCancelled)),
      at: .noon)
    #expect(venue.wallet(at: .noon).orderMargin == "641.985")
    venue.move(btc, last: "63500", at: .noon)
    #expect(venue.long == nil)  // Others were first at that price.
    venue.move(btc, last: "63499.9", at: .noon)
    #expect(venue.long?.entryPrice == "63500")
    let execution = try #require(venue.executionHistory.last)
    #expect(execution.isMaker && execution.fee == "1.27")
  }

  @Test func `a conditional order waits for its trigger and then fills at market`() throws {
    var venue = venue()
    try venue.place(
      PaperOrderRequest(
        symbol: btc, side: .buy, quantity: "0.1",
        trigger: PaperTrigger(price: "64500", direction: .rising)), at: .noon)
    #expect(venue.openOrders().map(\.status) == [.untriggered])
    venue.goTo("64600")
    #expect(venue.long?.entryPrice == "64600")
  }

  @Test func `an isolated position is taken over at its liquidation price and loses its margin`()
    throws
  {
    var venue = venue()
    venue.goTo("64000")
    try venue.buy("0.1")
    // 64 000 less a tenth, and plus 0.5 % for the maintenance margin.
    #expect(venue.liquidationPrice(of: try #require(venue.long)) == "57920")
    venue.goTo("57920.1")
    #expect(venue.long != nil)
    venue.goTo("57920")
    #expect(venue.openPositions().isEmpty)
    let bust = try #require(venue.executionHistory.last)
    #expect(bust.kind == .bust && bust.price == "57600" && bust.profit == "-640")
    #expect(bust.fill.role == .liquidation)
    #expect(venue.wallet(at: .noon).balance == "9353.312")
  }

  @Test func `in hedge mode both sides stand beside each other`() throws {
    var venue = venue(mode: .hedge)
    func order(_ slot: PositionSlot, _ side: Side, _ quantity: Quantity) -> PaperOrderRequest {
      PaperOrderRequest(symbol: btc, slot: slot, side: side, quantity: quantity)
    }
    try venue.place(order(.hedgeLong, .buy, "0.1"), at: .noon)
    try venue.place(order(.hedgeShort, .sell, "0.05"), at: .noon)
    #expect(venue.openPositions().map(\.side) == [.long, .short])
    try venue.place(order(.hedgeLong, .sell, "0.1"), at: .noon)
    #expect(venue.openPositions().map(\.side) == [.short])
    #expect(
      code { () throws(PaperRejection) in try venue.place(order(.oneWay, .buy, "0.1"), at: .noon) }
        == 10001)
    #expect(
      code { () throws(PaperRejection) in
        try venue.place(order(.hedgeLong, .sell, "0.1"), at: .noon)
      }
        == 110017)
  }

  @Test func `a larger order against a position turns it, without its stop`() throws {
    var venue = venue()
    try venue.buy("0.1", stop: "63000")
    try venue.sell("0.15")
    let position = try #require(venue.openPositions().first)
    #expect(position.side == .short && position.quantity == "0.05" && position.stop == nil)
    #expect(venue.openOrders().isEmpty)
  }

  @Test func `reducing by more than there is closes what there is`() throws {
    var venue = venue()
    try venue.buy("0.1")
    let order = try venue.sell("0.5", reduceOnly: true)
    #expect(order.filled == "0.1" && order.status == .filled)
    #expect(venue.openPositions().isEmpty)
  }

  @Test func `close-all needs no quantity`() throws {
    var venue = venue()
    try venue.buy("0.123")
    try venue.place(
      PaperOrderRequest(
        symbol: btc, side: .sell, quantity: "0", reduceOnly: true, closeOnTrigger: true),
      at: .noon)
    #expect(venue.openPositions().isEmpty)
  }

  @Test func `money moves in and out, but not what is in use`() throws {
    var venue = venue()
    try venue.deposit("500", at: .noon)
    #expect(venue.wallet(at: .noon).equity == "10500")
    try venue.buy("1")
    let free = venue.wallet(at: .noon).available
    #expect(
      code { () throws(PaperRejection) in
        try venue.withdraw(free + Notional(uncheckedCount: 1), at: .noon)
      } == 110004)
    try venue.withdraw(free, at: .noon)
    #expect(venue.wallet(at: .noon).available == .zero)
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `whatever happens, the books add up`(seed: UInt64) throws {
    let chance = SeededRandom(seed: seed)
    var venue = venue(mode: seed.isMultiple(of: 2) ? .hedge : .oneWay)
    var price: Int64 = 640_000
    // What was paid and received in cash, apart from the venue's own books.
    var cash = Notional.usdt(10_000)
    for step in 0..<2_000 {
      let time = Timestamp.noon + .seconds(Int64(step))
      price = max(100_000, price + Int64(chance.next(below: 8_001)) - 4_000)
      let last = Price(uncheckedCount: Int128(price) * 10_000_000)
      venue.move(btc, last: last, mark: last, bid: last, ask: last, at: time)
      let side: Side = chance.next(below: 2) == 0 ? .buy : .sell
      let slots = venue.mode(of: btc).slots
      let slot = slots[Int(chance.next(below: UInt64(slots.count)))]
      let away = Price(uncheckedCount: Int128(price - 3_000) * 10_000_000)
      let order = PaperOrderRequest(
        symbol: btc, slot: slot, side: side,
        quantity: Quantity(uncheckedCount: Int128(chance.next(below: 300) + 1) * 100_000),
        kind: chance.next(below: 3) == 0 ? .limit(away, .goodTillCancelled) : .market,
        reduceOnly: chance.next(below: 4) == 0,
        stop: side == .buy && chance.next(below: 3) == 0 ? away : nil)
      _ = code { () throws(PaperRejection) in try venue.place(order, at: time) }

      for case .execution(let execution) in venue.drainEvents() {
        cash += execution.order.side == .sell ? execution.value : -execution.value
        cash -= execution.fee
      }
      let wallet = venue.wallet(at: time)
      #expect(wallet.balance >= .zero)
      let worth = venue.openPositions().reduce(Notional.zero) { sum, position in
        position.side == .long
          ? sum + last * position.quantity : sum - last * position.quantity
      }
      #expect(wallet.equity == cash + worth)
      #expect(wallet.equity == wallet.balance + wallet.unrealised)
      let stops = venue.openOrders().filter { $0.stopKind == .stopLoss }
      let guarded = venue.openPositions().filter { $0.stop != nil }
      #expect(stops.map(\.quantity) == guarded.map(\.quantity))
    }
    #expect(venue.executionHistory.count > 300)
  }
}
