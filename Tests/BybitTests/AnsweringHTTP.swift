import Synchronization

@testable import Transport

/// Answers each request as a test says, where its caller runs and after others had their turn, and
/// keeps them in their order.
final class AnsweringHTTP: HTTPClient {
  typealias Answer = @Sendable (HTTPRequest) -> Result<HTTPResponse, HTTPError>

  private let turns: Int
  private let answer: Answer
  private let state = Mutex<[HTTPRequest]>([])

  /// - Parameter turns: How many others have before it answers.
  init(after turns: Int = 0, _ answer: @escaping Answer) {
    self.turns = turns
    self.answer = answer
  }

  var requests: [HTTPRequest] { state.withLock { $0 } }

  nonisolated(nonsending)
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
  {
    state.withLock { $0.append(request) }
    for _ in 0..<turns { await Task.yield() }
    return try answer(request).get()
  }
}
