/// Sends one request and gives the whole answer, whatever its status.
public protocol HTTPClient: Sendable {
  /// Runs where its caller does: from an actor on an event loop nothing changes threads on the way.
  /// - Throws: `HTTPError`; `.status` only from `HTTPResponse.checked()`.
  nonisolated(nonsending)
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}
