// Every path that is served. Source of the limits: Bybit V5, rate limit rules of linear contracts.

extension BybitEndpoint {
  static let all: [BybitEndpoint] = market + orders + positions + account

  private static let market: [BybitEndpoint] = [
    open("market/time") { (server, _) throws(BybitRefusal) in server.time() },
    open("market/instruments-info") { (server, parameters) throws(BybitRefusal) in
      try server.instrumentsInfo(parameters)
    },
    open("market/tickers") { (server, parameters) async throws(BybitRefusal) in
      try await server.tickers(parameters)
    },
    open("market/kline") { (server, parameters) async throws(BybitRefusal) in
      try await server.klines(parameters, of: .last)
    },
    open("market/mark-price-kline") { (server, parameters) async throws(BybitRefusal) in
      try await server.klines(parameters, of: .mark)
    },
    open("market/index-price-kline") { (server, parameters) async throws(BybitRefusal) in
      try await server.klines(parameters, of: .index)
    },
    open("market/premium-index-price-kline") { (server, parameters) async throws(BybitRefusal) in
      try await server.klines(parameters, of: .premium)
    },
    open("market/orderbook") { (server, parameters) async throws(BybitRefusal) in
      try await server.orderBook(parameters)
    },
    open("market/recent-trade") { (server, parameters) async throws(BybitRefusal) in
      try await server.recentTrades(parameters)
    },
    open("market/risk-limit") { (server, parameters) async throws(BybitRefusal) in
      try await server.riskLimits(parameters)
    },
    open("market/funding/history") { (server, parameters) async throws(BybitRefusal) in
      try await server.fundingHistory(parameters)
    },
    open("market/price-limit") { (server, parameters) async throws(BybitRefusal) in
      try await server.priceLimit(parameters)
    },
    open("market/open-interest") { (server, parameters) async throws(BybitRefusal) in
      try await server.openInterest(parameters)
    },
    open("market/account-ratio") { (server, parameters) async throws(BybitRefusal) in
      try await server.accountRatio(parameters)
    },
  ]

  private static let orders: [BybitEndpoint] = [
    write("order/create", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.createOrder(parameters)
    },
    write("order/amend", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.amendOrder(parameters)
    },
    write("order/cancel", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.cancelOrder(parameters)
    },
    write("order/cancel-all", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.cancelAllOrders(parameters)
    },
    batch("order/create-batch", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.createBatch(parameters)
    },
    batch("order/amend-batch", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.amendBatch(parameters)
    },
    batch("order/cancel-batch", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.cancelBatch(parameters)
    },
    write("order/pre-check", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.preCheckOrder(parameters)
    },
    write("order/disconnected-cancel-all", 5) { (server, parameters) async throws(BybitRefusal) in
      try await server.setDisconnectionProtection(parameters)
    },
    read("order/realtime", 50) { (server, parameters) async throws(BybitRefusal) in
      try await server.openOrders(parameters)
    },
    read("order/history", 50) { (server, parameters) async throws(BybitRefusal) in
      try await server.orderHistory(parameters)
    },
    read("execution/list", 50) { (server, parameters) async throws(BybitRefusal) in
      try await server.executions(parameters)
    },
  ]

  private static let positions: [BybitEndpoint] = [
    read("position/list", 50) { (server, parameters) async throws(BybitRefusal) in
      try await server.positions(parameters)
    },
    read("position/closed-pnl", 50) { (server, parameters) async throws(BybitRefusal) in
      try await server.closedProfits(parameters)
    },
    write("position/set-leverage", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.setLeverage(parameters)
    },
    write("position/trading-stop", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.setTradingStop(parameters)
    },
    write("position/add-margin", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.addMargin(parameters)
    },
    write("position/set-auto-add-margin", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.setAutoAddMargin(parameters)
    },
    write("position/switch-mode", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.switchPositionMode(parameters)
    },
    write("position/switch-isolated", 10) { (server, parameters) async throws(BybitRefusal) in
      throw .unifiedAccount
    },
  ]

  private static let account: [BybitEndpoint] = [
    read("account/wallet-balance", 50) { (server, parameters) async throws(BybitRefusal) in
      try await server.walletBalance(parameters)
    },
    read("account/transaction-log", 25) { (server, parameters) async throws(BybitRefusal) in
      try await server.transactionLog(parameters)
    },
    read("account/info", 50) { (server, _) async throws(BybitRefusal) in
      await server.accountInfo()
    },
    read("account/fee-rate", 5) { (server, parameters) async throws(BybitRefusal) in
      try await server.feeRates(parameters)
    },
    read("account/instruments-info", 10) { (server, parameters) throws(BybitRefusal) in
      try server.instrumentsInfo(parameters)
    },
    read("account/query-dcp-info", 5) { (server, _) async throws(BybitRefusal) in
      await server.disconnectionProtection()
    },
    read("account/smp-group", 5) { (_, _) throws(BybitRefusal) in ["smpGroup": 0] },
    write("account/set-margin-mode", 5) { (server, parameters) async throws(BybitRefusal) in
      try await server.setMarginMode(parameters)
    },
    read("user/query-api", 10) { (server, parameters) throws(BybitRefusal) in
      server.keyInformation(parameters)
    },
    read("asset/coin/query-info", 10) { (server, parameters) throws(BybitRefusal) in
      server.coinInformation(parameters)
    },
  ]
}
