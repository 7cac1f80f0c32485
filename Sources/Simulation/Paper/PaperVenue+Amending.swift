import TradingModel

/// What is to change of an order. Nil leaves a value as it is.
public struct PaperAmendment: Sendable, Hashable {
  /// The new total, what has filled inside.
  public var quantity: Quantity?
  public var price: Price?
  public var trigger: Price?
  /// The stop and target that an entry brings.
  public var stop: PaperLeg
  public var target: PaperLeg

  public init(
    quantity: Quantity? = nil, price: Price? = nil, trigger: Price? = nil,
    stop: PaperLeg = .unchanged, target: PaperLeg = .unchanged
  ) {
    self.quantity = quantity
    self.price = price
    self.trigger = trigger
    self.stop = stop
    self.target = target
  }
}

extension PaperVenue {
  /// Changes an order that waits or rests. A new price or a larger quantity loses the place in the
  /// queue, and a price that crosses the market fills. Amending the stop or the target of a position
  /// moves it.
  /// - Throws: `PaperRejection`, with nothing changed: `.orderGoneToReplace`, `.orderUnchanged`,
  ///   `.notAmendable` for a value that the order does not have.
  @discardableResult
  public mutating func amend(
    _ reference: OrderReference, _ amendment: PaperAmendment, at time: Timestamp
  ) throws(PaperRejection) -> PaperOrder {
    guard let order = try openOrder(reference), let instrument = instruments[order.symbol] else {
      throw .orderGoneToReplace
    }
    switch order.stopKind {
    case .stopLoss, .takeProfit:
      return try amendLeg(order, amendment, at: time)
    case .trailingStop:
      throw .notAmendable
    case .none, .conditional, .partialStopLoss, .partialTakeProfit:
      let amended = try amended(order, amendment, instrument)
      guard amended != order else { throw .orderUnchanged }
      return try replace(order, by: amended, at: time)
    }
  }

  /// The stop or target of a whole position.
  private mutating func amendLeg(
    _ order: PaperOrder, _ amendment: PaperAmendment, at time: Timestamp
  ) throws(PaperRejection) -> PaperOrder {
    guard let price = amendment.trigger, amendment.price == nil, amendment.quantity == nil else {
      throw .notAmendable
    }
    let source = order.trigger?.source ?? .last
    let isStop = order.stopKind == .stopLoss
    try setTradingStop(
      order.key, stop: isStop ? .at(price) : .unchanged, target: isStop ? .unchanged : .at(price),
      stopSource: source, targetSource: source, at: time)
    return open[order.symbol]?.first { $0.id == order.id } ?? order
  }

  private func amended(
    _ order: PaperOrder, _ amendment: PaperAmendment, _ instrument: Instrument
  ) throws(PaperRejection) -> PaperOrder {
    var order = order
    if let quantity = amendment.quantity {
      guard !order.closesPosition else { throw .notAmendable }
      try checkQuantity(quantity, kind: order.kind, isReducing: order.isReducing, instrument)
      guard quantity > order.filled else { throw .notAboveFilled }
      if quantity > order.quantity { order.queueAhead = nil }
      order.quantity = quantity
    }
    if let price = amendment.price {
      guard case .limit(_, let timeInForce) = order.kind else { throw .notAmendable }
      try checkPrice(price, instrument)
      order.kind = .limit(price, timeInForce)
      if !order.isWaiting { try checkBand(order.kind, order.side, of: order.symbol) }
    }
    if let price = amendment.trigger {
      guard var trigger = order.trigger, order.isWaiting else { throw .notAmendable }
      try checkPrice(price, instrument)
      trigger.price = price
      if let current = freshPrice(of: order.symbol, trigger.source),
        trigger.isReached(at: current)
      {
        throw .triggerPassed(trigger, current: current)
      }
      order.trigger = trigger
    }
    try amendProtection(of: &order, amendment, instrument)
    let base = order.limitPrice ?? order.trigger?.price
    if !order.isReducing, let base, base * order.quantity < instrument.minNotional {
      throw .belowMinimumValue(instrument.minNotional)
    }
    return order
  }

  private func amendProtection(
    of order: inout PaperOrder, _ amendment: PaperAmendment, _ instrument: Instrument
  ) throws(PaperRejection) {
    let side: PositionSide = order.side == .buy ? .long : .short
    for (leg, isStop) in [(amendment.stop, true), (amendment.target, false)] {
      guard leg != .unchanged else { continue }
      guard !order.isReducing else { throw .protectionOnReduceOnly }
      var price: Price?
      if case .at(let wanted) = leg {
        try checkPrice(wanted, instrument)
        guard
          let base = order.limitPrice ?? order.trigger?.price
            ?? freshPrice(of: order.symbol, .last)
        else { throw .marketUnknown }
        try checkProtection(wanted, isStop: isStop, side: side, base: base)
        price = wanted
      }
      if isStop { order.stop = price } else { order.target = price }
    }
  }

  private mutating func replace(
    _ before: PaperOrder, by amended: PaperOrder, at time: Timestamp
  ) throws(PaperRejection) -> PaperOrder {
    var order = amended
    remove(order.id, of: order.symbol)
    guard order.isWaiting || order.isReducing || canBear(order, at: time) else {
      rest(before)
      throw .insufficientBalance
    }
    order.updatedAt = time
    let keepsPlace =
      before.kind == order.kind && before.quantity >= order.quantity && !order.isWaiting
    if order.isWaiting || keepsPlace {
      rest(order)
      tell(order)
      tellPosition(order.key)
      if keepsPlace { tellWallet(at: time) }
    } else {
      execute(&order, at: time)
    }
    return order
  }

  private func canBear(_ order: PaperOrder, at time: Timestamp) -> Bool {
    orderMargin(of: order) <= wallet(at: time).available
  }
}
