import TradingModel

/// The account's money. Source: Bybit V5 `GET /v5/account/wallet-balance`.
public struct PaperWallet: Sendable, Hashable {
  /// Paid in and realised, fees inside, in USDT.
  public var balance: Notional
  public var unrealised: Notional
  /// The part of it that other positions may use: that of positions in cross margin.
  public var crossUnrealised: Notional
  /// Put up for isolated positions, at entry.
  public var isolatedMargin: Notional
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
  public var available: Notional { max(.zero, free) }

  /// The same, below zero where more is in use than there is.
  var free: Notional { balance + crossUnrealised - initialMargin }

  /// What is left for cross margin once isolated positions have theirs (Binance:
  /// `crossWalletBalance`).
  public var crossBalance: Notional { balance - isolatedMargin }

  /// Initial margin ÷ equity; nil when there is no equity.
  public var initialMarginRate: Ratio? { rate(initialMargin) }
  public var maintenanceMarginRate: Ratio? { rate(maintenanceMargin) }

  private func rate(_ margin: Notional) -> Ratio? {
    guard equity > .zero else { return nil }
    do { return try margin.ratio(to: equity) } catch { return nil }
  }
}
