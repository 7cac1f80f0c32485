import Risk
import TradingModel

// Bybit's executions do not say which leg of a hedged account they belong to: the order they came from
// does, and where that is not known, the side.

extension TradingEngine {
  /// The execution with the leg it belongs to.
  func inItsSlot(_ fill: Fill) -> Fill {
    guard fill.slot == .oneWay else { return fill }
    var fill = fill
    if let slot = slotOfOrder(fill) {
      fill.slot = slot
    } else if isHedged(fill.symbol) {
      // A leg has one side: what sells either closes the long or opens the short.
      let closes = fill.closedQuantity > .zero
      fill.slot = (fill.side == .buy) == closes ? .hedgeShort : .hedgeLong
    }
    return fill
  }

  private func slotOfOrder(_ fill: Fill) -> PositionSlot? {
    if let entry = entries[fill.orderID] { return entry.request.slot }
    // The position that it closes; the request's own slot may have been left out.
    if let reduction = reductions[fill.orderID] { return reduction.key.slot }
    return account.orders[fill.venueOrderID]?.slot
  }

  /// Positions of the symbol lie in hedge slots, and none does in the other one.
  private func isHedged(_ symbol: Symbol) -> Bool {
    let slots = Set(
      (account.positions.keys + book.keys).filter { $0.symbol == symbol }.map(\.slot))
    if slots.contains(.oneWay) { return false }
    return !slots.isEmpty || retries.mode(of: symbol) == .hedge
  }
}
