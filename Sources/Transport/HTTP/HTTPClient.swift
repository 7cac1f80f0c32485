/// Sends one request and gives the whole answer, whatever its status.
public protocol HTTPClient: Sendable {
  /// - Throws: `HTTPError`; `.status` only from `HTTPResponse.checked()`.
  func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}
