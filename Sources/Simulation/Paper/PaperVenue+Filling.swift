import TradingModel

// What a fill does: to the order, the position, the money, and to what is told.

extension PaperVenue {
  /// Fills an order at one price, as far as it may be filled.
  mutating func fill(
    _ order: inout PaperOrder, at price: Price, quantity: Quantity? = nil, isMaker: Bool,
    _ time: Timestamp, kind: PaperExecution.Kind = .trade
  ) {
    guard let most = fillable(order) else { return drop(&order, .reduceOnly, .none, at: time) }
    fill(
      &order, [BookLevel(price, min(most, quantity ?? most))], isMaker: isMaker, at: time,
      kind: kind)
  }

  /// Fills an order in pieces, and tells of it: each execution, then the order, the position and the
  /// wallet. An order with more to come is left open, and in no list.
  mutating func fill(
    _ order: inout PaperOrder, _ pieces: [BookLevel], isMaker: Bool, at time: Timestamp,
    kind: PaperExecution.Kind = .trade
  ) {
    let key = order.key
    var position = positions[key] ?? emptyPosition(key, at: time)
    let filled = pieces.reduce(0) { $0 + $1.quantity.wideCount }
    guard position.quantity.wideCount + filled <= Quantity.limit else {
      return drop(&order, .none, .riskLimit, at: time)
    }
    // What reduces is done once nothing is left to reduce.
    let isLast =
      order.unfilled.wideCount <= filled
      || (order.isReducing && position.quantity.wideCount <= filled)
    let sizeBefore = position.quantity
    var opened = Quantity.zero
    for (index, piece) in pieces.enumerated() {
      let execution = execute(
        piece, of: &order, on: &position, isMaker: isMaker, kind: kind,
        completes: isLast && index == pieces.count - 1, at: time)
      let part = piece.quantity.wideCount - execution.closedQuantity.wideCount
      opened = Quantity(uncheckedCount: opened.wideCount + part)
      executions.append(execution)
      events.append(.execution(execution))
      if !isMaker {
        markets[key.symbol]?.consume(piece.quantity, at: piece.price, by: order.side)
      }
    }
    positions[key] = position
    if !order.status.isOpen { ended.append(order) }
    tell(order)
    settle(after: order, opened: opened, sizeBefore: sizeBefore, at: time)
    tellPosition(key)
    tellWallet(at: time)
  }

  private mutating func execute(
    _ piece: BookLevel, of order: inout PaperOrder, on position: inout PaperPosition,
    isMaker: Bool, kind: PaperExecution.Kind, completes: Bool, at time: Timestamp
  ) -> PaperExecution {
    let (price, quantity) = (piece.price, piece.quantity)
    let closes = position.side.map { order.side == $0.closing } ?? false
    let closed = closes ? min(quantity, position.quantity) : .zero
    let opened = Quantity(uncheckedCount: quantity.wideCount - closed.wideCount)
    let feeRate = feeRate(isMaker: isMaker, kind: kind)
    let fee = (price * quantity).share(feeRate)
    let closeFee = opened.isZero ? fee : (price * closed).share(feeRate)
    let before = position
    var profit = Notional.zero
    if !closed.isZero {
      profit = position.reduce(closed, at: price, time: time)
    }
    if !opened.isZero {
      position.add(opened, at: price, side: order.side == .buy ? .long : .short, time: time)
      position.leverage = leverage(of: order.symbol, side: position.side ?? .long)
      position.openFees += fee - closeFee
    }
    position.book(profit - fee)
    sequence += 1
    position.sequence = sequence

    order.filled = Quantity(uncheckedCount: order.filled.wideCount + quantity.wideCount)
    order.filledValue += price * quantity
    order.fees += fee
    // A reducing order that found less than it wanted is done with what there was.
    if completes { order.quantity = order.filled }
    order.status = completes ? .filled : .partiallyFilled
    order.updatedAt = time
    let id = nextExecutionID()
    let execution = PaperExecution(
      id: id, number: executionCount, order: order, kind: kind, price: price, quantity: quantity,
      fee: fee, feeRate: feeRate, isMaker: isMaker, closedQuantity: closed, profit: profit,
      markPrice: markets[order.symbol]?.valuation ?? price, sequence: sequence, time: time)
    post(
      kind == .trade ? .trade : .liquidation, order.key,
      cause: PaperLedgerEntry.Cause(
        executionID: id, orderID: order.id, link: order.link, side: order.side),
      price: price, quantity: quantity, rate: feeRate, profit: profit, fee: fee, at: time)
    if !closed.isZero {
      let value = price * closed
      noteClosed(
        by: execution, entryValue: before.side == .long ? value - profit : value + profit,
        openFee: before.openFees(of: closed), closeFee: closeFee, leverage: before.leverage)
    }
    return execution
  }

  private func feeRate(isMaker: Bool, kind: PaperExecution.Kind) -> Ratio {
    switch kind {
    case .trade: isMaker ? settings.makerFee : settings.takerFee
    case .bust: settings.liquidationFee ?? settings.takerFee
    }
  }
}
