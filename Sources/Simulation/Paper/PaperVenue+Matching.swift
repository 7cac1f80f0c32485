import TradingModel

// Orders meet prices. The touch has all the liquidity, so that an order fills in one piece.

extension PaperVenue {
  /// Fills an order that has just come or was just triggered, or lets it rest, or ends it.
  mutating func execute(_ order: inout PaperOrder, at time: Timestamp) {
    order.updatedAt = time
    switch order.kind {
    case .market:
      guard let price = marketPrice(for: order) else {
        return drop(&order, .none, .priceUnknown, at: time)
      }
      fill(&order, at: price, isMaker: false, time)
    case .limit(let limit, let timeInForce):
      let touch = markets[order.symbol].flatMap { $0.touch(for: order.side) ?? $0.last }
      let crosses = touch.map { order.side == .buy ? $0 <= limit : $0 >= limit } ?? false
      switch (crosses, timeInForce) {
      case (true, .postOnly):
        drop(&order, .none, .postOnlyWouldTake, at: time)
      case (true, _):
        fill(&order, at: touch ?? limit, isMaker: false, time)
      case (false, .immediateOrCancel):
        drop(&order, .none, .noImmediateQuantity, at: time)
      case (false, .fillOrKill):
        drop(&order, .none, .noFullFill, at: time)
      case (false, _):
        rest(order)
        tell(order)
        tellPosition(order.key)
        tellWallet(at: time)
      }
    }
  }

  /// The touch; where none is known, the last price and the slippage.
  private func marketPrice(for order: PaperOrder) -> Price? {
    guard let market = markets[order.symbol], let tick = instruments[order.symbol]?.tickSize
    else { return nil }
    return market.touch(for: order.side)
      ?? market.last?.worsened(for: order.side, by: settings.slippage, tick: tick)
  }

  /// Whether the market has traded through a resting order: at its price others were first.
  func isTradedThrough(_ order: PaperOrder) -> Bool {
    guard let limit = order.limitPrice, let market = markets[order.symbol] else { return false }
    let crossed = market.touch(for: order.side)
    if order.side == .buy {
      return market.last.map { $0 < limit } ?? false || crossed.map { $0 <= limit } ?? false
    }
    return market.last.map { $0 > limit } ?? false || crossed.map { $0 >= limit } ?? false
  }

  /// Fills what is left of an order at one price, and says so.
  mutating func fill(
    _ order: inout PaperOrder, at price: Price, isMaker: Bool, _ time: Timestamp,
    kind: PaperExecution.Kind = .trade
  ) {
    let key = order.key
    var position = positions[key] ?? emptyPosition(key, at: time)
    let closes = position.side.map { order.side == $0.closing } ?? false
    var quantity = order.unfilled
    if order.isReducing {
      guard closes else { return drop(&order, .reduceOnly, .none, at: time) }
      quantity = min(quantity, position.quantity)
    }
    let closed = closes ? min(quantity, position.quantity) : .zero
    let opened = Quantity(uncheckedCount: quantity.wideCount - closed.wideCount)
    guard position.quantity.wideCount + opened.wideCount <= Quantity.limit else {
      return drop(&order, .none, .riskLimit, at: time)
    }

    let feeRate = isMaker ? settings.makerFee : settings.takerFee
    let fee = (price * quantity).share(feeRate)
    var profit = Notional.zero
    if !closed.isZero {
      profit = position.reduce(closed, at: price, time: time)
    }
    if !opened.isZero {
      position.add(opened, at: price, side: order.side == .buy ? .long : .short, time: time)
      position.leverage = leverage(of: key.symbol, side: position.side ?? .long)
    }
    position.book(profit - fee)
    balance += profit - fee
    realised += profit - fee
    totalFees += fee
    sequence += 1
    position.sequence = sequence
    positions[key] = position

    order.filled = Quantity(uncheckedCount: order.filled.wideCount + quantity.wideCount)
    order.filledValue += price * quantity
    order.fees += fee
    // A reducing order that found less than it wanted is done with what there was.
    order.quantity = order.filled
    order.status = .filled
    order.updatedAt = time
    ended.append(order)

    let execution = PaperExecution(
      id: nextExecutionID(), order: order, kind: kind, price: price, quantity: quantity, fee: fee,
      feeRate: feeRate, isMaker: isMaker, closedQuantity: closed, profit: profit,
      markPrice: markets[key.symbol]?.valuation ?? price, sequence: sequence, time: time)
    executions.append(execution)
    events.append(.execution(execution))
    tell(order)
    settle(after: order, opened: !opened.isZero, at: time)
    tellPosition(key)
    tellWallet(at: time)
  }

  /// Ends an order that does not rest.
  private mutating func drop(
    _ order: inout PaperOrder, _ cancel: PaperOrder.CancelKind,
    _ reason: PaperOrder.RejectReason, at time: Timestamp
  ) {
    order.end(cancel, reason, at: time)
    ended.append(order)
    tell(order)
    tellPosition(order.key)
    tellWallet(at: time)
  }
}
