import TradingModel
import Transport

extension Position {
  /// A row of `/v5/position/list` or the `position` topic; nil when the slot is flat.
  init?(bybit row: JSONValue) throws(JSONError) {
    let quantity: Quantity = try row.optionalAmount("size") ?? .zero
    guard !quantity.isZero else { return nil }
    // The stream names the entry price otherwise than REST does.
    let entry: Price =
      if let price: Price = try row.optionalAmount("avgPrice") { price } else {
        try row.amount("entryPrice")
      }
    self.init(
      key: PositionKey(try row.rowSymbol, try row.rowSlot),
      side: try row.rowSide == .buy ? .long : .short, quantity: quantity, entryPrice: entry,
      markPrice: try row.priceIfSet("markPrice"), liquidationPrice: try row.priceIfSet("liqPrice"),
      leverage: try row.optionalAmount("leverage") ?? .one,
      unrealised: try row.optionalAmount("unrealisedPnl"),
      initialMargin: try row.optionalAmount("positionIM"),
      maintenanceMargin: try row.optionalAmount("positionMM"),
      stop: try row.priceIfSet("stopLoss"), target: try row.priceIfSet("takeProfit"),
      createdAt: try row.time("createdTime"), updatedAt: try row.time("updatedTime"))
  }
}

extension PositionKey {
  init(bybit row: JSONValue) throws(JSONError) {
    self.init(try row.rowSymbol, try row.rowSlot)
  }
}

extension Wallet {
  /// A row of `/v5/account/wallet-balance` or the `wallet` topic. A USDT account: figures are those
  /// of the USDT coin where the account-wide ones are not applicable.
  ///
  /// - Parameter mode: The account's margin mode; in isolated margin the venue's account-wide rates
  ///   mean nothing.
  init(bybit row: JSONValue, mode: MarginMode, at time: Timestamp) throws(JSONError) {
    let coins = try row.array("coin")
    guard let coin = coins.first(where: { $0["coin"]?.stringValue == "USDT" }) else {
      throw .missing(path: "coin[USDT]")
    }
    let equity: Notional = try coin.amount("equity")
    let balance: Notional = try coin.amount("walletBalance")
    let positionMargin: Notional? = try coin.optionalAmount("totalPositionIM")
    let orderMargin: Notional? = try coin.optionalAmount("totalOrderIM")
    var margin: Notional?
    if positionMargin != nil || orderMargin != nil {
      margin = (positionMargin ?? .zero) + (orderMargin ?? .zero)
    }
    let locked: Notional = try coin.optionalAmount("locked") ?? .zero
    let isIsolated = mode == .isolated
    let available: Notional? = try row.optionalAmount("totalAvailableBalance")
    self.init(
      equity: equity, balance: balance,
      available: isIsolated
        ? balance - (margin ?? .zero) - locked : available ?? balance - (margin ?? .zero) - locked,
      initialMargin: margin, maintenanceMargin: try coin.optionalAmount("totalPositionMM"),
      initialMarginRate: isIsolated ? nil : try row.optionalAmount("accountIMRate"),
      maintenanceMarginRate: isIsolated ? nil : try row.optionalAmount("accountMMRate"),
      marginMode: mode, updatedAt: time)
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
}
