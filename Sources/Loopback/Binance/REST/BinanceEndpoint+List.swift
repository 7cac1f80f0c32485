import Transport

extension BinanceEndpoint {
  private static let candles = byLimit(
    [(99, 1), (499, 2), (1_000, 5), (1_500, 10)], standard: 500)
  private static let depth = byLimit([(50, 2), (100, 5), (500, 10), (1_000, 20)], standard: 500)
  private static let funding: Cost = { _ in BinanceRateGate.Cost(weight: 0, isFunding: true) }
  private static let order: Cost = { _ in
    BinanceRateGate.Cost(weight: 0, tenSeconds: 1, minute: 1)
  }
  private static let batch: Cost = { _ in
    BinanceRateGate.Cost(weight: 5, tenSeconds: 5, minute: 1)
  }

  static let market: [BinanceEndpoint] = [
    BinanceEndpoint("GET", "v1/ping", .none) { (_, _) throws(BinanceRefusal) in [:] },
    BinanceEndpoint("GET", "v1/time", .none) { (server, _) throws(BinanceRefusal) in server.time()
    },
    BinanceEndpoint("GET", "v1/exchangeInfo", .none) { (server, _) throws(BinanceRefusal) in
      server.exchangeInfo()
    },
    BinanceEndpoint("GET", "v1/depth", .none, cost: depth) {
      (server, parameters) throws(BinanceRefusal) in try server.depth(parameters)
    },
    BinanceEndpoint("GET", "v1/rpiDepth", .none, 20) {
      (server, parameters) throws(BinanceRefusal) in try server.depth(parameters)
    },
    BinanceEndpoint("GET", "v1/trades", .none, 5) { (server, parameters) throws(BinanceRefusal) in
      try server.trades(parameters)
    },
    BinanceEndpoint("GET", "v1/historicalTrades", .key, 20) {
      (server, parameters) throws(BinanceRefusal) in try server.historicalTrades(parameters)
    },
    BinanceEndpoint("GET", "v1/aggTrades", .none, 20) {
      (server, parameters) throws(BinanceRefusal) in try server.aggregateTrades(parameters)
    },
    BinanceEndpoint("GET", "v1/klines", .none, cost: candles) {
      (server, parameters) throws(BinanceRefusal) in try server.candles(parameters)
    },
    BinanceEndpoint("GET", "v1/continuousKlines", .none, cost: candles) {
      (server, parameters) throws(BinanceRefusal) in try server.continuousCandles(parameters)
    },
    BinanceEndpoint("GET", "v1/markPriceKlines", .none, cost: candles) {
      (server, parameters) throws(BinanceRefusal) in try server.priceCandles(parameters, "symbol")
    },
    BinanceEndpoint("GET", "v1/indexPriceKlines", .none, cost: candles) {
      (server, parameters) throws(BinanceRefusal) in try server.priceCandles(parameters, "pair")
    },
    BinanceEndpoint("GET", "v1/premiumIndexKlines", .none, cost: candles) {
      (server, parameters) throws(BinanceRefusal) in try server.premiumCandles(parameters)
    },
    BinanceEndpoint("GET", "v1/premiumIndex", .none, cost: bySymbol(1, 10)) {
      (server, parameters) throws(BinanceRefusal) in try server.premiumIndex(parameters)
    },
    BinanceEndpoint("GET", "v1/fundingRate", .none, cost: funding) {
      (server, parameters) throws(BinanceRefusal) in try server.fundingRates(parameters)
    },
    BinanceEndpoint("GET", "v1/fundingInfo", .none, cost: funding) {
      (server, _) throws(BinanceRefusal) in server.fundingInformation()
    },
    BinanceEndpoint("GET", "v1/ticker/24hr", .none, cost: bySymbol(1, 40)) {
      (server, parameters) throws(BinanceRefusal) in try server.dayTickers(parameters)
    },
    BinanceEndpoint("GET", "v1/ticker/price", .none, cost: bySymbol(1, 2)) {
      (server, parameters) throws(BinanceRefusal) in try server.prices(parameters)
    },
    BinanceEndpoint("GET", "v2/ticker/price", .none, cost: bySymbol(1, 2)) {
      (server, parameters) throws(BinanceRefusal) in try server.prices(parameters)
    },
    BinanceEndpoint("GET", "v1/ticker/bookTicker", .none, cost: bySymbol(2, 5)) {
      (server, parameters) throws(BinanceRefusal) in try server.bookTickers(parameters)
    },
    BinanceEndpoint("GET", "v1/openInterest", .none) {
      (server, parameters) throws(BinanceRefusal) in try server.openInterest(parameters)
    },
  ]

  static let orders: [BinanceEndpoint] = [
    BinanceEndpoint("POST", "v1/order", .signed, cost: order) {
      (server, parameters) throws(BinanceRefusal) in try server.placeOrder(parameters)
    },
    BinanceEndpoint("POST", "v1/order/test", .signed, cost: order) {
      (server, parameters) throws(BinanceRefusal) in try server.testOrder(parameters)
    },
    BinanceEndpoint("PUT", "v1/order", .signed, cost: order) {
      (server, parameters) throws(BinanceRefusal) in try server.modifyOrder(parameters)
    },
    BinanceEndpoint("DELETE", "v1/order", .signed) { (server, parameters) throws(BinanceRefusal) in
      try server.cancelOrder(parameters)
    },
    BinanceEndpoint("GET", "v1/order", .signed) { (server, parameters) throws(BinanceRefusal) in
      try server.queryOrder(parameters)
    },
    BinanceEndpoint("POST", "v1/batchOrders", .signed, cost: batch) {
      (server, parameters) throws(BinanceRefusal) in try server.placeOrders(parameters)
    },
    BinanceEndpoint("PUT", "v1/batchOrders", .signed, cost: batch) {
      (server, parameters) throws(BinanceRefusal) in try server.modifyOrders(parameters)
    },
    BinanceEndpoint("DELETE", "v1/batchOrders", .signed) {
      (server, parameters) throws(BinanceRefusal) in try server.cancelOrders(parameters)
    },
    BinanceEndpoint("DELETE", "v1/allOpenOrders", .signed) {
      (server, parameters) throws(BinanceRefusal) in try server.cancelAllOrders(parameters)
    },
    BinanceEndpoint("GET", "v1/openOrder", .signed) { (server, parameters) throws(BinanceRefusal) in
      try server.queryOpenOrder(parameters)
    },
    BinanceEndpoint("GET", "v1/openOrders", .signed, cost: bySymbol(1, 40)) {
      (server, parameters) throws(BinanceRefusal) in try server.openOrders(parameters)
    },
    BinanceEndpoint("GET", "v1/allOrders", .signed, 5) {
      (server, parameters) throws(BinanceRefusal) in try server.allOrders(parameters)
    },
    BinanceEndpoint("GET", "v1/userTrades", .signed, 5) {
      (server, parameters) throws(BinanceRefusal) in try server.userTrades(parameters)
    },
    BinanceEndpoint("GET", "v1/forceOrders", .signed, cost: bySymbol(20, 50)) {
      (server, parameters) throws(BinanceRefusal) in try server.forcedOrders(parameters)
    },
    BinanceEndpoint("POST", "v1/countdownCancelAll", .signed, 10) {
      (server, parameters) throws(BinanceRefusal) in try server.countDown(parameters)
    },
  ]

  static let algo: [BinanceEndpoint] = [
    BinanceEndpoint("POST", "v1/algoOrder", .signed, cost: order) {
      (server, parameters) throws(BinanceRefusal) in try server.placeAlgo(parameters)
    },
    BinanceEndpoint("DELETE", "v1/algoOrder", .signed) {
      (server, parameters) throws(BinanceRefusal) in try server.cancelAlgo(parameters)
    },
    BinanceEndpoint("GET", "v1/algoOrder", .signed) {
      (server, parameters) throws(BinanceRefusal) in try server.queryAlgo(parameters)
    },
    BinanceEndpoint("DELETE", "v1/algoOpenOrders", .signed) {
      (server, parameters) throws(BinanceRefusal) in try server.cancelAllAlgos(parameters)
    },
    BinanceEndpoint("GET", "v1/openAlgoOrders", .signed, cost: bySymbol(1, 40)) {
      (server, parameters) throws(BinanceRefusal) in try server.openAlgos(parameters)
    },
    BinanceEndpoint("GET", "v1/allAlgoOrders", .signed, 5) {
      (server, parameters) throws(BinanceRefusal) in try server.allAlgos(parameters)
    },
  ]

  static let positions: [BinanceEndpoint] = [
    BinanceEndpoint("POST", "v1/leverage", .signed) { (server, parameters) throws(BinanceRefusal) in
      try server.setLeverage(parameters)
    },
    BinanceEndpoint("POST", "v1/marginType", .signed) {
      (server, parameters) throws(BinanceRefusal) in try server.setMarginType(parameters)
    },
    BinanceEndpoint("POST", "v1/positionSide/dual", .signed) {
      (server, parameters) throws(BinanceRefusal) in try server.setPositionSide(parameters)
    },
    BinanceEndpoint("GET", "v1/positionSide/dual", .signed, 30) {
      (server, _) throws(BinanceRefusal) in try server.positionSide()
    },
    BinanceEndpoint("POST", "v1/multiAssetsMargin", .signed) {
      (server, parameters) throws(BinanceRefusal) in try server.setMultiAssets(parameters)
    },
    BinanceEndpoint("GET", "v1/multiAssetsMargin", .signed, 30) {
      (server, _) throws(BinanceRefusal) in try server.multiAssets()
    },
    BinanceEndpoint("POST", "v1/positionMargin", .signed) {
      (server, parameters) throws(BinanceRefusal) in try server.movePositionMargin(parameters)
    },
    BinanceEndpoint("GET", "v1/positionMargin/history", .signed) {
      (server, parameters) throws(BinanceRefusal) in try server.marginHistory(parameters)
    },
    BinanceEndpoint("GET", "v2/positionRisk", .signed, 5) {
      (server, parameters) throws(BinanceRefusal) in try server.oldPositions(parameters)
    },
    BinanceEndpoint("GET", "v3/positionRisk", .signed, 5) {
      (server, parameters) throws(BinanceRefusal) in try server.positions(parameters)
    },
    BinanceEndpoint("GET", "v1/leverageBracket", .signed) {
      (server, parameters) throws(BinanceRefusal) in try server.brackets(parameters)
    },
    BinanceEndpoint("GET", "v1/adlQuantile", .signed, 5) {
      (server, parameters) throws(BinanceRefusal) in try server.queuePlaces(parameters)
    },
    BinanceEndpoint("GET", "v1/symbolConfig", .signed, 5) {
      (server, parameters) throws(BinanceRefusal) in try server.symbolSettings(parameters)
    },
  ]

  static let account: [BinanceEndpoint] = [
    BinanceEndpoint("GET", "v2/balance", .signed, 5) { (server, _) throws(BinanceRefusal) in
      try server.balances()
    },
    BinanceEndpoint("GET", "v3/balance", .signed, 5) { (server, _) throws(BinanceRefusal) in
      try server.balances()
    },
    BinanceEndpoint("GET", "v2/account", .signed, 5) { (server, _) throws(BinanceRefusal) in
      try server.oldAccount()
    },
    BinanceEndpoint("GET", "v3/account", .signed, 5) { (server, _) throws(BinanceRefusal) in
      try server.account()
    },
    BinanceEndpoint("GET", "v1/accountConfig", .signed, 5) { (server, _) throws(BinanceRefusal) in
      try server.accountSettings()
    },
    BinanceEndpoint("GET", "v1/commissionRate", .signed, 20) {
      (server, parameters) throws(BinanceRefusal) in try server.commissionRate(parameters)
    },
    BinanceEndpoint("GET", "v1/income", .signed, 30) {
      (server, parameters) throws(BinanceRefusal) in
      try server.income(parameters)
    },
    BinanceEndpoint("GET", "v1/rateLimit/order", .signed) { (server, _) throws(BinanceRefusal) in
      server.orderLimits()
    },
  ]

  static let listenKeys: [BinanceEndpoint] = [
    BinanceEndpoint("POST", "v1/listenKey", .key) { (server, _) throws(BinanceRefusal) in
      try server.openListenKey()
    },
    BinanceEndpoint("PUT", "v1/listenKey", .key) { (server, _) throws(BinanceRefusal) in
      try server.keepListenKey()
    },
    BinanceEndpoint("DELETE", "v1/listenKey", .key) { (server, _) throws(BinanceRefusal) in
      try server.closeListenKey()
    },
  ]
}
