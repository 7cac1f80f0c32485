import TradingModel

/// One fill. Source: Bybit V5 `GET /v5/execution/list`.
public struct PaperExecution: Sendable, Hashable, Codable {
  /// `execType`.
  public enum Kind: String, Sendable, Hashable, Codable {
    case trade = "Trade"
    /// A forced close at the bankruptcy price.
    case bust = "BustTrade"
  }

  public let id: String
  /// The same as a number: it rises with every execution of the account.
  public let number: UInt64
  /// The order as it stood after this fill.
  public let order: PaperOrder
  public let kind: Kind
  public let price: Price
  public let quantity: Quantity
  /// Paid is positive, in USDT.
  public let fee: Notional
  public let feeRate: Ratio
  public let isMaker: Bool
  /// How much of it closed a position.
  public let closedQuantity: Quantity
  /// Profit or loss of the closed part, before fees (`execPnl`).
  public let profit: Notional
  public let markPrice: Price
  public let sequence: Int64
  public let time: Timestamp

  public var value: Notional { price * quantity }
}
