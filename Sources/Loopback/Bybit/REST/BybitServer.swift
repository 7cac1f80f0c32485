import Simulation
import Synchronization
import TradingModel
import Transport

/// The REST side of the loopback Bybit: signatures, windows, limits and codes as the real one has
/// them, over the account and the market of a `LoopbackExchange`.
///
/// Source: Bybit V5 API.
public final class BybitServer: LoopbackService {
  public let name = "bybit"
  /// `reject`: `code`, `reason`; what the business answers, instead of carrying the call out.
  public let faultNames = [reject]
  static let reject = "reject"

  let exchange: LoopbackExchange
  let settings: BybitSettings
  let authority: BybitAuthority
  /// How long the private streams may be silent before orders are cancelled; nil for ever.
  let disconnectionWindow = Mutex<Duration?>(nil)
  private let gate = BybitRateGate()
  private let addressGate = BybitAddressGate()
  let clock: any WallClock
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

  /// Lets another key in, which is signed with by RSA.
  /// - Parameter publicKey: PEM, or its base64 alone.
  public func add(
    key: String, publicKey: String, isReadOnly: Bool = false
  ) throws(SigningKeyError) {
    authority.add(key, try VerifyingKey(pem: publicKey), isReadOnly: isReadOnly)
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
    guard !settings.limitsAddress || addressGate.lets(in: clock.now) else {
      return .text("403 Forbidden: access too frequent, please try again later", status: 403)
    }
    do throws(BybitRefusal) {
      let endpoint = try endpoint(of: request, path: path)
      if endpoint.limitPerSecond != nil { try authority.check(request, at: clock.now) }
      var parameters = try BybitParameters(request)
      parameters.apiKey = request.header("X-BAPI-API-KEY")
      return response(await perform(endpoint, parameters, fault: fault))
    } catch {
      return response(BybitOutcome(refused: error))
    }
  }

  /// Carries a call out for somebody who is known, within the limits.
  /// - Parameter fault: Refused with it, when there is one.
  func perform(
    _ endpoint: BybitEndpoint, _ parameters: BybitParameters, fault: Fault?
  ) async -> BybitOutcome {
    var allowance: BybitRateGate.Allowance?
    do throws(BybitRefusal) {
      var parameters = parameters
      if let limit = endpoint.limitPerSecond {
        let counted = gate.pass(
          endpoint.path, limit: settings.limitsRate ? limit : .max,
          weight: endpoint.isBatch ? parameters.batchSize : 1, at: clock.now)
        allowance = counted
        if counted.isExceeded { throw .tooManyVisits }
        parameters.granted = counted.granted
      }
      if let fault { throw Self.refusal(fault) }
      let answer = try await endpoint.answer(self, parameters)
      return BybitOutcome(
        code: 0, reason: "OK", result: answer.result, extra: answer.extra, allowance: allowance)
    } catch {
      // Clients sleep until the reset when they are told to slow down: it must lie ahead.
      if error.code == BybitRefusal.tooManyVisits.code, allowance?.isExceeded == false {
        allowance?.left = 0
        allowance?.reset = (clock.now + .seconds(1)).milliseconds
      }
      return BybitOutcome(refused: error, allowance: allowance)
    }
  }

  private func endpoint(
    of request: ServerRequest, path: String
  ) throws(BybitRefusal) -> BybitEndpoint {
    guard request.path.hasPrefix("/v5/"),
      let endpoint = BybitEndpoint.named(path)
    else { throw .unknownPath }
    guard endpoint.method == request.method else { throw .badMethod }
    guard request.method == "POST" || request.body.isEmpty else { throw .bodyOnRead }
    return endpoint
  }

  static func refusal(_ fault: Fault) -> BybitRefusal {
    let code = Int(fault.integer("code") ?? 10_016)
    return BybitRefusal(
      code, fault.text("reason") ?? BybitRefusal.texts[code] ?? "Server error.")
  }

  /// The envelope that everything comes in, what is refused too.
  private func response(_ outcome: BybitOutcome) -> ServerResponse {
    let envelope: JSONValue = [
      "retCode": .integer(outcome.code), "retMsg": .string(outcome.reason),
      "result": .object(outcome.result), "retExtInfo": .object(outcome.extra),
      "time": .integer(clock.now.milliseconds),
    ]
    var response = ServerResponse.text(
      envelope.text, status: outcome.status, type: "application/json; charset=utf-8")
    if let allowance = outcome.allowance, settings.limitsRate {
      response.headers += allowance.headers.map { .init(name: $0.name, value: $0.value) }
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

/// What came of a call, in any envelope.
struct BybitOutcome: Sendable {
  var code: Int
  var reason: String
  var result: JSONObject = [:]
  var extra: JSONObject = [:]
  var allowance: BybitRateGate.Allowance?
  /// Of HTTP.
  var status = 200

  init(
    code: Int, reason: String, result: JSONObject, extra: JSONObject,
    allowance: BybitRateGate.Allowance?
  ) {
    self.code = code
    self.reason = reason
    self.result = result
    self.extra = extra
    self.allowance = allowance
  }

  init(refused refusal: BybitRefusal, allowance: BybitRateGate.Allowance? = nil) {
    code = refusal.code
    reason = refusal.reason
    result = refusal.result
    extra = refusal.extra
    self.allowance = allowance
    status = refusal.status
  }
}

extension BybitRateGate.Allowance {
  var headers: [(name: String, value: String)] {
    [
      ("X-Bapi-Limit", "\(limit)"), ("X-Bapi-Limit-Status", "\(left)"),
      ("X-Bapi-Limit-Reset-Timestamp", "\(reset)"),
    ]
  }
}
