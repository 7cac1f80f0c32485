import Simulation
import TradingModel

// Placing, modifying and cancelling.

extension BinanceAccount {
  private static let mostModifications = 10_000

  /// Takes an order that passed the checks of its parameters.
  /// - Returns: Its number.
  mutating func place(
    _ request: BinanceOrder.Request, algo: Int64? = nil, at now: Timestamp
  ) throws(BinanceRefusal) -> Int64 {
    guard !openOrders().contains(where: { $0.request.clientID == request.clientID }) else {
      throw .duplicateClientID
    }
    try checkReducing(request)
    showBook(of: request.symbol, at: now)
    if let price = request.price {
      let crosses = crosses(request.symbol, request.side, at: price)
      if crosses, request.timeInForce.isPostOnly { throw .postOnly }
      if request.timeInForce == .fillOrKill, !crosses || !holdsAll(of: request) {
        throw .fillOrKill
      }
    }
    let paper = try carryOut { (venue) throws(PaperRejection) in
      try venue.place(Self.paper(request), at: now)
    }
    // Known before its events are told.
    let number = adopt(request, paperID: paper.id, at: now) { $0.algoNumber = algo }
    settle(at: now)
    return number
  }

  private func checkReducing(_ request: BinanceOrder.Request) throws(BinanceRefusal) {
    let closes = request.slot.isOnlyClosed(by: request.side)
    guard request.reduceOnly || closes else { return }
    let position = venue.position(PositionKey(request.symbol, request.slot))
    guard let position, position.side?.closing == request.side else { throw .reduceOnly }
    // In hedge mode an order can't be larger than what it closes.
    if closes, request.quantity > position.quantity { throw .reduceOnly }
  }

  /// Whether a limit order would find a counterparty at once.
  func crosses(_ symbol: Symbol, _ side: Side, at price: Price) -> Bool {
    guard let market = venue.market(symbol) else { return false }
    switch side {
    case .buy: return (market.ask ?? market.last).map { $0 <= price } ?? false
    case .sell: return (market.bid ?? market.last).map { $0 >= price } ?? false
    }
  }

  private static func paper(_ request: BinanceOrder.Request) -> PaperOrderRequest {
    PaperOrderRequest(
      symbol: request.symbol, slot: request.slot, side: request.side, quantity: request.quantity,
      kind: request.price.map { .limit($0, request.timeInForce.paper) } ?? .market,
      reduceOnly: request.reduceOnly)
  }

  /// Changes the price and the size of a resting limit order, which loses its place in the queue.
  mutating func modify(
    _ number: Int64, price: Price, quantity: Quantity, at now: Timestamp
  ) throws(BinanceRefusal) {
    guard let order = order(number), order.status.isOpen else { throw .noSuchOrder }
    guard order.request.price != nil else { throw .modifyLimitOnly }
    guard order.modifications < Self.mostModifications else { throw .modifiedTooOften }
    guard order.request.price != price || order.request.quantity != quantity else {
      throw .unmodified
    }
    let takes =
      order.request.timeInForce.isPostOnly && crosses(order.symbol, order.request.side, at: price)
    guard !takes, quantity > order.filled else { return try cancel(number, at: now) }
    try carryOut { (venue) throws(PaperRejection) in
      try venue.amend(
        OrderReference(symbol: order.symbol, venueID: order.paperID),
        PaperAmendment(quantity: quantity, price: price), at: now)
    }
    change(number) { order in
      order.request.price = price
      order.request.quantity = quantity
      order.modifications += 1
      order.updatedAt = now
    }
    if let changed = self.order(number) { tellOrder(changed, "AMENDMENT", at: now) }
    settle(at: now)
  }

  mutating func cancel(
    _ number: Int64, isOutdated: Bool = false, at now: Timestamp
  ) throws(BinanceRefusal) {
    guard let order = order(number), order.status.isOpen else { throw .unknownOrder }
    change(number) { $0.isOutdated = isOutdated }
    try carryOut { (venue) throws(PaperRejection) in
      try venue.cancel(OrderReference(symbol: order.symbol, venueID: order.paperID), at: now)
    }
    settle(at: now)
  }

  /// Cancels what rests of a symbol; conditional orders stay.
  mutating func cancelAll(_ symbol: Symbol, at now: Timestamp) {
    for order in openOrders(of: symbol) {
      // One that filled meanwhile is no failure of the whole.
      do { try cancel(order.number, at: now) } catch {}
    }
  }

  /// Does something to the paper venue; its rejection becomes Binance's.
  @discardableResult
  mutating func carryOut<Answer>(
    _ deed: (inout PaperVenue) throws(PaperRejection) -> Answer
  ) throws(BinanceRefusal) -> Answer {
    do throws(PaperRejection) {
      return try deed(&venue)
    } catch {
      throw BinanceRefusal(error)
    }
  }
}
