import Simulation
import TradingModel
import Transport

/// The account's money as `wallet-balance` and the `wallet` topic show it. USDT counts as 1 USD.
struct BybitWalletRow {
  private let wallet: PaperWallet

  init(_ wallet: PaperWallet) { self.wallet = wallet }

  /// Rates of the whole account have no meaning while margins are isolated: they are empty then.
  var row: JSONObject {
    let isIsolated = wallet.marginMode == .isolated
    let initialRate = JSONValue(isIsolated ? nil : wallet.initialMarginRate)
    let maintenanceRate = JSONValue(isIsolated ? nil : wallet.maintenanceMarginRate)
    let initial = JSONValue(wallet.initialMargin)
    let maintenance = JSONValue(wallet.maintenanceMargin)
    return [
      "accountType": "UNIFIED", "accountIMRate": initialRate, "accountIMRateByMp": initialRate,
      "accountMMRate": maintenanceRate, "accountMMRateByMp": maintenanceRate,
      "totalEquity": JSONValue(wallet.equity), "totalWalletBalance": JSONValue(wallet.balance),
      "totalMarginBalance": JSONValue(wallet.equity),
      "totalAvailableBalance": JSONValue(wallet.available),
      "totalPerpUPL": JSONValue(wallet.unrealised), "totalInitialMargin": initial,
      "totalInitialMarginByMp": initial, "totalMaintenanceMargin": maintenance,
      "totalMaintenanceMarginByMp": maintenance, "accountLTV": "0", "coin": [.object(coin)],
    ]
  }

  private var coin: JSONObject {
    [
      "coin": "USDT", "equity": JSONValue(wallet.equity), "usdValue": JSONValue(wallet.equity),
      "walletBalance": JSONValue(wallet.balance), "locked": "0", "borrowAmount": "0",
      "spotBorrow": "0", "accruedInterest": "0", "spotHedgingQty": "0",
      "totalOrderIM": JSONValue(wallet.orderMargin),
      "totalPositionIM": JSONValue(wallet.positionMargin),
      "totalPositionMM": JSONValue(wallet.maintenanceMargin),
      "unrealisedPnl": JSONValue(wallet.unrealised),
      "cumRealisedPnl": JSONValue(wallet.realised), "bonus": "0", "collateralSwitch": true,
      "marginCollateral": true, "availableToWithdraw": "", "availableToBorrow": "",
      "colRes": "0",
    ]
  }
}
