import Transport

/// One path of the REST interface.
struct BinanceEndpoint: Sendable {
  /// What a call must bring.
  enum Security: Sendable {
    case none
    /// The header with the key: MARKET_DATA and USER_STREAM.
    case key
    /// A timestamp and a signature, too: TRADE and USER_DATA.
    case signed
  }

  typealias Answer =
    @Sendable (BinanceServer, BinanceParameters) throws(BinanceRefusal) -> JSONValue
  typealias Cost = @Sendable (BinanceParameters) -> BinanceRateGate.Cost

  let method: String
  /// What follows `/fapi/`: `v1/order`.
  let path: String
  let security: Security
  let cost: Cost
  let answer: Answer

  init(
    _ method: String, _ path: String, _ security: Security, cost: @escaping Cost,
    answer: @escaping Answer
  ) {
    self.method = method
    self.path = path
    self.security = security
    self.cost = cost
    self.answer = answer
  }

  init(
    _ method: String, _ path: String, _ security: Security, _ weight: Int = 1,
    answer: @escaping Answer
  ) {
    self.init(
      method, path, security, cost: { _ in BinanceRateGate.Cost(weight: weight) }, answer: answer)
  }

  /// Whether it counts orders, and tells so in its headers.
  var countsOrders: Bool { cost(BinanceParameters(JSONObject())).minute > 0 }

  /// Sorted by what they are about. Source of the weights: Binance USD-M futures, the page of each.
  static let all: [BinanceEndpoint] = market + orders + algo + positions + account + listenKeys

  static func named(_ method: String, _ path: String) -> BinanceEndpoint? {
    all.first { $0.method == method && $0.path == path }
  }

  /// One weight with a symbol, another for all.
  static func bySymbol(_ one: Int, _ all: Int) -> Cost {
    { BinanceRateGate.Cost(weight: $0["symbol"] == nil ? all : one) }
  }

  /// Weight by how much is asked for.
  static func byLimit(_ steps: [(most: Int64, weight: Int)], standard: Int64) -> Cost {
    { parameters in
      let limit = parameters["limit"].flatMap { Int64($0) } ?? standard
      let step = steps.first { limit <= $0.most } ?? steps.last
      return BinanceRateGate.Cost(weight: step?.weight ?? 1)
    }
  }
}
