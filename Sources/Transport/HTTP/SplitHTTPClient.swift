/// Readings go one way, what changes something another: so that an order never waits behind a long
/// list, nor is sent by a thread that is busy with one.
public struct SplitHTTPClient: HTTPClient {
  private let readings: any HTTPClient
  private let changes: any HTTPClient

  /// - Parameters:
  ///   - readings: Takes every GET.
  ///   - changes: Takes all else.
  public init(readings: any HTTPClient, changes: any HTTPClient) {
    self.readings = readings
    self.changes = changes
  }

  nonisolated(nonsending)
    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
  {
    try await (request.method.isSafe ? readings : changes).send(request)
  }
}
