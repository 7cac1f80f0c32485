import TradingModel
import Transport

/// One line of the account's ledger.
public struct TransactionLogEntry: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Fills, fees, interest, deliveries: profit or loss.
    case trading
    /// Paid or received for holding a position: profit or loss.
    case funding
    /// Money that came or went otherwise.
    case transfer
    /// A type that the venue does not document.
    case unknown
  }

  public var id: String
  /// The venue's word: `TRADE`, `TRANSFER_IN`.
  public var type: String
  public var currency: String
  /// Nil for what belongs to no contract.
  public var symbol: Symbol?
  /// Of an execution, its own; of funding, that of the order which would open the position.
  public var side: Side?
  /// The change of the balance: into the account is positive.
  public var amount: Notional
  /// Paid is positive.
  public var fee: Notional?
  /// Received is positive.
  public var funding: Notional?
  /// The venue's order and execution, where it was a fill.
  public var venueOrderID: String?
  public var executionID: String?
  public var time: Timestamp

  /// A row of `/v5/account/transaction-log`.
  init(bybit row: JSONValue) throws(JSONError) {
    id = try row.optionalString("id") ?? ""
    type = try row.string("type")
    currency = try row.string("currency")
    symbol = try row.optionalString("symbol").map(Symbol.init(venueName:))
    side =
      switch try row.optionalString("side") {
      case "Buy": .buy
      case "Sell": .sell
      default: nil
      }
    fee = try row.optionalAmount("fee")
    funding = try row.optionalAmount("funding")
    venueOrderID = try row.optionalString("orderId")
    executionID = try row.optionalString("tradeId")
    time = try row.time("transactionTime")
    let change: Notional? = try row.optionalAmount("change")
    let bonus: Notional? = try row.optionalAmount("bonusChange")
    // A bonus that is given or taken back moves the bonus alone.
    if Self.isBonus(type), let bonus, change?.isZero ?? true {
      amount = bonus
    } else if let change {
      amount = change
    } else {
      amount = try row.amount("cashFlow")
    }
  }

  /// Funding in USDT; nil for everything else. The venue gives the rows of one deed one id.
  var fundingPayment: FundingPayment? {
    guard kind == .funding, let symbol, !amount.isZero else { return nil }
    return FundingPayment(
      id: "\(id)/\(symbol)/\(time.milliseconds)/\(amount)", symbol: symbol,
      side: side.map { $0 == .buy ? .long : .short }, paid: -amount, time: time)
  }

  public var kind: Kind {
    switch type {
    case "SETTLEMENT": .funding
    case "TRADE", "DELIVERY", "LIQUIDATION", "ADL", "FEE_REFUND", "INTEREST", "SETTLE_FEE",
      "CUSTODY_NETWORK_FEE", "CUSTODY_SETTLE_FEE", "AUTO_DEDUCTION":
      .trading
    default: Self.isTransfer(type) ? .transfer : .unknown
    }
  }

  /// Transfers between accounts, gifts, and USDT that became or was something else.
  private static func isTransfer(_ type: String) -> Bool {
    let marks = [
      "TRANSFER_IN", "TRANSFER_OUT", "DEPOSIT", "WITHDRAW", "BONUS", "AIRDROP", "CURRENCY_BUY",
      "CURRENCY_SELL", "INS_LOAN", "SPOT_REPAYMENT", "TOKENS_", "STAKING", "PREMARKET_",
      "CUSTODY_LOCK", "CUSTODY_UNLOCK", "LOANS_", "PEF_",
    ]
    return marks.contains { type.contains($0) }
  }

  private static func isBonus(_ type: String) -> Bool { type.hasPrefix("BONUS") }
}
