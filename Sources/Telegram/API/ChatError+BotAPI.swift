import Chat

extension ChatError {
  /// No wait that a server asks for is believed beyond this: then it is asked again.
  private static let longestFlood = Duration.seconds(3600)

  /// What a refusal of the Bot API means. The code comes first; texts are matched in parts and in
  /// lower case, because their wording varies.
  ///
  /// Source: the error descriptions of tdlib/telegram-bot-api.
  init(status: Int, description: String?, retryAfter: Duration?, migratedTo: ChatID?) {
    let text = (description ?? "").lowercased()
    func says(_ parts: String...) -> Bool { parts.contains { text.contains($0) } }
    if let migratedTo {
      self = .migrated(migratedTo)
      return
    }
    switch status {
    case 401: self = .unauthorised
    case 404: self = says("method not found") ? .rejected(code: 404, text) : .unauthorised
    case 403: self = .blocked
    case 409: self = .conflict(isWebhook: says("webhook is active", "setwebhook"))
    case 429: self = .flood(retryAfter)
    case 400 where says("can't parse entities"): self = .markup(text)
    case 400
    where says("message is too long", "message_too_long", "text is too long", "caption is too long"):
      self = .tooLong
    case 400
    where says(
      "message to edit not found", "message can't be edited", "message to delete not found",
      "message can't be deleted", "message_id_invalid"):
      self = .gone
    case 400
    where says(
      "chat not found", "chat_id is empty", "have no access to the user",
      "not enough rights to send", "chat_write_forbidden"):
      self = .blocked
    case 500...: self = .transient("HTTP \(status) \(text)")
    default: self = .rejected(code: status, description ?? "HTTP \(status)")
    }
  }

  /// What an answer means that is none of the Bot API's: a page of a proxy or a gateway. Only the
  /// server could say that nothing was done.
  init(gatewayStatus status: Int, retryAfter: Duration?) {
    switch status {
    case 429: self = .flood(retryAfter)
    case 200..<300, 500...: self = .ambiguous("HTTP \(status), not from the Bot API")
    default: self = .transient("HTTP \(status), not from the Bot API")
    }
  }

  private static func flood(_ wait: Duration?) -> ChatError {
    let seconds = min(max(wait ?? .seconds(5), .seconds(1)), longestFlood).components.seconds
    return .flood(retryAfterSeconds: Int(seconds))
  }

  /// The edit changed nothing: what was wanted stands there.
  var isNotModified: Bool { rejectionContains("message is not modified") }
  /// A tap that nobody waits for any more.
  var isTapTooOld: Bool { rejectionContains("query is too old", "query id is invalid") }
  var isTopicGone: Bool { rejectionContains("message thread not found") }

  private func rejectionContains(_ parts: String...) -> Bool {
    guard case .rejected(_, let text) = self else { return false }
    return parts.contains { text.lowercased().contains($0) }
  }

  /// For the log and the console.
  var reason: String {
    switch self {
    case .transient(let text), .ambiguous(let text), .markup(let text): text
    case .rejected(let code, let text): "\(code) \(text)"
    default: "\(self)"
    }
  }
}
