import TradingModel

extension PaperVenue {
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
    /// Everything but stops and targets of positions, those that a person placed beside one, too.
    case keepingProtection

    func includes(_ order: PaperOrder) -> Bool {
      switch self {
      case .all: true
      case .active: !order.isWaiting
      case .conditional: order.isWaiting
      case .placedConditional: order.isWaiting && !order.stopKind.isChild
      case .keepingProtection:
        !order.stopKind.isChild && !(order.isWaiting && order.reduceOnly)
      }
    }
  }

  /// Cancels the orders of one symbol, or of all.
  /// - Parameter most: How many at most; nil is all of them.
  /// - Returns: The cancelled orders, in order of symbol and creation.
  @discardableResult
  public mutating func cancelAll(
    symbol: Symbol? = nil, filter: CancelFilter = .all, most: Int? = nil, at time: Timestamp
  ) -> [PaperOrder] {
    var cancelled: [PaperOrder] = []
    for order in openOrders(of: symbol).filter(filter.includes).prefix(most ?? .max) {
      cancelled.append(cancel(order, at: time))
    }
    var keys: Set<PositionKey> = []
    for order in cancelled where keys.insert(order.key).inserted { tellPosition(order.key) }
    if !cancelled.isEmpty { tellWallet(at: time) }
    return cancelled
  }

  private mutating func cancel(_ order: PaperOrder, at time: Timestamp) -> PaperOrder {
    switch order.stopKind {
    case .stopLoss: positions[order.key]?.stop = nil
    case .takeProfit: positions[order.key]?.target = nil
    case .trailingStop: positions[order.key]?.trailing = nil
    case .none, .conditional, .partialStopLoss, .partialTakeProfit: break
    }
    return end(order, .user, .cancelRequest, at: time)
  }
}
