import Simulation
import TradingModel
import Transport

/// The REST side of the loopback Bybit: signatures, windows, limits and codes as the real one has
/// them, over the account and the market of a `LoopbackExchange`.
///
/// Source: Bybit V5 API.
public final class BybitServer: LoopbackService {
  public let name = "bybit"
  /// `reject`: `code`, `reason`; what the business answers, instead of carrying the call out.
  public let faultNames = ["reject"]

  let exchange: LoopbackExchange
  let settings: BybitSettings
  private let authority: BybitAuthority
  private let gate = BybitRateGate()
  private let clock: any WallClock
  private let faults: FaultPlan
  private let transcript: Transcript

  public init(
    _ exchange: LoopbackExchange, settings: BybitSettings = BybitSettings(),
    clock: any WallClock, faults: FaultPlan, transcript: Transcript
  ) {
    self.exchange = exchange
    self.settings = settings
    self.clock = clock
    self.faults = faults
    self.transcript = transcript
    authority = BybitAuthority(settings)
    transcript.mask(settings.apiSecret)
  }

  public func handle(_ request: ServerRequest) async -> ServerResponse {
    let path = Self.endpointName(of: request.path)
    let sent = request.method == "GET" ? request.query : request.bodyText
    transcript.note("> \(request.method) \(path) \(sent)", service: name)
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

  /// `order/create` of `/v5/order/create`: what faults call it.
  static func endpointName(of path: String) -> String {
    let parts = path.split(separator: "/")
    return parts.first == "v5" ? parts.dropFirst().joined(separator: "/") : path
  }

  private func respond(
    to request: ServerRequest, path: String, fault: Fault?
  ) async -> ServerResponse {
    var allowance: BybitRateGate.Allowance?
    do throws(BybitRefusal) {
      let endpoint = try endpoint(of: request, path: path)
      if let limit = endpoint.limitPerSecond {
        try authority.check(request, at: clock.now)
        let counted = gate.pass(
          path, limit: settings.limitsRate ? limit : .max, at: clock.now)
        allowance = counted
        if counted.isExceeded { throw .tooManyVisits }
      }
      if let fault { throw Self.refusal(fault) }
      let parameters = try BybitParameters(request)
      let result = try await endpoint.answer(self, parameters)
      return response(0, "OK", result, allowance)
    } catch {
      // Clients sleep until the reset when they are told to slow down: it must lie ahead.
      if error.code == BybitRefusal.tooManyVisits.code, allowance?.isExceeded == false {
        allowance?.left = 0
        allowance?.reset = (clock.now + .seconds(1)).milliseconds
      }
      return response(error.code, error.reason, error.result, allowance, status: error.status)
    }
  }

  private func endpoint(
    of request: ServerRequest, path: String
  ) throws(BybitRefusal) -> BybitEndpoint {
    guard request.path.hasPrefix("/v5/"),
      let endpoint = BybitEndpoint.all.first(where: { $0.path == path })
    else { throw .unknownPath }
    guard endpoint.method == request.method else { throw .badMethod }
    guard request.method == "POST" || request.body.isEmpty else { throw .bodyOnRead }
    return endpoint
  }

  private static func refusal(_ fault: Fault) -> BybitRefusal {
    let code = Int(fault.integer("code") ?? 10_016)
    return BybitRefusal(code, fault.text("reason") ?? "Server error.")
  }

  /// The envelope that everything comes in, what is refused too.
  private func response(
    _ code: Int, _ reason: String, _ result: JSONObject, _ allowance: BybitRateGate.Allowance?,
    status: Int = 200
  ) -> ServerResponse {
    let envelope: JSONValue = [
      "retCode": .integer(code), "retMsg": .string(reason), "result": .object(result),
      "retExtInfo": [:], "time": .integer(clock.now.milliseconds),
    ]
    var response = ServerResponse.text(
      envelope.text, status: status, type: "application/json; charset=utf-8")
    if let allowance, settings.limitsRate {
      response.headers += [
        .init(name: "X-Bapi-Limit", value: "\(allowance.limit)"),
        .init(name: "X-Bapi-Limit-Status", value: "\(allowance.left)"),
        .init(name: "X-Bapi-Limit-Reset-Timestamp", value: "\(allowance.reset)"),
      ]
    }
    return response
  }

  /// Does something to the account; its rejection becomes the answer.
  func carryOut<Answer: Sendable>(
    _ deed: @Sendable (inout PaperVenue, Timestamp) throws(PaperRejection) -> Answer
  ) async throws(BybitRefusal) -> Answer {
    do throws(PaperRejection) {
      return try await exchange.carryOut(deed)
    } catch {
      throw BybitRefusal(error)
    }
  }
}
