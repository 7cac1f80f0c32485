import TradingModel

// Orders meet prices: what an order that has just come finds in the book.

extension PaperVenue {
  /// Fills an order that has just come or was just triggered, or lets it rest, or ends it.
  mutating func execute(_ order: inout PaperOrder, at time: Timestamp) {
    order.updatedAt = time
    switch order.kind {
    case .market: take(&order, within: nil, at: time)
    case .limit(let limit, let timeInForce):
      switch (crosses(limit, order.side, of: order.symbol), timeInForce) {
      case (true, .postOnly):
        drop(&order, .none, .postOnlyWouldTake, at: time)
      case (_, .fillOrKill) where !isWholeAvailable(for: order, within: limit):
        drop(&order, .none, .noFullFill, at: time)
      case (true, _):
        take(&order, within: limit, at: time)
      case (false, .immediateOrCancel):
        drop(&order, .none, .noImmediateQuantity, at: time)
      case (false, _):
        comeToRest(&order, at: time)
        tellPosition(order.key)
        tellWallet(at: time)
      }
    }
  }

  /// Whether an order at this price would find a counterparty at once.
  func crosses(_ limit: Price, _ side: Side, of symbol: Symbol) -> Bool {
    let best = markets[symbol].flatMap { $0.touch(for: side) ?? $0.last }
    return best.map { side == .buy ? $0 <= limit : $0 >= limit } ?? false
  }

  private func isWholeAvailable(for order: PaperOrder, within limit: Price) -> Bool {
    let found = offers(to: order, upTo: order.unfilled, within: limit)
    return found.reduce(0) { $0 + $1.quantity.wideCount } >= order.unfilled.wideCount
  }

  /// Takes what there is; what is left rests, or ends, as the order says.
  private mutating func take(
    _ order: inout PaperOrder, within limit: Price?, at time: Timestamp
  ) {
    guard let wanted = fillable(order) else { return drop(&order, .reduceOnly, .none, at: time) }
    let found = offers(to: order, upTo: wanted, within: limit)
    guard !found.isEmpty else {
      let isUnknown = limit == nil && markets[order.symbol]?.book == nil
      return drop(&order, .none, isUnknown ? .priceUnknown : .noImmediateQuantity, at: time)
    }
    fill(&order, found, isMaker: false, at: time)
    guard order.status.isOpen else { return }
    if order.timeInForce == .immediateOrCancel {
      drop(&order, .none, .noImmediateQuantity, at: time)
    } else {
      comeToRest(&order, at: time)
      tellWallet(at: time)
    }
  }

  /// How much of an order may fill: a reducing one no more than its position. Nil when nothing is
  /// left to reduce.
  func fillable(_ order: PaperOrder) -> Quantity? {
    guard order.isReducing else { return order.unfilled }
    guard let position = positions[order.key], position.side?.closing == order.side else {
      return nil
    }
    return min(order.unfilled, position.quantity)
  }

  /// What an order finds, best price first.
  ///
  /// Where no book is told, the touch has it all; where nothing but the last trade is known, that
  /// has, worse by the slippage. Where one is told, its levels count: a newer touch moves the price
  /// of the best, and never tells of more than was seen there. Beyond the last level a market order
  /// gets the rest there, worse by the slippage; beyond a touch that no level is left behind, any
  /// order does.
  private func offers(
    to order: PaperOrder, upTo wanted: Quantity, within limit: Price?
  ) -> [BookLevel] {
    guard let market = markets[order.symbol], let tick = instruments[order.symbol]?.tickSize
    else { return [] }
    func worse(_ price: Price) -> Price {
      price.worsened(for: order.side, by: settings.slippage, tick: tick)
    }
    func isWithin(_ price: Price) -> Bool {
      limit.map { order.side == .buy ? price <= $0 : price >= $0 } ?? true
    }
    let touch = market.touch(for: order.side)
    guard let book = market.book else {
      let price = touch ?? (limit == nil ? market.last.map(worse) : market.last)
      return price.flatMap { isWithin($0) ? [BookLevel($0, wanted)] : nil } ?? []
    }
    var levels = book.opposite(of: order.side)
    guard let best = levels.first else {
      // Nobody stands on that side of a book that is shown.
      if settings.marketStopsAtBook, touch == nil { return [] }
      guard let price = touch ?? market.last, isWithin(price) else { return [] }
      return [BookLevel(isWithin(worse(price)) ? worse(price) : limit ?? price, wanted)]
    }
    levels[0] = BookLevel(touch ?? best.price, best.quantity)
    var left = wanted.wideCount
    var found: [BookLevel] = []
    for level in levels where left > 0 && isWithin(level.price) {
      let taken = min(left, level.quantity.wideCount)
      found.append(BookLevel(level.price, Quantity(uncheckedCount: taken)))
      left -= taken
    }
    if left > 0, limit == nil, !settings.marketStopsAtBook,
      let last = book.opposite(of: order.side).last
    {
      found.append(BookLevel(worse(last.price), Quantity(uncheckedCount: left)))
    }
    return found
  }

  private mutating func comeToRest(_ order: inout PaperOrder, at time: Timestamp) {
    if let limit = order.limitPrice {
      order.queueAhead = markets[order.symbol]?.book?.ahead(of: order.side, at: limit)
    }
    rest(order)
    tell(order)
  }

  /// Ends an order that does not rest.
  mutating func drop(
    _ order: inout PaperOrder, _ cancel: PaperOrder.CancelKind,
    _ reason: PaperOrder.RejectReason, at time: Timestamp
  ) {
    order.end(cancel, reason, at: time)
    ended.append(order)
    tell(order)
    // A stop that found nobody stands as long as its position does.
    if order.stopKind.isChild { alignProtection(of: order.key, at: time) }
    tellPosition(order.key)
    tellWallet(at: time)
  }
}
