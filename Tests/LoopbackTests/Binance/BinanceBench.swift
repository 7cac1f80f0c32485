import Loopback
import Simulation
import TestSupport
import TradingModel
import Transport

/// The loopback Binance on a scripted market and a clock that the test moves.
struct BinanceBench {
  let time: ManualClock
  let clock: LoopbackClock
  let market = ScriptedMarket()
  let faults = FaultPlan()
  let transcript: Transcript
  let exchange: LoopbackExchange
  let venue: BinanceVenue
  let server: BinanceServer
  let streams: BinanceStreamServer
  let control = ControlInterface()

  init(_ settings: BinanceSettings = BinanceSettings(), at start: Timestamp = .noon) async {
    time = ManualClock(start)
    clock = LoopbackClock(following: time)
    transcript = Transcript(clock: clock)
    exchange = LoopbackExchange(market: market, clock: clock)
    venue = await BinanceVenue(exchange, settings: settings, clock: clock)
    server = BinanceServer(venue, clock: clock, faults: faults, transcript: transcript)
    streams = BinanceStreamServer(
      venue, server: server, clock: clock, faults: faults, transcript: transcript)
    control.add(BinanceControl(venue, streams: streams).routes)
  }

  /// Who signs, and when.
  struct Signer {
    var key = BinanceSettings().apiKey
    var secret = BinanceSettings().apiSecret
    /// Ahead of the server's clock, in ms.
    var ahead: Int64 = 0
    var window: String?
  }

  /// A signed call, its parameters in the query.
  func signed(
    _ method: String, _ path: String, _ query: String = "", by signer: Signer = Signer()
  ) -> ServerRequest {
    var text = query.isEmpty ? "" : query + "&"
    if let window = signer.window { text += "recvWindow=\(window)&" }
    text += "timestamp=\(clock.now.milliseconds + signer.ahead)"
    let signature = SigningKey.hmac(Secret(signer.secret)).signature(of: text)
    return request(method, path, "\(text)&signature=\(signature)", key: signer.key)
  }

  func request(
    _ method: String, _ path: String, _ query: String = "", key: String? = nil, body: String = ""
  ) -> ServerRequest {
    ServerRequest(
      method: method, path: "/fapi/\(path)", query: query,
      headers: key.map { [.init(name: "X-MBX-APIKEY", value: $0)] } ?? [], body: Array(body.utf8))
  }

  func answer(_ request: ServerRequest) async throws -> JSONValue {
    try JSONValue(parsing: await server.handle(request).body)
  }

  /// A public call.
  func get(_ path: String, _ query: String = "") async throws -> JSONValue {
    try await answer(request("GET", path, query))
  }

  /// A signed call.
  func call(_ method: String, _ path: String, _ query: String = "") async throws -> JSONValue {
    try await answer(signed(method, path, query))
  }

  /// What came of a signed call: its code, 0 when it was carried out.
  func code(_ method: String, _ path: String, _ query: String = "") async throws -> Int64 {
    let response = await server.handle(signed(method, path, query))
    let answer = try JSONValue(parsing: response.body)
    return response.status == 200 ? 0 : try answer.integer("code")
  }

  /// An order for 0.1 BTC, changed as told: nil takes a parameter away.
  static func order(_ changes: [(String, String?)] = []) -> String {
    var parameters: [(String, String)] = [
      ("symbol", "BTCUSDT"), ("side", "BUY"), ("type", "MARKET"), ("quantity", "0.1"),
    ]
    for (name, value) in changes {
      parameters.removeAll { $0.0 == name }
      if let value { parameters.append((name, value)) }
    }
    return parameters.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
  }

  @discardableResult
  func place(_ changes: [(String, String?)] = []) async throws -> JSONValue {
    try await call("POST", "v1/order", Self.order(changes + [("newOrderRespType", "RESULT")]))
  }

  /// Moves the Binance price of BTC, by a trade and a ticker.
  func move(to price: Price, _ symbol: Symbol = "BTCUSDT") async {
    market.happen(
      .trade(
        Trade(
          venue: .binance, symbol: symbol, price: price, quantity: "0.5", aggressor: .sell,
          time: clock.now)),
      .ticker(
        Ticker(
          venue: .binance, symbol: symbol, last: price, mark: price, index: price, bid: price,
          ask: price, time: clock.now)))
    await exchange.advance()
  }

  func steer(_ method: String, _ path: String, _ body: JSONObject = [:]) async throws -> JSONValue {
    let response = await control.handle(
      ServerRequest(
        method: method, path: "/control/binance/\(path)",
        body: body.isEmpty ? [] : JSONValue.object(body).bytes))
    return try JSONValue(parsing: response.body)
  }

  /// A listen key, fresh or as it stands.
  func listenKey() async throws -> String {
    try await answer(request("POST", "v1/listenKey", key: Signer().key)).string("listenKey")
  }

  /// Serves the streams while `body` runs.
  func serve(_ body: (_ address: String) async throws -> Void) async throws {
    try await StreamListener.serve(streams, body)
  }
}
