import TradingModel
import Transport

extension Wallet {
  /// The totals of `/fapi/v3/account`: of USDT alone, or in multi-assets mode of all assets in USD.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/account/rest-api/Account-Information-V3
  ///
  /// - Parameters:
  ///   - crossMaintenance: The maintenance margin of all cross positions, in USDT; nil while every open
  ///     position is isolated. On Binance the mode is each symbol's own.
  init(
    binance account: JSONValue, crossMaintenance: Notional?, at time: Timestamp
  ) throws(JSONError) {
    let equity: Notional = try account.amount("totalMarginBalance")
    let initial: Notional = try account.amount("totalInitialMargin")
    var initialRate: Ratio?
    var maintenanceRate: Ratio?
    if let crossMaintenance {
      let crossWallet: Notional = try account.amount("totalCrossWalletBalance")
      let crossProfit: Notional = try account.amount("totalCrossUnPnl")
      initialRate = Self.share(initial, of: equity)
      maintenanceRate = Self.share(crossMaintenance, of: crossWallet + crossProfit)
    }
    self.init(
      equity: equity, balance: try account.amount("totalWalletBalance"),
      available: try account.amount("availableBalance"), initialMargin: initial,
      maintenanceMargin: try account.amount("totalMaintMargin"), initialMarginRate: initialRate,
      maintenanceMarginRate: maintenanceRate,
      marginMode: crossMaintenance == nil ? .isolated : .cross, updatedAt: time)
  }

  /// Nil where the whole is nothing: then no share can be told.
  private static func share(_ part: Notional, of whole: Notional) -> Ratio? {
    do throws(AmountError) {
      return whole > .zero ? try part.ratio(to: whole) : nil
    } catch {
      return nil
    }
  }
}

/// What the account holds of one asset.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/account/rest-api/Futures-Account-Balance-V3
public struct AssetBalance: Sendable, Hashable {
  public var asset: String
  /// In units of the asset, like the other amounts.
  public var balance: Notional
  public var crossBalance: Notional
  public var crossUnrealised: Notional
  public var available: Notional

  init(binance row: JSONValue) throws(JSONError) {
    asset = try row.string("asset")
    balance = try row.amount("balance")
    crossBalance = try row.amount("crossWalletBalance")
    crossUnrealised = try row.amount("crossUnPnl")
    available = try row.amount("availableBalance")
  }
}
