import Synchronization

@testable import Transport

/// Answers requests with what a test has laid ready, by method and path, in order; keeps the requests.
/// A path for which nothing is laid ready can't be reached.
final class ScriptedHTTP: HTTPClient {
  typealias Answer = Result<HTTPResponse, HTTPError>

  private struct State {
    var answers: [String: [Answer]] = [:]
    var requests: [HTTPRequest] = []
  }

  private let state = Mutex(State())

  var requests: [HTTPRequest] { state.withLock { $0.requests } }

  /// `POST /fapi/v1/order symbol=BTCUSDT&side=BUY…`, without time, window and signature.
  var lines: [String] { requests.map(\.line) }

  func on(_ call: String, _ answers: Answer...) {
    state.withLock { $0.answers[call, default: []] += answers }
  }

  func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
    let call = "\(request.method.rawValue) \(request.path)"
    let answer: Answer? = state.withLock { state in
      state.requests.append(request)
      guard var rest = state.answers[call], let first = rest.first else { return nil }
      // The last answer stands for all that follow.
      if rest.count > 1 { rest.removeFirst() }
      state.answers[call] = rest
      return first
    }
    guard let answer else { throw .connect("nothing is laid ready for \(call)") }
    return try answer.get()
  }
}

extension Result where Success == HTTPResponse, Failure == HTTPError {
  static func json(_ text: String, status: Int = 200, headers: HeaderFields = [:]) -> Result {
    .success(HTTPResponse(status: status, headers: headers, body: Array(text.utf8)))
  }

  static func refused(_ code: Int, _ reason: String = "", status: Int = 400) -> Result {
    json(#"{"code":\#(code),"msg":"\#(reason)"}"#, status: status)
  }
}

extension HTTPRequest {
  var path: String { String(url.target.prefix { $0 != "?" }) }
  /// The query, or the form in the body.
  var form: String {
    body.map { String(decoding: $0, as: UTF8.self) }
      ?? String(url.target.drop { $0 != "?" }.dropFirst())
  }

  var line: String {
    let fields = form.split(separator: "&").filter { field in
      !["recvWindow=", "timestamp=", "signature="].contains { field.hasPrefix($0) }
    }
    let text = fields.joined(separator: "&")
    return "\(method.rawValue) \(path)\(text.isEmpty ? "" : " " + text)"
  }
}
