import Transport

/// One path of the REST interface.
struct BybitEndpoint: Sendable {
  let method: String
  /// What follows `/v5/`.
  let path: String
  /// Calls per second of one user; nil for what is public and needs no signature.
  let limitPerSecond: Int?
  let answer: @Sendable (BybitServer, BybitParameters) async throws(BybitRefusal) -> JSONObject

  /// Source of the limits: Bybit V5, rate limit rules of linear contracts.
  static let all: [BybitEndpoint] = [
    open("market/time") { (server, _) throws(BybitRefusal) in server.time() },
    open("market/instruments-info") { (server, parameters) throws(BybitRefusal) in
      try server.instrumentsInfo(parameters)
    },
    open("market/tickers") { (server, parameters) async throws(BybitRefusal) in
      try await server.tickers(parameters)
    },
    write("order/create", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.createOrder(parameters)
    },
    write("order/cancel", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.cancelOrder(parameters)
    },
    write("order/cancel-all", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.cancelAllOrders(parameters)
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
    read("position/list", 50) { (server, parameters) async throws(BybitRefusal) in
      try await server.positions(parameters)
    },
    write("position/set-leverage", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.setLeverage(parameters)
    },
    write("position/trading-stop", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.setTradingStop(parameters)
    },
    write("position/switch-mode", 10) { (server, parameters) async throws(BybitRefusal) in
      try await server.switchPositionMode(parameters)
    },
    read("account/wallet-balance", 50) { (server, parameters) async throws(BybitRefusal) in
      try await server.walletBalance(parameters)
    },
    read("account/info", 50) { (server, _) async throws(BybitRefusal) in
      await server.accountInfo()
    },
    read("account/fee-rate", 5) { (server, parameters) async throws(BybitRefusal) in
      try await server.feeRates(parameters)
    },
    write("account/set-margin-mode", 5) { (server, parameters) async throws(BybitRefusal) in
      try await server.setMarginMode(parameters)
    },
    read("user/query-api", 10) { (server, _) throws(BybitRefusal) in server.keyInformation() },
  ]

  private typealias Answer =
    @Sendable (
      BybitServer, BybitParameters
    ) async throws(BybitRefusal) -> JSONObject

  private static func open(_ path: String, answer: @escaping Answer) -> BybitEndpoint {
    BybitEndpoint(method: "GET", path: path, limitPerSecond: nil, answer: answer)
  }

  private static func read(
    _ path: String, _ limit: Int, answer: @escaping Answer
  ) -> BybitEndpoint {
    BybitEndpoint(method: "GET", path: path, limitPerSecond: limit, answer: answer)
  }

  private static func write(
    _ path: String, _ limit: Int, answer: @escaping Answer
  ) -> BybitEndpoint {
    BybitEndpoint(method: "POST", path: path, limitPerSecond: limit, answer: answer)
  }
}
