/// Why the chat service did not take something, told by what to do next.
public enum ChatError: Error, Hashable, Sendable {
  /// Too much at once: not before this many seconds.
  case flood(retryAfterSeconds: Int)
  /// The chat has a new number: send there.
  case migrated(ChatID)
  /// The chat can't be reached until the person writes again.
  case blocked
  case unauthorised
  /// Another poller, or a webhook, has the token.
  case conflict(isWebhook: Bool)
  /// The markup was not understood.
  case markup(String)
  /// The message is gone or too old to be edited.
  case gone
  case tooLong
  /// Not delivered for certain; may be tried again.
  case transient(String)
  /// It may have been delivered, and may not.
  case ambiguous(String)
  case rejected(code: Int, String)
}

/// In which order messages leave when there are many.
public enum ChatLane: Int, Sendable, Hashable, Codable, Comparable, CaseIterable {
  case tapAnswer = 1
  case urgent = 2
  case answer = 3
  case important = 4
  case edit = 5
  case news = 6
  case picture = 7

  public static func < (left: ChatLane, right: ChatLane) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// A chat service: sends, edits, answers. Queueing, pace and repeats are its business.
public protocol ChatPort: Sendable {
  func send(
    _ reply: Reply, to address: ChatAddress, replyingTo: MessageRef?, lane: ChatLane
  ) async throws(ChatError) -> MessageRef

  /// An edit to what stands there already is success.
  func edit(_ message: MessageRef, to reply: Reply, lane: ChatLane) async throws(ChatError)

  /// Stops the spinner on a tapped button, with a short text or without.
  func answer(tap id: String, text: String?) async throws(ChatError)

  func react(to message: MessageRef, with reaction: Reaction) async throws(ChatError)

  func delete(_ message: MessageRef) async throws(ChatError)

  /// The menu of commands for everyone, or for one chat.
  func setMenu(_ entries: [MenuEntry], for chat: ChatID?) async throws(ChatError)
}
