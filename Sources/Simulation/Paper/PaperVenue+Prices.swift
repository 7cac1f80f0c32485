import TradingModel

extension PaperVenue {
  /// Tells the venue a price. It takes positions over whose margin is used up, sets off conditional
  /// orders, stops and targets, and fills resting orders that were traded through.
  ///
  /// Nil leaves a value as it was; prices that are not above zero and unlisted symbols are ignored.
  public mutating func move(
    _ symbol: Symbol, last: Price? = nil, mark: Price? = nil, index: Price? = nil,
    bid: Price? = nil, ask: Price? = nil, fundingRate: Ratio? = nil, at time: Timestamp
  ) {
    guard instruments[symbol] != nil else { return }
    settleFunding(symbol, at: time)
    func sound(_ price: Price?) -> Price? { price.flatMap { $0 > .zero ? $0 : nil } }
    var market = markets[symbol] ?? PaperMarket(updatedAt: time)
    market.take(
      last: sound(last), mark: sound(mark), index: sound(index), bid: sound(bid),
      ask: sound(ask), at: time)
    if let fundingRate { market.fundingRate = fundingRate }
    markets[symbol] = market
    react(to: symbol, at: time)
  }

  /// Tells the venue a trade of the public tape: a price, and how much of the queue it took.
  ///
  /// - Parameter aggressor: The side that took: a seller fills resting buy orders.
  public mutating func trade(
    _ symbol: Symbol, at price: Price, quantity: Quantity, aggressor: Side, time: Timestamp
  ) {
    guard instruments[symbol] != nil, price > .zero else { return }
    settleFunding(symbol, at: time)
    var left = max(.zero, quantity)
    for order in open[symbol] ?? []
    where order.limitPrice == price && order.side != aggressor && !order.isWaiting {
      serve(order, &left, time)
    }
    move(symbol, last: price, at: time)
  }

  /// Tells the venue the visible book; it replaces the one before. Resting orders learn how much
  /// still stands before them at the most.
  public mutating func show(_ book: PaperBook, of symbol: Symbol, at time: Timestamp) {
    guard instruments[symbol] != nil else { return }
    settleFunding(symbol, at: time)
    var market = markets[symbol] ?? PaperMarket(updatedAt: time)
    market.take(book, at: time)
    markets[symbol] = market
    for place in (open[symbol] ?? []).indices {
      guard let order = open[symbol]?[place], let limit = order.limitPrice, !order.isWaiting,
        let ahead = order.queueAhead, let standing = book.ahead(of: order.side, at: limit)
      else { continue }
      open[symbol]?[place].queueAhead = min(ahead, standing)
    }
    react(to: symbol, at: time)
  }

  /// The book is not known any more; the touch stays.
  public mutating func forgetBook(of symbol: Symbol) { markets[symbol]?.book = nil }

  private mutating func react(to symbol: Symbol, at time: Timestamp) {
    liquidate(symbol, at: time)
    guard let market = markets[symbol], let orders = open[symbol], !orders.isEmpty else { return }
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

  /// Whether the market has traded through a resting order: at its price others were first.
  private func isTradedThrough(_ order: PaperOrder) -> Bool {
    guard let limit = order.limitPrice, let market = markets[order.symbol] else { return false }
    let crossed = market.touch(for: order.side)
    if order.side == .buy {
      return market.last.map { $0 < limit } ?? false || crossed.map { $0 <= limit } ?? false
    }
    return market.last.map { $0 > limit } ?? false || crossed.map { $0 >= limit } ?? false
  }

  /// A trade at an order's price serves those before it first, then the order, then those behind.
  private mutating func serve(_ order: PaperOrder, _ left: inout Quantity, _ time: Timestamp) {
    guard left > .zero, let ahead = order.queueAhead, let limit = order.limitPrice,
      var order = remove(order.id, of: order.symbol)
    else { return }
    let passed = min(ahead, left)
    order.queueAhead = Quantity(uncheckedCount: ahead.wideCount - passed.wideCount)
    let reached = Quantity(uncheckedCount: left.wideCount - passed.wideCount)
    guard reached > .zero else { return rest(order) }
    let before = order.filled
    fill(&order, at: limit, quantity: reached, isMaker: true, time)
    left = Quantity(
      uncheckedCount: left.wideCount - (order.filled.wideCount - before.wideCount))
    guard order.status.isOpen else { return }
    rest(order)
    tellWallet(at: time)
  }

  private mutating func setOff(_ order: PaperOrder, _ market: PaperMarket, at time: Timestamp) {
    guard let price = triggering(order, market) else { return }
    // A trailing stop may just have followed the price.
    guard var order = remove(order.id, of: order.symbol) else { return }
    endSibling(of: order, at: time)
    order.triggeredAt = time
    order.status = .new
    order.updatedAt = time
    if order.closesPosition {
      guard let held = positions[order.key], held.side?.closing == order.side else {
        return drop(&order, .reduceOnly, .none, at: time)
      }
      order.quantity = held.quantity
    }
    // No margin is held before the trigger; without it then, the order ends.
    let needed =
      order.isReducing
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

  /// The price that sets a waiting order off; nil while none has. A trailing stop follows it.
  private mutating func triggering(_ order: PaperOrder, _ market: PaperMarket) -> Price? {
    if let trigger = order.trigger {
      guard let price = market.price(of: trigger.source), trigger.isReached(at: price) else {
        return nil
      }
      return price
    }
    guard var trailing = order.trailing, let price = market.price(of: trailing.source),
      let tick = instruments[order.symbol]?.tickSize
    else { return nil }
    let before = trailing
    trailing.hear(price, for: order.side)
    if trailing != before { follow(order, trailing) }
    guard let stop = trailing.stopPrice(for: order.side, tick: tick),
      order.side == .sell ? price <= stop : price >= stop
    else { return nil }
    return price
  }

  /// Writes how far a trailing stop has come; the venue tells nobody.
  private mutating func follow(_ order: PaperOrder, _ trailing: PaperTrailing) {
    guard let place = open[order.symbol]?.firstIndex(where: { $0.id == order.id }) else { return }
    open[order.symbol]?[place].trailing = trailing
    if order.stopKind == .trailingStop { positions[order.key]?.trailing = trailing }
  }
}
