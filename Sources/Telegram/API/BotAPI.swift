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

  /// - Throws: `InvalidURL` when the base address is none.
  init(http: any HTTPClient, token: Secret, settings: TelegramSettings) throws(InvalidURL) {
    self.http = http
    self.settings = settings
    base = try RequestURL(settings.baseURL).appending(prefix: "bot", secret: token)
  }

  /// One call; the result of the envelope.
  /// - Throws: `ChatError`, `.ambiguous` where the server may have done it all the same.
  func call(_ method: String, _ parameters: JSONObject = [:]) async throws(ChatError) -> JSONValue {
    try await exchange(method, parameters) { request in
      request.totalTimeout = settings.callTimeout
    }
  }

  /// A long poll: on a connection of its own, so that nothing waits behind it.
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

  /// The status is read before the body: gateways in front answer in HTML.
  private func result(of response: HTTPResponse) throws(ChatError) -> JSONValue {
    let envelope: JSONValue?
    do { envelope = try response.json() } catch { envelope = nil }
    if response.status == 200, let result = envelope?["result"], envelope?["ok"] == .bool(true) {
      return result
    }
    throw ChatError(
      status: response.status, description: envelope?["description"]?.stringValue,
      retryAfter: retryAfter(envelope, response), migratedTo: migratedTo(envelope))
  }

  private func retryAfter(_ envelope: JSONValue?, _ response: HTTPResponse) -> Int? {
    if let seconds = number(envelope, "retry_after") { return Int(clamping: seconds) }
    return response.retryAfter.map { Int(clamping: $0.components.seconds) }
  }

  private func migratedTo(_ envelope: JSONValue?) -> ChatID? {
    number(envelope, "migrate_to_chat_id").map(ChatID.init)
  }

  private func number(_ envelope: JSONValue?, _ key: String) -> Int64? {
    guard case .number(let text)? = envelope?["parameters"]?[key] else { return nil }
    return Int64(text)
  }
}
