import Chat
import Transport

/// The bot's own name, asked for once: commands in groups may name it.
actor BotIdentity {
  private(set) var name: String?

  /// - Throws: `ChatError` when Telegram can't be asked just now.
  func learn(from api: BotAPI) async throws(ChatError) {
    if name != nil { return }
    let user = try await api.call("getMe")
    guard let found = user["username"]?.stringValue else {
      throw .transient("getMe answered no username")
    }
    name = found
  }
}
