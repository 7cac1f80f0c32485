import TradingModel
import Transport

extension Wallet {
  /// A row of `/v5/account/wallet-balance` or the `wallet` topic; nil when it is not about the unified
  /// account or says nothing about USDT. Figures are those of the USDT coin where the account-wide
  /// ones are not applicable.
  ///
  /// - Parameter mode: The account's margin mode; in isolated margin the venue's account-wide rates
  ///   mean nothing.
  init?(bybit row: JSONValue, mode: MarginMode, at time: Timestamp) throws(JSONError) {
    let type = try row.optionalString("accountType") ?? "UNIFIED"
    let coins = try row.array("coin")
    guard type == "UNIFIED", let coin = coins.first(where: { $0["coin"]?.stringValue == "USDT" })
    else { return nil }
    let equity: Notional = try coin.amount("equity")
    let balance: Notional = try coin.amount("walletBalance")
    let positionMargin: Notional? = try coin.optionalAmount("totalPositionIM")
    let orderMargin: Notional? = try coin.optionalAmount("totalOrderIM")
    // Half of a sum is no sum: what is not told is not nothing.
    var margin: Notional?
    if let positionMargin, let orderMargin { margin = positionMargin + orderMargin }
    let isIsolated = mode == .isolated
    let reserved = try coin.sum("locked") + coin.sum("bonus")
    let free = margin.map { balance - $0 - reserved }
    self.init(
      equity: equity, balance: balance,
      available: isIsolated ? free : try row.optionalAmount("totalAvailableBalance") ?? free,
      initialMargin: margin, maintenanceMargin: try coin.optionalAmount("totalPositionMM"),
      initialMarginRate: isIsolated ? nil : try row.optionalAmount("accountIMRate"),
      maintenanceMarginRate: isIsolated ? nil : try row.optionalAmount("accountMMRate"),
      marginMode: mode, updatedAt: time)
  }
}

extension JSONValue {
  /// A part of a coin's balance; a coin that does not name it has none of it.
  fileprivate func sum(_ name: String) throws(JSONError) -> Notional {
    try optionalAmount(.field(name)) ?? .zero
  }
}

extension MarginMode {
  /// - Throws: For a mode that Bybit does not document.
  init(bybit text: String) throws(JSONError) {
    switch text {
    case "ISOLATED_MARGIN": self = .isolated
    case "REGULAR_MARGIN": self = .cross
    case "PORTFOLIO_MARGIN": self = .portfolio
    default: throw .wrongKind(path: "marginMode", expected: "a known mode", found: .string)
    }
  }

  var bybit: String {
    switch self {
    case .isolated: "ISOLATED_MARGIN"
    case .cross: "REGULAR_MARGIN"
    case .portfolio: "PORTFOLIO_MARGIN"
    }
  }
}
