import TradingModel
import Transport

/// A row of the account's ledger: whatever changed its balance.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/account/rest-api/Get-Income-History
public struct Income: Sendable, Hashable {
  /// What kinds there are; the venue may add some.
  public enum Kind: Sendable, Hashable {
    case transfer, realisedProfit, funding, commission, insurance, bonus
    case other(String)

    init(binance text: String) {
      switch text {
      case "TRANSFER", "INTERNAL_TRANSFER", "CROSS_COLLATERAL_TRANSFER", "COIN_SWAP_DEPOSIT",
        "COIN_SWAP_WITHDRAW", "STRATEGY_UMFUTURES_TRANSFER":
        self = .transfer
      case "REALIZED_PNL": self = .realisedProfit
      case "FUNDING_FEE": self = .funding
      case "COMMISSION", "COMMISSION_REBATE", "API_REBATE", "REFERRAL_KICKBACK": self = .commission
      case "INSURANCE_CLEAR": self = .insurance
      case "WELCOME_BONUS", "CONTEST_REWARD", "FUTURES_PRESENT": self = .bonus
      default: self = .other(text)
      }
    }

    /// Money that came or went without being earned or lost.
    public var isTransfer: Bool { self == .transfer || self == .bonus }
  }

  /// Unique together with the kind and the symbol.
  public var id: String
  public var kind: Kind
  /// Nil for what concerns the whole account.
  public var symbol: Symbol?
  /// Into the account is positive.
  public var amount: Notional
  public var asset: String
  /// An execution stands behind it.
  public var isOfTrade: Bool
  public var time: Timestamp

  init(binance row: JSONValue) throws(JSONError) {
    let type = try row.string("incomeType")
    let name = try row.optionalString("symbol") ?? ""
    kind = Kind(binance: type)
    id = "\(type)-\(try row.id("tranId"))"
    symbol = name.isEmpty ? nil : Symbol(venueName: name)
    amount = try row.amount("income")
    asset = try row.string("asset")
    isOfTrade = try row.idIfSet("tradeId") != nil || kind == .realisedProfit
    time = try row.time("time")
  }

  /// What moved USDT in or out; nil for everything else.
  var transfer: Transfer? {
    guard kind.isTransfer, asset == "USDT" else { return nil }
    return Transfer(id: id, amount: amount, time: time)
  }

  /// Funding in USDT; nil for everything else. The venue does not say which leg it was for, and the
  /// legs of a hedged symbol may share a number.
  var fundingPayment: FundingPayment? {
    guard kind == .funding, asset == "USDT", let symbol, !amount.isZero else { return nil }
    return FundingPayment(
      id: "\(id)/\(symbol)/\(amount)", symbol: symbol, paid: -amount, time: time)
  }
}
