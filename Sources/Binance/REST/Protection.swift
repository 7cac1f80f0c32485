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
          try await replace(change.only(kind))
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
    try await replace(change)
  }

  private func replace(_ change: ProtectionChange) async throws(VenueError) {
    let asked = memory.mark
    let open = try await openAlgoOrders(symbol: change.key.symbol)
    memory.take(open, of: [change.key.symbol], asked: asked, at: now)
    for (kind, price) in change.legs {
      let old = open.filter { $0.guards(change, kind) }
      let standing = old.first {
        $0.closesPosition && $0.order.triggerPrice == price && $0.trigger == change.trigger
      }
      guard standing == nil else {
        try await cancel(old.filter { $0 != standing })
        continue
      }
      do throws(VenueError) {
        _ = try await newAlgoOrder(request(change, kind, price))
        try await cancel(old)
      } catch .rejected(let rejection) where rejection.code == Self.standsAlready && !old.isEmpty {
        try await replaceUnderCover(change, kind, price, old: old)
      }
    }
  }

  /// Where only one order may close the position, another one of fixed size stands in for it while it
  /// is replaced: at no moment is the position without a stop.
  private func replaceUnderCover(
    _ change: ProtectionChange, _ kind: AlgoRequest.Kind, _ price: Price, old: [AlgoOrder]
  ) async throws(VenueError) {
    guard
      let position = try await positions(symbol: change.key.symbol).first(where: {
        $0.key == change.key && $0.side == change.side
      })
    else {
      throw .rejected(
        Rejection(
          code: Self.standsAlready, reason: "there is no position to protect",
          meaning: .reduceOnlyRefused))
    }
    var cover = request(change, kind, price)
    cover.quantity = position.quantity
    let standIn = try await newAlgoOrder(cover)
    try await cancel(old)
    _ = try await newAlgoOrder(request(change, kind, price))
    try await cancel([standIn])
  }

  private func cancel(_ orders: [AlgoOrder]) async throws(VenueError) {
    for order in orders { try await cancelAlgoOrder(id: order.id, symbol: order.order.symbol) }
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
