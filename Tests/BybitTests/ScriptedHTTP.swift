import Synchronization

@testable import Transport

/// Answers requests with what a test has laid ready, one after the other, and keeps them.
final class ScriptedHTTP: HTTPClient {
  private struct State {
    var answers: [Result<HTTPResponse, HTTPError>] = []
    var requests: [HTTPRequest] = []
  }

  private let state = Mutex(State())

  init(_ answers: Result<HTTPResponse, HTTPError>...) { state.withLock { $0.answers = answers } }

  var requests: [HTTPRequest] { state.withLock { $0.requests } }

  func add(_ answer: Result<HTTPResponse, HTTPError>) {
    state.withLock { $0.answers.append(answer) }
  }

  func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
    let answer: Result<HTTPResponse, HTTPError>? = state.withLock { state in
      state.requests.append(request)
      return state.answers.isEmpty ? nil : state.answers.removeFirst()
    }
    guard let answer else { throw .connect("the script has ended") }
    return try answer.get()
  }
}

extension Result where Success == HTTPResponse, Failure == HTTPError {
  static func status(
    _ status: Int, _ body: String = "", headers: HeaderFields = [:]
  ) -> Result {
    .success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
  }

  /// An envelope as Bybit writes it.
  static func code(
    _ code: Int, _ reason: String = "", result: JSONValue = [:], headers: HeaderFields = [:]
  ) -> Result {
    let envelope: JSONValue = [
      "retCode": .integer(code), "retMsg": .string(reason), "result": result, "retExtInfo": [:],
      "time": 1_795_176_000_000,
    ]
    return status(200, envelope.text, headers: headers)
  }

  static func page(_ rows: [JSONValue], next cursor: String = "") -> Result {
    code(0, "OK", result: ["list": .array(rows), "nextPageCursor": .string(cursor)])
  }
}

extension HTTPRequest {
  /// Path and query as they go out.
  var target: String { url.target }
  /// What follows the question mark.
  var query: String { String(target.drop { $0 != "?" }.dropFirst()) }
  var text: String { String(decoding: body ?? [], as: UTF8.self) }
}
