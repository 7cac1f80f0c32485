import Synchronization
import TradingModel
import Transport

/// `/v5/trade`: orders over a socket that has signed in once.
///
/// Source: Bybit V5, WebSocket trade. The answer acknowledges; what becomes of an order is told on the
/// private stream.
final class BybitTradeStream: Sendable {
  /// The endpoints behind the operations, with which they share their limits.
  private static let endpoints = [
    "order.create": "order/create", "order.amend": "order/amend",
    "order.cancel": "order/cancel", "order.create-batch": "order/create-batch",
    "order.amend-batch": "order/amend-batch", "order.cancel-batch": "order/cancel-batch",
  ]
  /// What faults call its answers.
  static var operations: [String] { endpoints.keys.sorted() }

  private static let longestID = 36
  /// Ids of requests that one session remembers.
  private static let mostIDs = 10_000

  private struct Session {
    let socket: ServerSocket
    var isAuthorised = false
    var usedIDs: Set<String> = []
  }

  private let server: BybitServer
  private let delivery: StreamDelivery
  private let clock: any WallClock
  private let sessions = Mutex<[String: Session]>([:])

  init(_ server: BybitServer, _ delivery: StreamDelivery, clock: any WallClock) {
    self.server = server
    self.delivery = delivery
    self.clock = clock
  }

  func open(_ connection: String, _ socket: ServerSocket) {
    sessions.withLock { $0[connection] = Session(socket: socket) }
  }

  func close(_ connection: String) { sessions.withLock { $0[connection] = nil } }

  /// Cuts every connection without a word.
  func cutAll() {
    for session in sessions.withLock({ Array($0.values) }) { session.socket.reset() }
  }

  func take(_ text: String, from socket: ServerSocket, connection: String) async {
    guard let request = BybitTradeRequest(text) else {
      return socket.send(
        Self.answer(10001, "Invalid JSON", operation: "", id: nil, connection).text)
    }
    switch request.operation {
    case "ping":
      var pong = Self.answer(0, "OK", operation: "pong", id: request.id, connection)
      pong["data"] = [.string("\(clock.now.milliseconds)")]
      socket.send(pong.text)
    case "auth": authorise(request, socket, connection)
    default: await trade(request, socket, connection)
    }
  }

  private func authorise(
    _ request: BybitTradeRequest, _ socket: ServerSocket, _ connection: String
  ) {
    func answer(_ code: Int, _ reason: String) {
      socket.send(
        Self.answer(code, reason, operation: "auth", id: request.id, connection).text)
    }
    guard sessions.withLock({ $0[connection]?.isAuthorised }) == false else {
      return answer(20001, "Repeat auth")
    }
    do throws(BybitRefusal) {
      try server.authority.check(streamArguments: request.arguments, at: clock.now)
      sessions.withLock { $0[connection]?.isAuthorised = true }
      answer(0, "OK")
    } catch {
      answer(error.code, error.reason)
      socket.close(code: 1000)
    }
  }

  private func trade(
    _ request: BybitTradeRequest, _ socket: ServerSocket, _ connection: String
  ) async {
    delivery.transcript.note(
      "> \(request.operation) \(JSONValue.array(request.arguments).text)",
      service: delivery.service)
    let fault = fault(of: request.operation)
    if let fault {
      delivery.transcript.note("! \(request.operation) \(fault.name)", service: delivery.service)
    }
    let isRefusal = fault?.name == BybitServer.reject
    let executes = isRefusal || fault?.flag("executed") ?? true
    let outcome =
      executes
      ? await outcome(of: request, connection, isRefusal ? fault : nil)
      : BybitOutcome(refused: BybitRefusal(10_000, "Server Timeout"))
    let text = answer(to: request, outcome, connection).text
    delivery.transcript.note("< \(request.operation) \(text)", service: delivery.service)
    guard let fault, !isRefusal else { return delivery.pass(text, to: socket) }
    delivery.strike(fault, text, socket)
  }

  /// What is to go wrong with an order goes wrong whichever way it comes: a fault of the REST
  /// endpoint meets it here, too. Those of the network lose the answer.
  private func fault(of operation: String) -> Fault? {
    let faults = delivery.faults
    if let own = faults.strike(service: delivery.service, endpoint: operation) { return own }
    return Self.endpoints[operation].flatMap { faults.strike(service: "bybit", endpoint: $0) }
  }

  private func outcome(
    of request: BybitTradeRequest, _ connection: String, _ fault: Fault?
  ) async -> BybitOutcome {
    do throws(BybitRefusal) {
      try admit(request, connection)
      guard let path = Self.endpoints[request.operation],
        let endpoint = BybitEndpoint.named(path)
      else { throw BybitRefusal(10404, "Unknown operation: \(request.operation)") }
      let window = request.header["X-BAPI-RECV-WINDOW"].flatMap(Self.text) ?? ""
      guard let timestamp = request.header["X-BAPI-TIMESTAMP"].flatMap(Self.text) else {
        throw .parameter("X-BAPI-TIMESTAMP")
      }
      try BybitAuthority.checkWindow(timestamp, window, at: clock.now)
      guard request.arguments.count == 1, case .object(let order) = request.arguments[0] else {
        throw .parameter("args")
      }
      let parameters = BybitParameters(order)
      guard parameters.text("category") == "linear" else {
        throw BybitRefusal(10404, "Unknown category: \(parameters.text("category") ?? "")")
      }
      return await server.perform(endpoint, parameters, fault: fault)
    } catch {
      return BybitOutcome(refused: error)
    }
  }

  /// Who has signed in may ask, each time with a new id.
  private func admit(
    _ request: BybitTradeRequest, _ connection: String
  ) throws(BybitRefusal) {
    guard request.id?.count ?? 0 <= Self.longestID else { throw .parameter("reqId") }
    let refusal: BybitRefusal? = sessions.withLock { sessions in
      guard let session = sessions[connection], session.isAuthorised else { return .notSignedIn }
      guard let id = request.id else { return nil }
      if session.usedIDs.count >= Self.mostIDs { sessions[connection]?.usedIDs = [] }
      guard sessions[connection]?.usedIDs.insert(id).inserted == true else {
        return BybitRefusal(20006, "Duplicate reqId")
      }
      return nil
    }
    if let refusal { throw refusal }
  }

  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text.isEmpty ? nil : text
    case .number(let digits): digits
    default: nil
    }
  }

  private func answer(
    to request: BybitTradeRequest, _ outcome: BybitOutcome, _ connection: String
  ) -> JSONObject {
    var answer: JSONObject = [:]
    if let id = request.id { answer["reqId"] = .string(id) }
    answer["retCode"] = .integer(outcome.code)
    answer["retMsg"] = .string(outcome.reason)
    answer["op"] = .string(request.operation)
    answer["data"] = .object(outcome.result)
    answer["retExtInfo"] = .object(outcome.extra)
    var header = JSONObject(
      (outcome.allowance?.headers ?? []).map { ($0.name, .string($0.value)) })
    header["Traceid"] = .string(
      String(Scatter.seed(of: connection + request.text), radix: 16))
    header["Timenow"] = .string("\(clock.now.milliseconds)")
    answer["header"] = .object(header)
    answer["connId"] = .string(connection)
    return answer
  }

  private static func answer(
    _ code: Int, _ reason: String, operation: String, id: String?, _ connection: String
  ) -> JSONObject {
    var answer: JSONObject = [:]
    if let id { answer["reqId"] = .string(id) }
    answer["retCode"] = .integer(code)
    answer["retMsg"] = .string(reason)
    answer["op"] = .string(operation)
    answer["connId"] = .string(connection)
    return answer
  }
}

/// What a client says on the trade stream: `{"reqId":…, "header":{…}, "op":…, "args":[…]}`.
struct BybitTradeRequest {
  let text: String
  let operation: String
  let arguments: [JSONValue]
  let header: JSONObject
  let id: String?

  /// Nil for what is no JSON object with an `op`.
  init?(_ text: String) {
    do {
      let json = try JSONValue(parsing: text)
      operation = try json.string("op")
      arguments = if case .array(let arguments)? = json["args"] { arguments } else { [] }
      header = if case .object(let header)? = json["header"] { header } else { [:] }
      id = json["reqId"]?.stringValue ?? json["req_id"]?.stringValue
      self.text = text
    } catch {
      return nil
    }
  }
}

extension JSONObject {
  fileprivate var text: String { JSONValue.object(self).text }
}
