import TradingModel

/// What happens to one leg of a position's stop and target.
public enum PaperLeg: Sendable, Hashable {
  case unchanged
  case removed
  case at(Price)

  /// Bybit's way: nothing leaves it, `0` removes it.
  public init(_ price: Price?) {
    switch price {
    case .none: self = .unchanged
    case .some(let price) where price.isZero: self = .removed
    case .some(let price): self = .at(price)
    }
  }
}

extension PaperVenue {
  /// Sets stop, target and trailing stop of a whole position (Bybit: `trading-stop`, Full mode).
  /// - Throws: `PaperRejection`: `.stopUnchanged` when nothing would change, `.stopOnFlat` for a flat
  ///   slot, `.protectionPassed` or `.activationPassed` for a leg that would go off at once.
  @discardableResult
  public mutating func setTradingStop(
    _ key: PositionKey, stop: PaperLeg = .unchanged, target: PaperLeg = .unchanged,
    trailing: PaperTrailingLeg = .unchanged, stopSource: TriggerSource = .last,
    targetSource: TriggerSource = .last, at time: Timestamp
  ) throws(PaperRejection) -> PaperPosition {
    let (position, side, instrument) = try guarded(key)
    for (leg, isStop, source) in [(stop, true, stopSource), (target, false, targetSource)] {
      guard case .at(let price) = leg else { continue }
      try checkPrice(price, instrument)
      guard let base = freshPrice(of: key.symbol, source) else { throw .marketUnknown }
      try checkProtection(price, isStop: isStop, side: side, base: base)
    }
    if case .at(let trailing) = trailing {
      try checkTrailing(trailing, side: side.closing, instrument)
    }
    var changed = position
    changed.take(stop: stop, target: target, stopSource, targetSource)
    switch trailing {
    case .unchanged: break
    case .removed: changed.trailing = nil
    case .at(let trailing): changed.trailing = armed(trailing, of: key.symbol, for: side.closing)
    }
    guard changed != position else { throw .stopUnchanged }
    changed.updatedAt = time
    positions[key] = changed
    alignProtection(of: key, at: time)
    tellPosition(key)
    return changed
  }

  /// The open position of a slot that a stop may be set for.
  func guarded(
    _ key: PositionKey
  ) throws(PaperRejection) -> (PaperPosition, PositionSide, Instrument) {
    guard let instrument = instruments[key.symbol] else { throw .unknownSymbol }
    guard mode(of: key.symbol).slots.contains(key.slot) else { throw .wrongSlot }
    guard let position = positions[key], let side = position.side else { throw .stopOnFlat }
    return (position, side, instrument)
  }

  /// A trailing stop that has heard the price of this moment.
  func armed(_ trailing: PaperTrailing, of symbol: Symbol, for side: Side) -> PaperTrailing {
    var trailing = trailing
    trailing.best = nil
    if let price = markets[symbol]?.price(of: trailing.source) { trailing.hear(price, for: side) }
    return trailing
  }

  /// After a fill: what rests for the position follows it.
  mutating func settle(
    after order: PaperOrder, opened: Quantity, sizeBefore: Quantity, at time: Timestamp
  ) {
    let key = order.key
    if !opened.isZero, order.stop != nil || order.target != nil {
      switch order.protection {
      case .full:
        positions[key]?.take(
          stop: order.stop.map(PaperLeg.at) ?? .unchanged,
          target: order.target.map(PaperLeg.at) ?? .unchanged,
          order.stopSource, order.targetSource)
      case .partial:
        restPartial(
          of: key, quantity: opened,
          stop: order.stop.map {
            PaperPartialLeg(at: $0, limit: order.stopLimit, source: order.stopSource)
          },
          target: order.target.map {
            PaperPartialLeg(at: $0, limit: order.targetLimit, source: order.targetSource)
          }, at: time)
      }
    }
    alignProtection(of: key, at: time)
    alignPartials(of: key, at: time)
    alignReducingOrders(of: key, at: time)
  }

  /// Makes the stop and target orders of a position what the position says.
  mutating func alignProtection(of key: PositionKey, at time: Timestamp) {
    guard let position = positions[key] else { return }
    func trigger(at price: Price?, isStop: Bool, _ source: TriggerSource) -> PaperTrigger? {
      guard let price, let side = position.side else { return nil }
      return PaperTrigger(closing: side, isStop: isStop, at: price, source: source)
    }
    align(
      .stopLoss, .stopLoss, of: position,
      trigger(at: position.stop, isStop: true, position.stopSource), nil, at: time)
    align(
      .takeProfit, .takeProfit, of: position,
      trigger(at: position.target, isStop: false, position.targetSource), nil, at: time)
    align(.trailingStop, .trailingStop, of: position, nil, position.trailing, at: time)
  }

  private mutating func align(
    _ kind: PaperOrder.StopKind, _ origin: PaperOrder.Origin, of position: PaperPosition,
    _ trigger: PaperTrigger?, _ trailing: PaperTrailing?, at time: Timestamp
  ) {
    let key = position.key
    let isWanted = trigger != nil || trailing != nil
    var resting = open[key.symbol]?.first { $0.slot == key.slot && $0.stopKind == kind }
    // After a turn of the position the old leg would close the wrong side.
    if let order = resting, position.side?.closing != order.side || !isWanted {
      end(order, position.side?.closing == order.side ? .user : .positionClosed, at: time)
      resting = nil
    }
    guard let side = position.side, isWanted else { return }
    guard var order = resting else {
      let request = PaperOrderRequest(
        symbol: key.symbol, slot: key.slot, side: side.closing, quantity: position.quantity,
        reduceOnly: true, closeOnTrigger: true, trigger: trigger, trailing: trailing)
      let order = makeOrder(request, origin, kind, at: time)
      rest(order)
      return tell(order)
    }
    guard
      order.trigger != trigger || order.trailing != trailing || order.quantity != position.quantity
    else { return }
    order.trigger = trigger
    order.trailing = trailing
    order.quantity = position.quantity
    order.updatedAt = time
    keep(order)
  }

  /// Resting reduce-only orders never exceed the position; orders that close all end with it.
  private mutating func alignReducingOrders(of key: PositionKey, at time: Timestamp) {
    guard let position = positions[key] else { return }
    for var order in open[key.symbol] ?? []
    where order.slot == key.slot && order.isReducing && !order.stopKind.isChild {
      if order.isWaiting {
        // It may be meant for a position that is still to come: only the end of one ends it.
        if order.closesPosition, position.isFlat { end(order, .positionClosed, at: time) }
      } else if position.side?.closing != order.side {
        end(order, .reduceOnly, at: time)
      } else if order.unfilled > position.quantity {
        order.quantity = Quantity(
          uncheckedCount: order.filled.wideCount + position.quantity.wideCount)
        order.updatedAt = time
        keep(order)
      }
    }
  }
}

extension PaperPosition {
  fileprivate mutating func take(
    stop: PaperLeg, target: PaperLeg, _ stopSource: TriggerSource, _ targetSource: TriggerSource
  ) {
    switch stop {
    case .unchanged: break
    case .removed: self.stop = nil
    case .at(let price):
      self.stop = price
      self.stopSource = stopSource
    }
    switch target {
    case .unchanged: break
    case .removed: self.target = nil
    case .at(let price):
      self.target = price
      self.targetSource = targetSource
    }
  }
}
