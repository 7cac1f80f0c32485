import TradingModel

// The list of open orders, and what is told about each change.

extension PaperVenue {
  mutating func rest(_ order: PaperOrder) {
    let orders = open[order.symbol] ?? []
    // An amended order keeps its place.
    let place = orders.firstIndex { $0.id > order.id } ?? orders.endIndex
    open[order.symbol, default: []].insert(order, at: place)
  }

  @discardableResult
  mutating func remove(_ id: String, of symbol: Symbol) -> PaperOrder? {
    guard let place = open[symbol]?.firstIndex(where: { $0.id == id }) else { return nil }
    return open[symbol]?.remove(at: place)
  }

  /// Writes a changed order back to its place.
  mutating func keep(_ order: PaperOrder) {
    guard let place = open[order.symbol]?.firstIndex(where: { $0.id == order.id }) else { return }
    open[order.symbol]?[place] = order
    tell(order)
  }

  @discardableResult
  mutating func end(
    _ order: PaperOrder, _ kind: PaperOrder.CancelKind, _ reason: PaperOrder.RejectReason = .none,
    at time: Timestamp
  ) -> PaperOrder {
    remove(order.id, of: order.symbol)
    var order = order
    order.end(kind, reason, at: time)
    ended.append(order)
    tell(order)
    return order
  }

  /// The open order that is meant; the venue's id wins when both are given.
  func openOrder(_ reference: OrderReference) throws(PaperRejection) -> PaperOrder? {
    guard instruments[reference.symbol] != nil else { throw .unknownSymbol }
    let orders = open[reference.symbol] ?? []
    if let id = reference.venueID { return orders.first { $0.id == id } }
    guard let link = reference.id else { throw .missingID }
    return orders.first { $0.link == link }
  }

  mutating func tell(_ order: PaperOrder) { events.append(.order(order)) }

  mutating func tellPosition(_ key: PositionKey) {
    guard let position = positions[key] else { return }
    events.append(.position(position, mark: markets[key.symbol]?.valuation))
  }

  mutating func tellWallet(at time: Timestamp) { events.append(.wallet(wallet(at: time))) }
}
