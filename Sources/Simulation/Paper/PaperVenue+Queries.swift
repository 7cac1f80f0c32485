import TradingModel

// What can be read. Lists are sorted by symbol and slot, or by creation.

extension PaperVenue {
  public var listedInstruments: [Instrument] {
    instruments.values.sorted { $0.symbol < $1.symbol }
  }

  public func instrument(_ symbol: Symbol) -> Instrument? { instruments[symbol] }
  public func market(_ symbol: Symbol) -> PaperMarket? { markets[symbol] }
  public var currentMarginMode: MarginMode { marginMode }

  /// The slots of a symbol as `position/list` shows them, flat ones, too.
  public func slots(of symbol: Symbol, at time: Timestamp) -> [PaperPosition] {
    mode(of: symbol).slots.map { slot in
      let key = PositionKey(symbol, slot)
      return positions[key] ?? emptyPosition(key, at: time)
    }
  }

  public func position(_ key: PositionKey) -> PaperPosition? { positions[key] }

  /// Open positions of one symbol, or of all.
  public func openPositions(of symbol: Symbol? = nil) -> [PaperPosition] {
    positions.values
      .filter { !$0.isFlat && (symbol == nil || $0.key.symbol == symbol) }
      .sorted { $0.key < $1.key }
  }

  /// Orders that wait or rest, stops and targets of positions inside.
  public func openOrders(of symbol: Symbol? = nil) -> [PaperOrder] {
    if let symbol { return open[symbol] ?? [] }
    return open.keys.sorted().flatMap { open[$0] ?? [] }
  }

  /// Ended orders that are still remembered, oldest first.
  public var orderHistory: [PaperOrder] { Array(ended.items) }

  /// Executions that are still remembered, oldest first.
  public var executionHistory: [PaperExecution] { Array(executions.items) }

  /// Executions at or after `start`, oldest first.
  public func executions(since start: Timestamp) -> [PaperExecution] {
    executions.items.filter { $0.time >= start }
  }

  /// An order by either id, open or ended; the venue's id wins. Nil when it is not known.
  public func order(_ reference: OrderReference) -> PaperOrder? {
    func isMeant(_ order: PaperOrder) -> Bool {
      guard order.symbol == reference.symbol else { return false }
      if let id = reference.venueID { return order.id == id }
      return reference.id != nil && order.link == reference.id
    }
    return open[reference.symbol]?.first(where: isMeant) ?? ended.items.last(where: isMeant)
  }

  func emptyPosition(_ key: PositionKey, at time: Timestamp) -> PaperPosition {
    PaperPosition(
      key, leverage: leverage(of: key.symbol, side: key.slot == .hedgeShort ? .short : .long),
      at: time)
  }
}
