import TradingModel
import Transport

// Stops and targets of whole positions: market orders of the algo service that close the position.
extension BinanceREST {
  /// Another order of the kind closes the position in this direction already.
  private static let standsAlready = -4130

  /// Stop and target of an entry that was just accepted. What fails here is logged; nothing of it
  /// undoes the entry.
  nonisolated(nonsending) func protectEntry(_ order: OrderRequest) async {
    guard !order.reduceOnly else { return }
    let side: PositionSide = order.side == .buy ? .long : .short
    let change = ProtectionChange(
      key: PositionKey(order.symbol, order.slot), side: side, stop: order.stop,
      target: order.target, trigger: order.trigger)
    await turns.enter(order.symbol)
    defer { turns.leave(order.symbol) }
    for (kind, price) in change.legs {
      do throws(VenueError) {
        do throws(VenueError) {
          _ = try await newAlgoOrder(request(change, kind, price))
        } catch .rejected(let rejection) where rejection.code == Self.standsAlready {
          // Left by an earlier position, or of the one that this entry adds to.
          try await replace(change.only(kind), isMove: false)
        }
      } catch {
        logger.warning(
          "the protection of an entry was not accepted",
          metadata: [
            "symbol": "\(order.symbol)", "order": "\(order.id)", "kind": "\(kind)",
            "price": "\(price)", "error": "\(error)",
          ])
      }
    }
  }

  /// New first: the new stop rests before the old one goes. A leg that stands already at that price is
  /// left alone, so asking twice does no harm.
  ///
  /// What has no stop gets it from the room that is kept for closing. A stop that rests is moved without
  /// that, and only so often: what follows the price must not stand in the way of getting out.
  public func protect(_ change: ProtectionChange) async throws(VenueError) {
    guard change.trigger.binance != nil else {
      throw .rejected(
        Rejection(
          code: -1130,
          reason: "Binance triggers by the last trade or the mark price, not by the index",
          meaning: .other))
    }
    await turns.enter(change.key.symbol)
    defer { turns.leave(change.key.symbol) }
    let known = memory.algoOrders
    let isMove = change.legs.allSatisfy { kind, _ in known.contains { $0.guards(change, kind) } }
    if isMove { try budget.admitMove(at: now) }
    try await replace(change, isMove: isMove)
  }

  /// - Parameter isMove: A stop or target rests for each leg, as far as is known.
  private func replace(_ change: ProtectionChange, isMove: Bool) async throws(VenueError) {
    let asked = memory.mark
    let open = try await openAlgoOrders(
      symbol: change.key.symbol, urgency: isMove ? .verifying : .closing)
    memory.take(open, of: [change.key.symbol], asked: asked, at: now)
    for (kind, price) in change.legs {
      let old = open.filter { $0.guards(change, kind) }
      let standing = old.first {
        $0.closesPosition && $0.order.triggerPrice == price && $0.trigger == change.trigger
      }
      guard standing == nil else {
        try await cancel(old.filter { $0 != standing }, isPaid: false)
        continue
      }
      let isPaid = isMove && !old.isEmpty
      if isPaid {
        // The first try, the stand-in and the new one; the old ones and the stand-in cancelled.
        try budget.pay(
          weight: old.count + 1, orders: memory.closesOnce ? 2 : 3, at: now)
      }
      guard old.isEmpty || !memory.closesOnce else {
        try await replaceUnderCover(change, kind, price, old: old, isPaid: isPaid)
        continue
      }
      do throws(VenueError) {
        _ = try await newAlgoOrder(request(change, kind, price), isPaid: isPaid)
        try await cancel(old, isPaid: isPaid)
      } catch .rejected(let rejection) where rejection.code == Self.standsAlready && !old.isEmpty {
        memory.closesOnce = true
        try await replaceUnderCover(change, kind, price, old: old, isPaid: isPaid)
      }
    }
  }

  /// A size that was read longer ago is read again: the stream may have missed something since.
  private static let sizeMaxAge = Duration.seconds(15)

  /// Where only one order may close the position, another one of fixed size stands in for it while it
  /// is replaced: at no moment is the position without a stop.
  private func replaceUnderCover(
    _ change: ProtectionChange, _ kind: AlgoRequest.Kind, _ price: Price, old: [AlgoOrder],
    isPaid: Bool
  ) async throws(VenueError) {
    var cover = request(change, kind, price)
    cover.quantity = try await size(of: change)
    let standIn = try await newAlgoOrder(cover, isPaid: isPaid)
    try await cancel(old, isPaid: isPaid)
    _ = try await newAlgoOrder(request(change, kind, price), isPaid: isPaid)
    try await cancel([standIn], isPaid: isPaid)
  }

  /// How much the stand-in must be good for.
  private func size(of change: ProtectionChange) async throws(VenueError) -> Quantity {
    let since = now - Self.sizeMaxAge
    if let size = memory.size(of: change.key, change.side, readSince: since) { return size }
    let position = try await positions(symbol: change.key.symbol).first {
      $0.key == change.key && $0.side == change.side
    }
    guard let position else {
      throw .rejected(
        Rejection(
          code: Self.standsAlready, reason: "there is no position to protect",
          meaning: .reduceOnlyRefused))
    }
    return position.quantity
  }

  private func cancel(_ orders: [AlgoOrder], isPaid: Bool) async throws(VenueError) {
    for order in orders {
      try await cancelAlgoOrder(id: order.id, symbol: order.order.symbol, isPaid: isPaid)
    }
  }

  private func request(
    _ change: ProtectionChange, _ kind: AlgoRequest.Kind, _ price: Price
  ) -> AlgoRequest {
    AlgoRequest(
      clientID: protectionIDs.next(kind == .stop ? .stop : .target, at: now),
      symbol: change.key.symbol, slot: change.key.slot, side: change.side.closing, kind: kind,
      triggerPrice: price, trigger: change.trigger, quantity: nil)
  }
}

extension ProtectionChange {
  fileprivate func only(_ kind: AlgoRequest.Kind) -> ProtectionChange {
    var change = self
    if kind == .stop { change.target = nil } else { change.stop = nil }
    return change
  }

  /// The stop first: it is what matters.
  fileprivate var legs: [(AlgoRequest.Kind, Price)] {
    var legs: [(AlgoRequest.Kind, Price)] = []
    if let stop { legs.append((.stop, stop)) }
    if let target { legs.append((.target, target)) }
    return legs
  }
}

extension AlgoOrder {
  /// Is what a change of that kind replaces. Partial targets and trailing stops are none of it.
  fileprivate func guards(_ change: ProtectionChange, _ kind: AlgoRequest.Kind) -> Bool {
    order.symbol == change.key.symbol && order.slot == change.key.slot
      && order.side == change.side.closing && order.role == (kind == .stop ? .stop : .target)
      && (closesPosition || ProtectionIDs.role(of: order.id.text) != nil)
  }
}
