import Loopback
import Simulation
import TestSupport
import TradingModel
import Transport

/// The loopback Bybit on a scripted market and a clock that the test moves.
struct VenueBench {
  let time = ManualClock()
  let clock: LoopbackClock
  let market = ScriptedMarket()
  let faults = FaultPlan()
  let transcript: Transcript
  let exchange: LoopbackExchange
  let bybit: BybitServer

  init(_ settings: BybitSettings = BybitSettings(), paper: PaperSettings = PaperSettings()) {
    clock = LoopbackClock(following: time)
    transcript = Transcript(clock: clock)
    exchange = LoopbackExchange(market: market, paper: paper, clock: clock)
    bybit = BybitServer(
      exchange, settings: settings, clock: clock, faults: faults, transcript: transcript)
  }

  /// Who signs, and when.
  struct Signer {
    var key = BybitSettings.standardKey
    var secret = BybitSettings.standardSecret
    /// Ahead of the server's clock, in ms.
    var ahead: Int64 = 0
    var window = "5000"
  }

  func signed(
    _ method: String, _ path: String, query: String = "", body: String = "",
    by signer: Signer = Signer(), signing text: String? = nil
  ) -> ServerRequest {
    let timestamp = "\(clock.now.milliseconds + signer.ahead)"
    let signature = SigningKey.hmac(Secret(signer.secret)).signature(
      of: timestamp + signer.key + signer.window + (text ?? query + body))
    return ServerRequest(
      method: method, path: "/v5/\(path)", query: query,
      headers: [
        .init(name: "x-bapi-api-key", value: signer.key),
        .init(name: "X-BAPI-TIMESTAMP", value: timestamp),
        .init(name: "X-BAPI-SIGN", value: signature),
        .init(name: "X-BAPI-RECV-WINDOW", value: signer.window),
      ], body: Array(body.utf8))
  }

  func get(_ path: String, _ query: String = "") async throws -> JSONValue {
    try JSONValue(parsing: await bybit.handle(signed("GET", path, query: query)).body)
  }

  func post(_ path: String, _ body: JSONObject) async throws -> JSONValue {
    let text = JSONValue.object(body).text
    return try JSONValue(parsing: await bybit.handle(signed("POST", path, body: text)).body)
  }

  /// A market order for 0.1 BTC, changed as told.
  static func order(_ changes: JSONObject = [:]) -> JSONObject {
    var order: JSONObject = [
      "category": "linear", "symbol": "BTCUSDT", "side": "Buy", "orderType": "Market",
      "qty": "0.1",
    ]
    for field in changes.fields { order[field.key] = field.value }
    return order
  }

  /// Rows of a list that must be there.
  func rows(_ path: String, _ query: String) async throws -> [JSONValue] {
    try await get(path, query).array("result", "list")
  }

  /// What came of a call: its code.
  func code(_ path: String, _ body: JSONObject) async throws -> Int64 {
    try await post(path, body).integer("retCode")
  }
}
