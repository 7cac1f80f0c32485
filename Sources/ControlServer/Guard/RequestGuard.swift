import HTTPTypes
import Hummingbird

/// What a request must be before anything is done for it: meant for this server, not sent by a web
/// page, and with the token where one is set.
struct RequestGuard: Sendable {
  let token: ControlToken?
  /// A name that the server goes by besides addresses: the configured host.
  let host: String

  enum Refusal: String, Sendable, CaseIterable {
    case host, origin, token
    case contentType = "content_type"
    case tooLarge = "too_large"
    case process
    case body, path

    var status: HTTPResponse.Status {
      switch self {
      case .host, .origin: .forbidden
      case .token: .unauthorized
      case .contentType: .unsupportedMediaType
      case .tooLarge: .contentTooLarge
      case .body: .badRequest
      case .path: .notFound
      case .process: .misdirectedRequest
      }
    }

    /// For the caller: what is wrong.
    var words: String {
      switch self {
      case .host: "Host must be this machine by address or localhost"
      case .origin: "web pages may not call this server"
      case .token: "send the token: Authorization: Bearer …"
      case .contentType: "a body must come as application/json"
      case .tooLarge: "a body may have 4096 bytes"
      case .body: "the body is not understood"
      case .process: "another process is meant"
      case .path:
        "POST /panic, POST /panic/reset, GET /panic/status, GET /healthz and GET /metrics are all there is"
      }
    }
  }

  /// The first thing wrong with the request's head; nil when it may go on.
  func refusal(of request: Request) -> Refusal? {
    guard isForUs(request) else { return .host }
    guard !comesFromAPage(request) else { return .origin }
    if let token, !isShown(token, by: request) { return .token }
    return nil
  }

  /// A page whose name was pointed at this machine (DNS rebinding) still sends its own name: an
  /// address in numbers can't be such a name.
  private func isForUs(_ request: Request) -> Bool {
    // The first one is the authority; a second one has no business here.
    guard let authority = request.head.authority, let other = HTTPField.Name("Host"),
      request.headers[values: other].isEmpty
    else { return false }
    let name = Self.name(in: authority).lowercased()
    return PeerAddress(name) != nil || PeerAddress.isLocalName(name) || name == host.lowercased()
  }

  /// `[::1]:8787`, `127.0.0.1:8787`, `localhost`.
  private static func name(in authority: String) -> Substring {
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      return authority[authority.index(after: authority.startIndex)..<end]
    }
    return authority.prefix { $0 != ":" }
  }

  /// Browsers name the page that a request comes from; no other client does.
  private func comesFromAPage(_ request: Request) -> Bool {
    if request.headers.contains(.origin) { return true }
    guard let name = HTTPField.Name("Sec-Fetch-Site") else { return true }
    // `none`: a person typed the address or opened a bookmark.
    return request.headers[values: name].contains { $0 != "none" }
  }

  private func isShown(_ token: ControlToken, by request: Request) -> Bool {
    let scheme = "bearer "
    guard let shown = request.headers[.authorization],
      shown.lowercased().hasPrefix(scheme)
    else { return false }
    return token.admits(shown.dropFirst(scheme.count))
  }
}
