import TradingModel

extension PaperVenue {
  /// Takes an order, fills what can be filled at once and lets the rest wait.
  ///
  /// - Returns: The order as it stands afterwards. What the client may not know before its stream
  ///   tells is in there, too: an acknowledgement needs only the ids.
  /// - Throws: `PaperRejection`, with nothing changed.
  @discardableResult
  public mutating func place(
    _ request: PaperOrderRequest, at time: Timestamp
  ) throws(PaperRejection) -> PaperOrder {
    let request = try checked(request)
    if let link = request.link { usedLinks.insert(link) }
    var order = PaperOrder(
      request, id: nextOrderID(), origin: .user,
      stopKind: request.trigger == nil ? .none : .conditional,
      lastPrice: markets[request.symbol]?.last, at: time)
    if order.isWaiting {
      rest(order)
      tell(order)
      tellPosition(order.key)
    } else {
      execute(&order, at: time)
    }
    return order
  }

  /// An order as a person places it on the venue's own screen: at market, without a client id.
  @discardableResult
  public mutating func openByHand(
    _ symbol: Symbol, side: PositionSide, quantity: Quantity, at time: Timestamp
  ) throws(PaperRejection) -> PaperOrder {
    let slot: PositionSlot =
      mode(of: symbol) == .oneWay ? .oneWay : side == .long ? .hedgeLong : .hedgeShort
    return try place(
      PaperOrderRequest(symbol: symbol, slot: slot, side: side.opening, quantity: quantity),
      at: time)
  }

  /// Changes an order that waits or rests. Nil leaves a value as it is.
  @discardableResult
  public mutating func amend(
    _ reference: OrderReference, quantity: Quantity? = nil, price: Price? = nil,
    trigger: Price? = nil, at time: Timestamp
  ) throws(PaperRejection) -> PaperOrder {
    guard var order = try openOrder(reference), !order.stopKind.isChild,
      let instrument = instruments[order.symbol]
    else { throw .orderGoneToReplace }
    if let quantity {
      try checkQuantity(quantity, kind: order.kind, isReducing: order.reduceOnly, instrument)
      guard quantity > order.filled else { throw .notAboveFilled }
      order.quantity = quantity
    }
    if let price, case .limit(_, let timeInForce) = order.kind {
      try checkPrice(price, instrument)
      order.kind = .limit(price, timeInForce)
    }
    if let trigger, var condition = order.trigger {
      try checkPrice(trigger, instrument)
      condition.price = trigger
      if let current = markets[order.symbol]?.price(of: condition.source),
        condition.isReached(at: current)
      {
        throw .triggerPassed(condition, current: current)
      }
      order.trigger = condition
    }
    let before = remove(order.id, of: order.symbol)
    guard order.isWaiting || order.reduceOnly || canBear(order, at: time) else {
      if let before { rest(before) }
      throw .insufficientBalance
    }
    order.updatedAt = time
    if order.isWaiting {
      rest(order)
      tell(order)
    } else {
      execute(&order, at: time)
    }
    return order
  }

  private func canBear(_ order: PaperOrder, at time: Timestamp) -> Bool {
    orderMargin(of: order) <= wallet(at: time).available
  }

  /// Ends an order that waits or rests. Cancelling the stop or the target of a position removes it
  /// from the position.
  @discardableResult
  public mutating func cancel(
    _ reference: OrderReference, at time: Timestamp
  ) throws(PaperRejection) -> PaperOrder {
    guard let order = try openOrder(reference) else { throw .orderGoneToCancel }
    let ended = cancel(order, at: time)
    tellPosition(order.key)
    tellWallet(at: time)
    return ended
  }

  /// Which orders a cancel-all means.
  public enum CancelFilter: Sendable, Hashable {
    /// Everything, stops and targets of positions, too.
    case all
    /// What rests in the book.
    case active
    /// Conditional orders, stops and targets of positions inside.
    case conditional
    /// Conditional orders that were placed as such.
    case placedConditional
    /// Everything but stops and targets of positions.
    case keepingProtection

    func includes(_ order: PaperOrder) -> Bool {
      switch self {
      case .all: true
      case .active: !order.isWaiting
      case .conditional: order.isWaiting
      case .placedConditional: order.isWaiting && !order.stopKind.isChild
      case .keepingProtection: !order.stopKind.isChild
      }
    }
  }

  /// Cancels the orders of one symbol, or of all.
  /// - Returns: The cancelled orders, in order of symbol and creation.
  @discardableResult
  public mutating func cancelAll(
    symbol: Symbol? = nil, filter: CancelFilter = .all, at time: Timestamp
  ) -> [PaperOrder] {
    var cancelled: [PaperOrder] = []
    for order in openOrders(of: symbol) where filter.includes(order) {
      cancelled.append(cancel(order, at: time))
    }
    var keys: Set<PositionKey> = []
    for order in cancelled where keys.insert(order.key).inserted { tellPosition(order.key) }
    if !cancelled.isEmpty { tellWallet(at: time) }
    return cancelled
  }

  private mutating func cancel(_ order: PaperOrder, at time: Timestamp) -> PaperOrder {
    if order.stopKind == .stopLoss { positions[order.key]?.stop = nil }
    if order.stopKind == .takeProfit { positions[order.key]?.target = nil }
    return end(order, .user, .cancelRequest, at: time)
  }
}
