import TradingModel

/// One leg of a stop and target that guard a part of a position.
public struct PaperPartialLeg: Sendable, Hashable {
  public var price: Price
  /// The limit it is placed at once it has gone off; nil is at market.
  public var limit: Price?
  public var source: TriggerSource

  public init(at price: Price, limit: Price? = nil, source: TriggerSource = .last) {
    self.price = price
    self.limit = limit
    self.source = source
  }
}

extension PaperVenue {
  /// Partial stops and targets that one position may have, each leg counted.
  static let partialLimit = 20

  /// Adds a stop, a target or a pair for a part of a position (Bybit: `trading-stop`, Partial mode).
  /// When one leg of a pair goes off, the other ends.
  /// - Returns: The legs, the stop first.
  @discardableResult
  public mutating func addPartialProtection(
    _ key: PositionKey, quantity: Quantity, stop: PaperPartialLeg? = nil,
    target: PaperPartialLeg? = nil, at time: Timestamp
  ) throws(PaperRejection) -> [PaperOrder] {
    let (position, side, instrument) = try guarded(key)
    guard stop != nil || target != nil else { throw .stopUnchanged }
    guard quantity > .zero, quantity <= position.quantity,
      quantity.isMultiple(of: instrument.quantityStep)
    else { throw .badProtectionSize }
    for (leg, isStop) in [(stop, true), (target, false)] {
      guard let leg else { continue }
      try checkPrice(leg.price, instrument)
      if let limit = leg.limit { try checkPrice(limit, instrument) }
      guard let base = freshPrice(of: key.symbol, leg.source) else { throw .marketUnknown }
      try checkProtection(leg.price, isStop: isStop, side: side, base: base)
    }
    let legs = (stop == nil ? 0 : 1) + (target == nil ? 0 : 1)
    let resting = (open[key.symbol] ?? []).count { $0.slot == key.slot && $0.stopKind.isPartial }
    guard resting + legs <= Self.partialLimit else { throw .tooManyPartialProtections }
    let orders = restPartial(of: key, quantity: quantity, stop: stop, target: target, at: time)
    tellPosition(key)
    return orders
  }

  @discardableResult
  mutating func restPartial(
    of key: PositionKey, quantity: Quantity, stop: PaperPartialLeg?, target: PaperPartialLeg?,
    at time: Timestamp
  ) -> [PaperOrder] {
    guard let side = positions[key]?.side else { return [] }
    var orders: [PaperOrder] = []
    for (leg, isStop) in [(stop, true), (target, false)] {
      guard let leg else { continue }
      let request = PaperOrderRequest(
        symbol: key.symbol, slot: key.slot, side: side.closing, quantity: quantity,
        kind: leg.limit.map { .limit($0, .goodTillCancelled) } ?? .market, reduceOnly: true,
        closeOnTrigger: leg.limit == nil,
        trigger: PaperTrigger(
          closing: side, isStop: isStop, at: leg.price, source: leg.source))
      orders.append(
        makeOrder(
          request, isStop ? .partialStopLoss : .partialTakeProfit,
          isStop ? .partialStopLoss : .partialTakeProfit, at: time))
    }
    if orders.count == 2 {
      orders[0].sibling = orders[1].id
      orders[1].sibling = orders[0].id
    }
    for order in orders {
      rest(order)
      tell(order)
    }
    return orders
  }

  /// Partial legs end when their position has closed or turned.
  mutating func alignPartials(of key: PositionKey, at time: Timestamp) {
    guard let position = positions[key] else { return }
    for order in open[key.symbol] ?? []
    where order.slot == key.slot && order.stopKind.isPartial
      && position.side?.closing != order.side
    {
      end(order, .positionClosed, at: time)
    }
  }

  /// When one leg of a pair goes off, the other ends.
  mutating func endSibling(of order: PaperOrder, at time: Timestamp) {
    guard let id = order.sibling,
      let sibling = open[order.symbol]?.first(where: { $0.id == id })
    else { return }
    end(sibling, .positionClosed, at: time)
  }
}
