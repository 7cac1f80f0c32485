import Transport

/// A call that is answered with `ok: false`, in the server's own words.
///
/// Source: tdlib/telegram-bot-api, `Client.cpp`.
struct TelegramRefusal: Error, Hashable {
  var code: Int
  var description: String
  var parameters: JSONObject?

  init(_ code: Int, _ description: String, parameters: JSONObject? = nil) {
    self.code = code
    self.description = description
    self.parameters = parameters
  }

  /// 400; the first letter is lowered unless the second is a capital too (`MESSAGE_TOO_LONG`).
  static func badRequest(_ reason: String, parameters: JSONObject? = nil) -> TelegramRefusal {
    let isCode = reason.dropFirst().first?.isUppercase ?? false
    let text = isCode ? reason : reason.prefix(1).lowercased() + reason.dropFirst()
    return TelegramRefusal(400, "Bad Request: " + text, parameters: parameters)
  }

  static func forbidden(_ reason: String) -> TelegramRefusal {
    TelegramRefusal(403, "Forbidden: " + reason)
  }

  /// - Parameter seconds: Nil for the rare answer that does not say how long.
  static func tooManyRequests(retryAfter seconds: Int?) -> TelegramRefusal {
    guard let seconds else { return TelegramRefusal(429, "Too Many Requests") }
    return TelegramRefusal(
      429, "Too Many Requests: retry after \(seconds)",
      parameters: ["retry_after": .integer(seconds)])
  }

  static func conflict(_ reason: String) -> TelegramRefusal {
    TelegramRefusal(409, "Conflict: " + reason)
  }

  static let unauthorized = TelegramRefusal(401, "Unauthorized")
  static let notFound = TelegramRefusal(404, "Not Found")
  static let methodNotFound = TelegramRefusal(404, "Not Found: method not found")

  static let webhookActive = conflict(
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook"
      + " first")
  static let displaced = conflict(
    "terminated by other getUpdates request; make sure that only one bot instance is running")
  static let webhookSet = conflict("terminated by setWebhook request")

  static let chatNotFound = badRequest("chat not found")
  static let messageEmpty = badRequest("message text is empty")
  static let notModified = badRequest(
    "message is not modified: specified new message content and reply markup are exactly the same"
      + " as a current content and reply markup of the message")
  static let queryTooOld = badRequest(
    "query is too old and response timeout expired or query ID is invalid")
}

extension TelegramRefusal {
  /// The envelope: status and `error_code` agree, and a 429 repeats its delay as a header.
  var response: ServerResponse {
    var json: JSONObject = [
      "ok": false, "error_code": .integer(code), "description": .string(description),
    ]
    json["parameters"] = parameters.map { .object($0) }
    var response = ServerResponse.telegram(json, status: code)
    if let seconds = parameters?["retry_after"] {
      response.headers.append(.init(name: "Retry-After", value: seconds.text))
    }
    return response
  }
}

extension ServerResponse {
  static func telegram(_ json: JSONObject, status: Int = 200) -> ServerResponse {
    ServerResponse(
      status: status, headers: [.init(name: "Content-Type", value: "application/json")],
      body: JSONValue.object(json).bytes)
  }
}
