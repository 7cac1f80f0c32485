/// One HTTP request with its limits. It prints as method and redacted URL, never headers or body.
public struct HTTPRequest: Sendable {
  public enum Method: String, Sendable, Hashable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"

    /// Whether libcurl may repeat it by itself when a kept connection turns out to be dead.
    var isSafe: Bool { self == .get }
  }

  public var method: Method
  public var url: RequestURL
  public var headers: HeaderFields
  public var body: [UInt8]?
  public var connection: HTTPConnection
  /// Name lookup, connection and TLS together.
  public var connectTimeout: Duration
  /// From the call to the last byte of the answer.
  public var totalTimeout: Duration
  public var maxResponseBytes: Int

  public init(
    _ method: Method = .get, _ url: RequestURL, headers: HeaderFields = [:],
    body: [UInt8]? = nil, connection: HTTPConnection = .shared,
    connectTimeout: Duration = .seconds(5), totalTimeout: Duration = .seconds(10),
    maxResponseBytes: Int = 16 << 20
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.connection = connection
    self.connectTimeout = connectTimeout
    self.totalTimeout = totalTimeout
    self.maxResponseBytes = maxResponseBytes
  }

  /// A POST of JSON.
  public static func json(_ body: JSONValue, to url: RequestURL) -> HTTPRequest {
    HTTPRequest(.post, url, headers: ["Content-Type": "application/json"], body: body.bytes)
  }
}

/// Which connections a request may use.
public enum HTTPConnection: Sendable, Hashable {
  /// The pool that all other requests use.
  case shared
  /// A pool and a thread of that name alone, so that nothing waits behind a long poll.
  case own(String)
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "\(method.rawValue) \(url)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}
