import Synchronization
import TradingModel
import Transport

/// The REST side of the loopback Binance: what needs no key.
///
/// Source: Binance USD-M futures, market data endpoints.
public final class BinanceServer: LoopbackService {
  public let name = "binance"
  /// `reject`: `code`, `reason`, `status` (400).
  public let faultNames = ["reject"]

  private let exchange: LoopbackExchange
  private let clock: any WallClock
  private let faults: FaultPlan
  private let transcript: Transcript
  private let usage: Mutex<Usage>

  private struct Usage {
    var minute: Int64 = 0
    var weight = 0
  }

  public init(
    _ exchange: LoopbackExchange, clock: any WallClock, faults: FaultPlan, transcript: Transcript
  ) {
    self.exchange = exchange
    self.clock = clock
    self.faults = faults
    self.transcript = transcript
    usage = Mutex(Usage())
  }

  public func handle(_ request: ServerRequest) async -> ServerResponse {
    let path = Self.endpointName(of: request.path)
    transcript.note("> \(request.method) \(path) \(request.query)", service: name)
    return await faults.answer(
      service: name, endpoint: path,
      struck: { transcript.note("! \(path) \($0.name)", service: name) },
      execute: { fault in
        let response = await respond(to: request, path: path, fault: fault)
        let body = String(decoding: response.body, as: UTF8.self)
        transcript.note("< \(path) \(response.status) \(body)", service: name)
        return response
      })
  }

  /// `ticker/24hr` of `/fapi/v1/ticker/24hr`: what faults call it.
  private static func endpointName(of path: String) -> String {
    let parts = path.split(separator: "/")
    return parts.first == "fapi" ? parts.dropFirst(2).joined(separator: "/") : path
  }

  private func respond(
    to request: ServerRequest, path: String, fault: Fault?
  ) async -> ServerResponse {
    do throws(BinanceRefusal) {
      if let fault {
        throw BinanceRefusal(
          code: Int(fault.integer("code") ?? -1001),
          reason: fault.text("reason") ?? "Internal error; unable to process your request.",
          status: Int(fault.integer("status") ?? 400))
      }
      let (json, weight) = try await answer(request, path)
      return response(json, status: 200, weight: weight)
    } catch {
      return response(error.json, status: error.status, weight: 1)
    }
  }

  private func answer(
    _ request: ServerRequest, _ path: String
  ) async throws(BinanceRefusal) -> (JSONValue, weight: Int) {
    guard request.method == "GET", request.path.hasPrefix("/fapi/v1/") else {
      throw .unknownPath(request.path, method: request.method)
    }
    switch path {
    case "ping": return ([:], 1)
    case "time": return (["serverTime": .integer(clock.now.milliseconds)], 1)
    case "exchangeInfo": return (exchangeInfo(), 1)
    case "premiumIndex":
      return try await boards(request, weights: (1, 10)) { BinanceRows.premiumIndex($0, $1) }
    case "ticker/24hr":
      return try await boards(request, weights: (1, 40)) { BinanceRows.dayTicker($0, $1) }
    default: throw .unknownPath(request.path, method: request.method)
    }
  }

  /// One object with a symbol, an array without.
  private func boards(
    _ request: ServerRequest, weights: (one: Int, all: Int),
    _ row: (SymbolBoard, Timestamp) -> JSONObject
  ) async throws(BinanceRefusal) -> (JSONValue, weight: Int) {
    var query = RequestParameters()
    query.addURLEncoded(request.query)
    let now = clock.now
    let board = await exchange.binance
    guard let symbol = query["symbol"] else {
      return (.array(board.symbols.map { .object(row($0, now)) }), weights.all)
    }
    guard let one = board[Symbol(venueName: symbol)] else { throw .badSymbol }
    return (.object(row(one, now)), weights.one)
  }

  private func exchangeInfo() -> JSONValue {
    func limit(_ kind: String, _ interval: String, _ count: Int, _ limit: Int) -> JSONValue {
      [
        "rateLimitType": .string(kind), "interval": .string(interval),
        "intervalNum": .integer(count), "limit": .integer(limit),
      ]
    }
    return [
      "timezone": "UTC", "serverTime": .integer(clock.now.milliseconds),
      "futuresType": "U_MARGINED",
      "rateLimits": [
        limit("REQUEST_WEIGHT", "MINUTE", 1, 2400), limit("ORDERS", "MINUTE", 1, 1200),
        limit("ORDERS", "SECOND", 10, 300),
      ],
      "exchangeFilters": [],
      "assets": [["asset": "USDT", "marginAvailable": true, "autoAssetExchange": "-10000"]],
      "symbols": .array(exchange.instruments.map { .object(BinanceRows.contract($0)) }),
    ]
  }

  private func response(_ json: JSONValue, status: Int, weight: Int) -> ServerResponse {
    let minute = clock.now.seconds / 60
    let used = usage.withLock { usage in
      if usage.minute != minute { usage = Usage(minute: minute) }
      usage.weight += weight
      return usage.weight
    }
    var response = ServerResponse.text(
      json.text, status: status, type: "application/json;charset=utf-8")
    response.headers.append(.init(name: "X-MBX-USED-WEIGHT-1M", value: "\(used)"))
    return response
  }
}
