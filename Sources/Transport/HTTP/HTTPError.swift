/// Why there is no answer, or none that counts. No case holds a URL, a header or a secret.
public enum HTTPError: Error, Hashable, Sendable {
  /// It cannot be sent as it stands: a programmer or the settings got it wrong.
  case invalidRequest(String)
  /// Too many requests are under way already. Nothing was sent.
  case busy(limit: Int)
  /// No connection. Nothing was sent.
  case connect(String)
  /// The other side could not prove who it is, or does not speak TLS. Nothing was sent.
  case tls(String)
  case timedOut(bodySent: Bool)
  /// The connection ended before the answer did.
  case broken(bodySent: Bool, String)
  case tooLarge(limitBytes: Int)
  /// A status that is not 200 to 299; the body's beginning, secrets blotted out.
  case status(Int, retryAfter: Duration?, body: String)
  /// The task was cancelled, or the client shut down.
  case cancelled(bodySent: Bool)

  /// Whether the server may have done what it was asked to: the request went out whole, and the
  /// answer does not deny it.
  public var mayHaveBeenCarriedOut: Bool {
    switch self {
    case .invalidRequest, .busy, .connect, .tls: false
    case .timedOut(let bodySent), .broken(let bodySent, _), .cancelled(let bodySent): bodySent
    case .tooLarge: true
    case .status(let code, _, _): code >= 500
    }
  }
}

extension HTTPError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .invalidRequest(let reason): "the request cannot be sent: \(reason)"
    case .busy(let limit): "\(limit) requests are under way already"
    case .connect(let reason): "no connection: \(reason)"
    case .tls(let reason): "no secure connection: \(reason)"
    case .timedOut(let sent): "no answer in time, request \(sent ? "" : "not ")sent"
    case .broken(let sent, let reason):
      "connection broken, request \(sent ? "" : "not ")sent: \(reason)"
    case .tooLarge(let limit): "an answer of more than \(limit) bytes"
    case .status(let code, _, let body): "HTTP \(code)\(body.isEmpty ? "" : ": \(body)")"
    case .cancelled: "cancelled"
    }
  }
}
