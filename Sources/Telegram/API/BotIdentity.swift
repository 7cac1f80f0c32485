import Chat
import Transport

/// The bot's own name, asked for once: commands in groups may name it.
actor BotIdentity {
  private(set) var name: String?

  /// - Returns: Whether it had to ask.
  /// - Throws: `ChatError` when Telegram can't be asked just now.
  @discardableResult
  func learn(from api: BotAPI) async throws(ChatError) -> Bool {
    if name != nil { return false }
    let user = try await api.call("getMe")
    guard let found = user["username"]?.stringValue else {
      throw .transient("getMe answered no username")
    }
    name = found
    return true
  }
}
