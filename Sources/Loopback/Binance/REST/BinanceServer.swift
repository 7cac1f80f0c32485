import TradingModel
import Transport

/// The REST side of the loopback Binance: keys, limits, codes and texts as the real one has them, over
/// a `BinanceVenue`.
///
/// Source: Binance USD-M futures API.
public final class BinanceServer: LoopbackService {
  public let name = "binance"
  /// | name | settings (defaults) | what happens |
  /// |---|---|---|
  /// | `reject` | `code` (−1001), `reason`, `status` (as the code has it) | what the business answers instead |
  /// | `unknown` | `executed` (true) | 503: carried out or not, nobody knows |
  /// | `unavailable` | | 503: not carried out |
  /// | `throttle` | | 503, −1008: spares what reduces and cancels |
  /// | `ban` | `ms` (120000) | 418, and for so long to everything |
  public let faultNames = ["reject", "unknown", "unavailable", "throttle", "ban"]

  let venue: BinanceVenue
  let clock: any WallClock
  private let faults: FaultPlan
  private let transcript: Transcript

  public init(
    _ venue: BinanceVenue, clock: any WallClock, faults: FaultPlan, transcript: Transcript
  ) {
    self.venue = venue
    self.clock = clock
    self.faults = faults
    self.transcript = transcript
    transcript.mask(venue.settings.apiSecret)
  }

  public func handle(_ request: ServerRequest) async -> ServerResponse {
    let path = Self.endpointName(of: request.path)
    transcript.note(
      "> \(request.method) \(path) \(request.query) \(request.bodyText)", service: name)
    return await faults.answer(
      service: name, endpoint: path,
      struck: { transcript.note("! \(path) \($0.name)", service: name) },
      execute: { fault in
        let response = respond(to: request, fault: fault)
        let body = String(decoding: response.body, as: UTF8.self)
        transcript.note("< \(path) \(response.status) \(body)", service: name)
        return response
      })
  }

  /// `ticker/24hr` of `/fapi/v1/ticker/24hr`: what faults call it.
  static func endpointName(of path: String) -> String {
    let parts = path.split(separator: "/")
    return parts.first == "fapi" ? parts.dropFirst(2).joined(separator: "/") : path
  }

  private func respond(to request: ServerRequest, fault: Fault?) -> ServerResponse {
    var countsOrders = false
    do throws(BinanceRefusal) {
      let endpoint = try endpoint(of: request)
      let parameters = BinanceParameters(request)
      try venue.gate.pass(endpoint.cost(parameters), at: clock.now)
      countsOrders = endpoint.countsOrders
      try check(request, endpoint, parameters)
      let result = try carryOut(endpoint, parameters, fault)
      return response(result, status: 200, countsOrders: countsOrders)
    } catch {
      var response = response(error.json, status: error.status, countsOrders: countsOrders)
      if let seconds = error.retryAfter {
        response.headers.append(.init(name: "Retry-After", value: "\(seconds)"))
      }
      return response
    }
  }

  private func endpoint(of request: ServerRequest) throws(BinanceRefusal) -> BinanceEndpoint {
    let prefix = "/fapi/"
    guard request.path.hasPrefix(prefix),
      let endpoint = BinanceEndpoint.named(
        request.method, String(request.path.dropFirst(prefix.count)))
    else { throw .unknownPath(request.path, method: request.method) }
    return endpoint
  }

  private func check(
    _ request: ServerRequest, _ endpoint: BinanceEndpoint, _ parameters: BinanceParameters
  ) throws(BinanceRefusal) {
    let key = request.header("X-MBX-APIKEY")
    switch endpoint.security {
    case .none: break
    case .key: try venue.authority.check(key: key)
    case .signed:
      let body = request.method == "GET" ? "" : request.bodyText
      let text = BinanceAuthority.unsigned(request.query) + BinanceAuthority.unsigned(body)
      try venue.authority.check(key: key, parameters, signing: Array(text.utf8), at: clock.now)
    }
  }

  /// Carries a call out, or lets it fail as the fault says. Also what the WebSocket API calls.
  func carryOut(
    _ endpoint: BinanceEndpoint, _ parameters: BinanceParameters, _ fault: Fault?
  ) throws(BinanceRefusal) -> JSONValue {
    guard let fault else { return try endpoint.answer(self, parameters) }
    switch fault.name {
    case "unknown":
      if fault.flag("executed") ?? true { _ = try endpoint.answer(self, parameters) }
      throw BinanceRefusal(
        -1000, "Unknown error, please check your request or try again later.", status: 503)
    case "unavailable": throw BinanceRefusal(-1001, "Service Unavailable.", status: 503)
    case "throttle":
      guard !Self.isSpared(endpoint, parameters) else {
        return try endpoint.answer(self, parameters)
      }
      throw BinanceRefusal(
        -1008,
        "Request throttled by system-level protection. Reduce-only/close-position orders are "
          + "exempt. Please try again.", status: 503)
    case "ban":
      venue.gate.ban(for: fault.duration("ms", or: .minutes(2)), at: clock.now)
      try venue.gate.pass(BinanceRateGate.Cost(weight: 0), at: clock.now)
      return try endpoint.answer(self, parameters)
    default:
      let code = Int(fault.integer("code") ?? -1001)
      let known = BinanceRefusal.known(code)
      throw BinanceRefusal(
        code,
        fault.text("reason") ?? known?.reason
          ?? "Internal error; unable to process your request. Please try again.",
        status: fault.integer("status").map { Int($0) } ?? known?.status ?? 400)
    }
  }

  /// What the protection of the whole system never throttles.
  private static func isSpared(
    _ endpoint: BinanceEndpoint, _ parameters: BinanceParameters
  ) -> Bool {
    endpoint.method == "DELETE" || parameters["reduceOnly"]?.lowercased() == "true"
      || parameters["closePosition"]?.lowercased() == "true"
  }

  private func response(
    _ json: JSONValue, status: Int, countsOrders: Bool
  ) -> ServerResponse {
    var response = ServerResponse.text(
      json.text, status: status, type: "application/json;charset=utf-8")
    // What is refused tells no counts of orders.
    response.headers += venue.gate.headers(
      withOrders: countsOrders && status == 200, at: clock.now)
    return response
  }

  // MARK: What the endpoints need

  /// The market as it stands; a look that can't fail.
  var market: BinanceMarket { venue.market }

  /// A contract that must be named.
  func instrument(_ parameters: BinanceParameters, _ name: String = "symbol")
    throws(BinanceRefusal) -> Instrument
  {
    guard let instrument = venue.instrument(Symbol(venueName: try parameters.required(name)))
    else { throw .badSymbol }
    return instrument
  }

  /// A contract that may be named.
  func optionalInstrument(_ parameters: BinanceParameters) throws(BinanceRefusal) -> Instrument? {
    parameters["symbol"] == nil ? nil : try instrument(parameters)
  }
}
