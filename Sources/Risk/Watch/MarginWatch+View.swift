import TradingModel

extension MarginWatch {
  /// The account's margin figures; nil when they can't be computed, which is not zero.
  ///
  /// In cross and portfolio margin the venue's account rate. In isolated margin, where that rate
  /// does not apply, Σ initial margin of positions and open orders ÷ equity: the venue's own sum,
  /// else ours.
  ///
  /// Source: Bybit V5 `GET /v5/account/wallet-balance` (`accountIMRate`, `totalInitialMargin`).
  public static func view(
    wallet: Wallet, positions: [Position], orders: [Order]
  ) -> MarginView? {
    guard wallet.equity > .zero else { return nil }
    let size = positions.reduce(Notional.zero) { $0 + $1.notional }
    let maintenance =
      wallet.maintenanceMargin ?? sum(positions.map(\.maintenanceMargin))
    do {
      let exposure = try size.ratio(to: wallet.equity)
      if wallet.marginMode != .isolated, let rate = wallet.initialMarginRate {
        return MarginView(
          initialUse: rate, maintenanceUse: wallet.maintenanceMarginRate, source: .accountRate,
          exposure: exposure)
      }
      let held = sum(positions.map(\.marginInUse))
      let ours = held.map { held in
        orders.reduce(held) { $0 + margin(of: $1, beside: positions) }
      }
      // Nothing is reduced on a margin that nobody knows.
      guard let initial = wallet.initialMargin ?? ours else { return nil }
      return MarginView(
        initialUse: try initial.ratio(to: wallet.equity),
        maintenanceUse: try maintenance?.ratio(to: wallet.equity), source: .sum,
        exposure: exposure)
    } catch {
      return nil
    }
  }

  /// What an open order ties up: nothing when it only reduces; its whole price where no position
  /// tells the leverage of the symbol.
  private static func margin(of order: Order, beside positions: [Position]) -> Notional {
    guard !order.isProtective, !order.reduceOnly, order.status.isOpen else { return .zero }
    guard case .limit(let price, _) = order.kind, order.filled < order.quantity else {
      return .zero
    }
    let open = Quantity(uncheckedCount: order.quantity.wideCount - order.filled.wideCount)
    let leverage = positions.first { $0.symbol == order.symbol }?.leverage ?? .one
    return (price * open).margin(leverage: leverage)
  }

  private static func sum(_ amounts: [Notional?]) -> Notional? {
    amounts.reduce(Notional.zero) { sum, amount in
      guard let sum, let amount else { return nil }
      return sum + amount
    }
  }
}
