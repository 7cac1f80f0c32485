import TradingModel

// Taking positions over. It comes before stops at the same price: what jumps past both is lost.

extension PaperVenue {
  mutating func liquidate(_ symbol: Symbol, at time: Timestamp) {
    switch marginMode {
    case .isolated:
      for slot in PositionSlot.allCases {
        guard let position = positions[PositionKey(symbol, slot)], isUsedUp(position) else {
          continue
        }
        bust(position, at: time)
      }
    case .cross, .portfolio:
      liquidateAccount(at: time)
    }
  }

  /// Margin plus profit no longer cover the maintenance margin, both at entry.
  private func isUsedUp(_ position: PaperPosition) -> Bool {
    guard !position.isFlat else { return false }
    let maintenance = position.cost.share(settings.maintenanceMarginRate)
    return position.isolatedMargin + unrealised(of: position) <= maintenance
  }

  /// In cross margin the worst position goes first, until the rest can stand.
  private mutating func liquidateAccount(at time: Timestamp) {
    for worst in openPositions().sorted(by: { unrealised(of: $0) < unrealised(of: $1) }) {
      let wallet = wallet(at: time)
      guard wallet.equity <= wallet.maintenanceMargin else { return }
      bust(worst, at: time)
    }
  }

  private mutating func bust(_ position: PaperPosition, at time: Timestamp) {
    let key = position.key
    for order in open[key.symbol] ?? [] where order.slot == key.slot && !order.stopKind.isChild {
      end(order, .beforeLiquidation, at: time)
    }
    guard let side = position.side,
      let price = bankruptcyPrice(of: position) ?? markets[key.symbol]?.valuation
    else { return }
    let request = PaperOrderRequest(
      symbol: key.symbol, slot: key.slot, side: side.closing, quantity: position.quantity,
      reduceOnly: true)
    var order = makeOrder(request, .liquidation, .none, at: time)
    fill(&order, at: price, isMaker: false, time, kind: .bust)
  }
}
