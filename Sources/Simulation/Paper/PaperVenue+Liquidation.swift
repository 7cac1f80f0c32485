import TradingModel

// Taking positions over. It comes before stops at the same price: what jumps past both is lost.

extension PaperVenue {
  mutating func liquidate(_ symbol: Symbol, at time: Timestamp) {
    guard isIsolated(symbol) else { return liquidateAccount(at: time) }
    for slot in PositionSlot.allCases {
      guard let position = positions[PositionKey(symbol, slot)], isUsedUp(position) else {
        continue
      }
      bust(position, at: time)
    }
  }

  /// Margin plus profit no longer cover the maintenance margin.
  func isUsedUp(_ position: PaperPosition) -> Bool {
    guard !position.isFlat else { return false }
    let basis =
      settings.rules.maintenanceBasis == .entry ? position.cost : value(of: position)
    let maintenance = maintenance(of: basis, position.key.symbol)
    return position.isolatedMargin + unrealised(of: position) <= maintenance
  }

  /// What the positions in cross margin share, and what they must keep together.
  func crossAccount() -> (equity: Notional, maintenance: Notional) {
    var (equity, maintenance) = (balance, Notional.zero)
    for position in openPositions() {
      if isIsolated(position.key.symbol) {
        equity -= position.isolatedMargin
      } else {
        equity += unrealised(of: position)
        maintenance += maintenanceMargin(of: position)
      }
    }
    return (equity, maintenance)
  }

  /// In cross margin the worst position goes first, until the rest can stand.
  private mutating func liquidateAccount(at time: Timestamp) {
    // By a price of before the start nobody is judged.
    guard symbolsAwaitingPrice.isEmpty else { return }
    let shared = openPositions().filter { !isIsolated($0.key.symbol) }
    for worst in shared.sorted(by: { unrealised(of: $0) < unrealised(of: $1) }) {
      let (equity, maintenance) = crossAccount()
      guard equity <= maintenance else { return }
      bust(worst, at: time)
    }
    insure(at: time)
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

  /// Nobody owes the venue anything: what a jump took beyond the account, the insurance fund pays.
  private mutating func insure(at time: Timestamp) {
    let (equity, maintenance) = crossAccount()
    guard maintenance.isZero, equity < .zero else { return }
    post(.insurance, transfer: -equity, at: time)
    tellWallet(at: time)
  }
}
