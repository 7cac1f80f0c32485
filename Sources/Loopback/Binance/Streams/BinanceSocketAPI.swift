import Synchronization
import TradingModel
import Transport

/// What one connection of the WebSocket API knows of its client.
final class BinanceSession: Sendable {
  struct Login: Sendable {
    let key: String
    let since: Timestamp
  }

  let openedAt: Timestamp
  let login = Mutex<Login?>(nil)

  init(openedAt: Timestamp) { self.openedAt = openedAt }
}

/// The WebSocket API: the REST endpoints under names of their own, over a socket on which a client may
/// log on once.
///
/// Source: Binance USD-M futures, WebSocket API, and dialogs captured live.
final class BinanceSocketAPI: Sendable {
  /// The endpoints behind the methods, with which they share weights, counts and answers.
  private static let endpoints: [String: (method: String, path: String)] = [
    "ping": ("GET", "v1/ping"), "time": ("GET", "v1/time"), "depth": ("GET", "v1/depth"),
    "ticker.price": ("GET", "v1/ticker/price"), "ticker.book": ("GET", "v1/ticker/bookTicker"),
    "order.place": ("POST", "v1/order"), "order.modify": ("PUT", "v1/order"),
    "order.cancel": ("DELETE", "v1/order"), "order.status": ("GET", "v1/order"),
    "algoOrder.place": ("POST", "v1/algoOrder"), "algoOrder.cancel": ("DELETE", "v1/algoOrder"),
    "account.balance": ("GET", "v2/balance"), "v2/account.balance": ("GET", "v3/balance"),
    "account.status": ("GET", "v2/account"), "v2/account.status": ("GET", "v3/account"),
    "account.position": ("GET", "v2/positionRisk"),
    "v2/account.position": ("GET", "v3/positionRisk"),
    "userDataStream.start": ("POST", "v1/listenKey"),
    "userDataStream.ping": ("PUT", "v1/listenKey"),
    "userDataStream.stop": ("DELETE", "v1/listenKey"),
  ]
  private static let sessions = ["session.logon", "session.status", "session.logout"]

  /// What faults call its answers.
  static var methods: [String] { endpoints.keys.sorted() + sessions }

  private let server: BinanceServer
  private let delivery: StreamDelivery
  private let clock: any WallClock

  init(_ server: BinanceServer, _ delivery: StreamDelivery, clock: any WallClock) {
    self.server = server
    self.delivery = delivery
    self.clock = clock
  }

  private struct Request {
    var id: JSONValue
    var method: String
    var parameters: JSONObject
  }

  func take(_ text: String, from socket: ServerSocket, _ session: BinanceSession) {
    guard let request = Self.read(text) else {
      return socket.send(
        #"{"id":null,"status":400,"error":{"code":-1000,"msg":"Invalid JSON request."}}"#)
    }
    delivery.transcript.note("> \(text)", service: delivery.service)
    let fault = delivery.faults.strike(service: delivery.service, endpoint: request.method)
    if let fault {
      delivery.transcript.note("! \(request.method) \(fault.name)", service: delivery.service)
    }
    // Faults of the business change the answer, those of the network what becomes of it.
    let business = fault.flatMap { server.faultNames.contains($0.name) ? $0 : nil }
    let isNetwork = fault != nil && business == nil
    if isNetwork, fault?.flag("executed") == false, let fault {
      return delivery.strike(fault, "", socket)
    }
    let answer = answer(to: request, session, business)
    delivery.transcript.note("< \(answer)", service: delivery.service)
    guard isNetwork, let fault else { return delivery.pass(answer, to: socket) }
    delivery.strike(fault, answer, socket)
  }

  private static func read(_ text: String) -> Request? {
    do {
      let json = try JSONValue(parsing: text)
      let parameters: JSONObject =
        if case .object(let given)? = json["params"] { given } else { [:] }
      return Request(
        id: json["id"] ?? .null, method: try json.string("method"), parameters: parameters)
    } catch {
      return nil
    }
  }

  private func answer(to request: Request, _ session: BinanceSession, _ fault: Fault?) -> String {
    var answer: JSONObject = ["id": request.id]
    var countsOrders = false
    do throws(BinanceRefusal) {
      if Self.sessions.contains(request.method) {
        let result = try logOn(request, session)
        answer["status"] = 200
        answer["result"] = .object(result)
      } else {
        let (endpoint, parameters) = try admit(request, session, &countsOrders)
        let result = try server.carryOut(endpoint, parameters, fault)
        answer["status"] = 200
        answer["result"] = result
      }
    } catch {
      answer["status"] = .integer(error.status)
      answer["error"] = error.json
    }
    if request.parameters["returnRateLimits"] != .bool(false) {
      answer["rateLimits"] = server.venue.gate.rows(withOrders: countsOrders, at: clock.now)
    }
    return JSONValue.object(answer).text
  }

  private func admit(
    _ request: Request, _ session: BinanceSession, _ countsOrders: inout Bool
  ) throws(BinanceRefusal) -> (BinanceEndpoint, BinanceParameters) {
    guard let name = Self.endpoints[request.method],
      let endpoint = BinanceEndpoint.named(name.method, name.path)
    else { throw BinanceRefusal(-1000, "Unknown method \(request.method).") }
    let parameters = BinanceParameters(request.parameters)
    try server.venue.gate.pass(endpoint.cost(parameters), at: clock.now)
    countsOrders = endpoint.countsOrders
    let login = session.login.withLock { $0 }
    switch endpoint.security {
    case .none: break
    case .key:
      guard parameters["apiKey"] != nil || login == nil else { break }
      try server.venue.authority.check(key: parameters["apiKey"])
    case .signed:
      // Who has logged on signs no more, unless with another key.
      if login != nil, parameters["signature"] == nil {
        try server.venue.authority.checkWindow(parameters, at: clock.now)
      } else {
        try check(parameters)
      }
    }
    return (endpoint, parameters)
  }

  private func check(_ parameters: BinanceParameters) throws(BinanceRefusal) {
    try server.venue.authority.check(
      key: parameters["apiKey"], parameters, signing: Array(parameters.signedText.utf8),
      at: clock.now)
  }

  // MARK: Sessions

  private func logOn(
    _ request: Request, _ session: BinanceSession
  ) throws(BinanceRefusal) -> JSONObject {
    switch request.method {
    case "session.logon":
      let parameters = BinanceParameters(request.parameters)
      try check(parameters)
      let key = try parameters.required("apiKey")
      guard server.venue.authority.isEd25519(key) else {
        throw BinanceRefusal(
          -4056, "HMAC_SHA256 API key is not supported for session.logon, use an Ed25519 key.")
      }
      session.login.withLock { $0 = BinanceSession.Login(key: key, since: clock.now) }
    case "session.logout": session.login.withLock { $0 = nil }
    default: break
    }
    let login = session.login.withLock { $0 }
    return [
      "apiKey": login.map { .string($0.key) } ?? .null,
      "authorizedSince": login.map { .integer($0.since.milliseconds) } ?? .null,
      "connectedSince": .integer(session.openedAt.milliseconds), "returnRateLimits": true,
      "serverTime": .integer(clock.now.milliseconds),
    ]
  }
}
