import TradingModel

/// The account's money. Source: Bybit V5 `GET /v5/account/wallet-balance`.
public struct PaperWallet: Sendable, Hashable {
  /// Paid in and realised, fees inside, in USDT.
  public var balance: Notional
  public var unrealised: Notional
  /// Value at mark ÷ leverage plus the fee to close, over all positions.
  public var positionMargin: Notional
  /// What resting orders hold.
  public var orderMargin: Notional
  public var maintenanceMargin: Notional
  /// Realised since the account began, fees inside.
  public var realised: Notional
  public var marginMode: MarginMode
  public var updatedAt: Timestamp

  public var equity: Notional { balance + unrealised }
  public var initialMargin: Notional { positionMargin + orderMargin }

  /// What new orders may use: never negative.
  public var available: Notional {
    max(.zero, (marginMode == .isolated ? balance : equity) - initialMargin)
  }

  /// Initial margin ÷ equity; nil when there is no equity.
  public var initialMarginRate: Ratio? { rate(initialMargin) }
  public var maintenanceMarginRate: Ratio? { rate(maintenanceMargin) }

  private func rate(_ margin: Notional) -> Ratio? {
    guard equity > .zero else { return nil }
    do { return try margin.ratio(to: equity) } catch { return nil }
  }
}
