import TradingModel

/// One change of the wallet. The newest entry's `balance` is the wallet's.
///
/// Source: Bybit V5 `GET /v5/account/transaction-log`, one row for each execution; Binance
/// `GET /fapi/v1/income` tells profit and fee of an execution as two rows.
public struct PaperLedgerEntry: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable {
    case trade
    /// A forced close: its fee is the liquidation fee.
    case liquidation
    case funding
    /// A deposit or, below zero, a withdrawal.
    case transfer
    /// Paid by the insurance fund for what a jump took beyond the account.
    case insurance
  }

  /// The execution that a trade or a forced close belongs to.
  public struct Cause: Sendable, Hashable, Codable {
    public var executionID: String
    public var orderID: String
    public var link: ClientOrderID?
    public var side: Side
  }

  /// In the form of a UUID.
  public let id: String
  /// The same as a number: it rises with every entry of the account.
  public let number: UInt64
  public let kind: Kind
  /// Nil for what belongs to the account as a whole.
  public let key: PositionKey?
  /// Nil unless an execution stands behind it.
  public let cause: Cause?
  /// Of a trade: what was traded. Of funding: what was held, at mark.
  public let price: Price?
  public let quantity: Quantity?
  /// Of the fee, or of the funding.
  public let rate: Ratio?
  /// Profit or loss of the closed part, before the fee, in USDT.
  public let profit: Notional
  /// Paid is positive.
  public let fee: Notional
  /// Received is positive.
  public let funding: Notional
  /// Paid in is positive.
  public let transfer: Notional
  /// The wallet after it.
  public let balance: Notional
  public let time: Timestamp

  /// What it changed the wallet by.
  public var change: Notional { profit - fee + funding + transfer }

  /// Of funding, the position that it was for: at a rate above zero the long pays.
  public var heldSide: PositionSide? {
    guard kind == .funding, let rate, !rate.isZero, !funding.isZero else { return nil }
    return (funding < .zero) == (rate > .zero) ? .long : .short
  }
}

/// What a closing order has brought.
///
/// Source: Bybit V5 `GET /v5/position/closed-pnl`.
public struct PaperClosedTrade: Sendable, Hashable, Codable {
  public let number: UInt64
  /// The closing order as it stood after its newest fill.
  public internal(set) var order: PaperOrder
  public let kind: PaperExecution.Kind
  /// How much it has closed.
  public internal(set) var quantity: Quantity
  /// What that had cost, and what it brought, in USDT.
  public internal(set) var entryValue: Notional
  public internal(set) var exitValue: Notional
  /// Before fees.
  public internal(set) var profit: Notional
  /// The closed part's share of the fees to open, and the fees to close.
  public internal(set) var openFee: Notional
  public internal(set) var closeFee: Notional
  public internal(set) var fillCount: Int
  public let leverage: Ratio
  public let createdAt: Timestamp
  public internal(set) var updatedAt: Timestamp

  /// What is left of the profit after both fees (`closedPnl`).
  public var net: Notional { profit - openFee - closeFee }
  public var entryPrice: Price? { average(entryValue) }
  public var exitPrice: Price? { average(exitValue) }

  private func average(_ value: Notional) -> Price? {
    do { return try value.price(per: quantity) } catch { return nil }
  }
}
