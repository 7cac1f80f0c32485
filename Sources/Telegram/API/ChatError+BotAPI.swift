import Chat

extension ChatError {
  /// What a failed call means. The code comes first; texts are matched in parts and in lower case,
  /// because their wording varies.
  ///
  /// Source: the error descriptions of tdlib/telegram-bot-api.
  init(status: Int, description: String?, retryAfter: Int?, migratedTo: ChatID?) {
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
    case 429: self = .flood(retryAfterSeconds: max(1, retryAfter ?? 5))
    case 400 where says("can't parse entities"): self = .markup(text)
    case 400 where says("too long", "too_long"): self = .tooLong
    case 400
    where says(
      "message to edit not found", "message can't be edited", "message to delete not found",
      "message can't be deleted", "message_id_invalid"):
      self = .gone
    case 400 where says("chat not found", "chat_id is empty"): self = .blocked
    case 500...: self = .transient("HTTP \(status)")
    default: self = .rejected(code: status, description ?? "HTTP \(status)")
    }
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
}
