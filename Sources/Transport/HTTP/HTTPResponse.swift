/// What a server answered, whole.
public struct HTTPResponse: Sendable {
  public var status: Int
  public var headers: HeaderFields
  public var body: [UInt8]
  /// Knows the secrets of the request's URL, which an error page may repeat.
  private let redactor: Redactor

  public init(status: Int, headers: HeaderFields = [:], body: [UInt8] = []) {
    self.init(status: status, headers: headers, body: body, secrets: [])
  }

  init(status: Int, headers: HeaderFields, body: [UInt8], secrets: [Secret]) {
    self.status = status
    self.headers = headers
    self.body = body
    redactor = Redactor(secrets)
  }

  /// How long the server wants to be left alone: `Retry-After` in seconds; nil for a date.
  public var retryAfter: Duration? {
    guard let text = headers["Retry-After"], let seconds = Int64(text), seconds >= 0 else {
      return nil
    }
    return .seconds(min(seconds, 86_400))
  }

  /// This response, when its status is 200 to 299.
  /// - Throws: `HTTPError.status`.
  public func checked() throws(HTTPError) -> HTTPResponse {
    guard (200..<300).contains(status) else {
      throw .status(status, retryAfter: retryAfter, body: bodyPrefix)
    }
    return self
  }

  /// The body as JSON, whatever the status; characters that are no Unicode become U+FFFD.
  /// - Throws: `JSONError`: gateways answer in HTML.
  public func json() throws(JSONError) -> JSONValue { try JSONValue(repairing: body) }

  /// The first 300 bytes of the body as one line of text, secrets blotted out.
  public var bodyPrefix: String {
    // Blotted first: a secret may lie across the cut.
    let text = redactor.redact(String(decoding: body.prefix(4096), as: UTF8.self))
    let line = text.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) }
    return String(String(line).prefix(300))
  }
}
