import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1)))
struct SplitHTTPClientTests {
  private struct Answering: HTTPClient {
    let status: Int
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
      HTTPResponse(status: status)
    }
  }

  @Test(arguments: [
    (HTTPRequest.Method.get, 1), (.post, 2), (.put, 2), (.delete, 2),
  ])
  func `only readings go the way of readings`(
    method: HTTPRequest.Method, status: Int
  ) async throws {
    let client = SplitHTTPClient(readings: Answering(status: 1), changes: Answering(status: 2))
    let request = HTTPRequest(method, try RequestURL("https://venue.test"))
    #expect(try await client.send(request).status == status)
  }
}
