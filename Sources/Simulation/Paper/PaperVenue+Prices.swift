import TradingModel

extension PaperVenue {
  /// Tells the venue a price. It takes positions over whose margin is used up, sets off conditional
  /// orders, stops and targets, and fills resting orders that were traded through.
  ///
  /// Nil leaves a price as it was; prices that are not above zero and unlisted symbols are ignored.
  public mutating func move(
    _ symbol: Symbol, last: Price? = nil, mark: Price? = nil, bid: Price? = nil,
    ask: Price? = nil, at time: Timestamp
  ) {
    guard instruments[symbol] != nil else { return }
    func sound(_ price: Price?) -> Price? { price.flatMap { $0 > .zero ? $0 : nil } }
    var market = markets[symbol] ?? PaperMarket(updatedAt: time)
    market.take(
      last: sound(last), mark: sound(mark), bid: sound(bid), ask: sound(ask), at: time)
    markets[symbol] = market
    liquidate(symbol, at: time)
    guard let orders = open[symbol], !orders.isEmpty else { return }
    // By id: each fill may end or change the orders after it.
    for id in orders.map(\.id) {
      guard let order = open[symbol]?.first(where: { $0.id == id }) else { continue }
      if order.isWaiting {
        setOff(order, market, at: time)
      } else if let limit = order.limitPrice, isTradedThrough(order) {
        remove(id, of: symbol)
        var order = order
        fill(&order, at: limit, isMaker: true, time)
      }
    }
  }

  private mutating func setOff(_ order: PaperOrder, _ market: PaperMarket, at time: Timestamp) {
    guard let trigger = order.trigger, let price = market.price(of: trigger.source),
      trigger.isReached(at: price)
    else { return }
    remove(order.id, of: order.symbol)
    var order = order
    order.status = .new
    // No margin is held before the trigger; without it then, the order ends.
    let needed =
      order.reduceOnly
      ? .zero
      : marginNeeded(
        for: order.quantity, at: order.limitPrice ?? price, side: order.side, slot: order.slot,
        symbol: order.symbol)
    guard needed <= wallet(at: time).available else {
      order.end(.none, .others, at: time)
      ended.append(order)
      return tell(order)
    }
    execute(&order, at: time)
  }
}
