import Chat
import Transport

/// Calls methods of the Bot API and tells their failures by what to do next. The token lives here and
/// in no text that leaves here.
///
/// Source: https://core.telegram.org/bots/api#making-requests
struct BotAPI: Sendable {
  private let http: any HTTPClient
  private let base: RequestURL
  private let settings: TelegramSettings
  /// Servers repeat in an error what they were asked.
  private let redactor: Redactor

  /// - Throws: `InvalidURL` when the base address is none.
  init(http: any HTTPClient, token: Secret, settings: TelegramSettings) throws(InvalidURL) {
    self.http = http
    self.settings = settings
    redactor = Redactor([token])
    base = try RequestURL(settings.baseURL).appending(prefix: "bot", secret: token)
  }

  /// One call; the result of the envelope.
  /// - Throws: `ChatError`, `.ambiguous` where the server may have done it all the same.
  func call(_ method: String, _ parameters: JSONObject = [:]) async throws(ChatError) -> JSONValue {
    try await exchange(method, parameters) { request in
      request.totalTimeout = settings.callTimeout
    }
  }

  /// A long poll: on a connection of its own, so that nothing waits behind it. Without an answer
  /// the connection is given up, and the next poll makes a new one.
  func poll(_ parameters: JSONObject, waiting: Duration) async throws(ChatError) -> JSONValue {
    try await exchange("getUpdates", parameters) { request in
      request.connection = .own("poll")
      request.totalTimeout = waiting + settings.pollGrace
    }
  }

  private func exchange(
    _ method: String, _ parameters: JSONObject, adjust: (inout HTTPRequest) -> Void
  ) async throws(ChatError) -> JSONValue {
    var request = HTTPRequest.json(.object(parameters), to: base.appending(path: "/\(method)"))
    request.connectTimeout = settings.connectTimeout
    adjust(&request)
    let response: HTTPResponse
    do throws(HTTPError) {
      response = try await http.send(request)
    } catch {
      throw error.mayHaveBeenCarriedOut ? .ambiguous("\(error)") : .transient("\(error)")
    }
    return try result(of: response)
  }

  private func result(of response: HTTPResponse) throws(ChatError) -> JSONValue {
    let envelope: JSONValue?
    do { envelope = try response.json() } catch { envelope = nil }
    guard let envelope, case .bool(let isDone)? = envelope["ok"] else {
      throw ChatError(gatewayStatus: response.status, retryAfter: response.retryAfter)
    }
    guard isDone else {
      throw ChatError(
        status: response.status,
        description: envelope["description"]?.stringValue.map(redactor.redact),
        retryAfter: wait(in: envelope) ?? response.retryAfter,
        migratedTo: envelope["parameters"]?.int64("migrate_to_chat_id").map(ChatID.init))
    }
    guard let result = envelope["result"] else { throw .ambiguous("an answer without a result") }
    return result
  }

  private func wait(in envelope: JSONValue) -> Duration? {
    envelope["parameters"]?.int64("retry_after").map { .seconds($0) }
  }
}
