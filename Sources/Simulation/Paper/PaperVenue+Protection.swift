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
  /// Sets stop and target of a whole position (Bybit: `trading-stop`, Full mode).
  /// - Throws: `PaperRejection`: 34040 when nothing would change, 10001 for a flat slot or a leg that
  ///   would go off at once.
  @discardableResult
  public mutating func setTradingStop(
    _ key: PositionKey, stop: PaperLeg = .unchanged, target: PaperLeg = .unchanged,
    stopSource: TriggerSource = .last, targetSource: TriggerSource = .last, at time: Timestamp
  ) throws(PaperRejection) -> PaperPosition {
    guard let instrument = instruments[key.symbol] else { throw .unknownSymbol }
    guard mode(of: key.symbol).slots.contains(key.slot) else { throw .wrongSlot }
    guard let position = positions[key], let side = position.side else { throw .stopOnFlat }
    for (leg, isStop, source) in [(stop, true, stopSource), (target, false, targetSource)] {
      guard case .at(let price) = leg else { continue }
      try checkPrice(price, instrument)
      guard let base = markets[key.symbol]?.price(of: source) else { throw .marketUnknown }
      try checkProtection(price, isStop: isStop, side: side, base: base)
    }
    var changed = position
    changed.take(stop: stop, target: target, stopSource, targetSource)
    guard changed != position else { throw .stopUnchanged }
    changed.updatedAt = time
    positions[key] = changed
    alignProtection(of: key, at: time)
    tellPosition(key)
    return changed
  }

  /// After a fill: what rests for the position follows it.
  mutating func settle(after order: PaperOrder, opened: Bool, at time: Timestamp) {
    let key = order.key
    if opened, order.stop != nil || order.target != nil {
      positions[key]?.take(
        stop: order.stop.map(PaperLeg.at) ?? .unchanged,
        target: order.target.map(PaperLeg.at) ?? .unchanged,
        order.stopSource, order.targetSource)
    }
    alignProtection(of: key, at: time)
    alignReducingOrders(of: key, at: time)
  }

  /// Makes the stop and target orders of a position what the position says.
  private mutating func alignProtection(of key: PositionKey, at time: Timestamp) {
    guard let position = positions[key] else { return }
    align(
      .stopLoss, .stopLoss, of: position, at: position.stop, position.stopSource, time: time)
    align(
      .takeProfit, .takeProfit, of: position, at: position.target, position.targetSource,
      time: time)
  }

  private mutating func align(
    _ kind: PaperOrder.StopKind, _ origin: PaperOrder.Origin, of position: PaperPosition,
    at price: Price?, _ source: TriggerSource, time: Timestamp
  ) {
    let key = position.key
    var resting = open[key.symbol]?.first { $0.slot == key.slot && $0.stopKind == kind }
    // After a turn of the position the old leg would close the wrong side.
    if let order = resting, position.side?.closing != order.side || price == nil {
      end(order, position.side?.closing == order.side ? .user : .positionClosed, at: time)
      resting = nil
    }
    guard let side = position.side, let price else { return }
    let trigger = PaperTrigger(
      closing: side, isStop: kind == .stopLoss, at: price, source: source)
    guard var order = resting else {
      let request = PaperOrderRequest(
        symbol: key.symbol, slot: key.slot, side: side.closing, quantity: position.quantity,
        reduceOnly: true, closeOnTrigger: true, trigger: trigger)
      let order = PaperOrder(
        request, id: nextOrderID(), origin: origin, stopKind: kind,
        lastPrice: markets[key.symbol]?.last, at: time)
      rest(order)
      return tell(order)
    }
    guard order.trigger != trigger || order.quantity != position.quantity else { return }
    order.trigger = trigger
    order.quantity = position.quantity
    order.updatedAt = time
    keep(order)
  }

  /// Resting reduce-only orders never exceed the position.
  private mutating func alignReducingOrders(of key: PositionKey, at time: Timestamp) {
    guard let position = positions[key] else { return }
    for var order in open[key.symbol] ?? []
    where order.slot == key.slot && order.reduceOnly && !order.isWaiting {
      if position.side?.closing != order.side {
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
