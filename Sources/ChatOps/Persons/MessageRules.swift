import Chat

/// Which messages can command at all, whoever sent them.
enum MessageRules {
  enum Verdict: Sendable, Hashable {
    case command
    /// Edited, forwarded, via another bot, anonymous, from a channel.
    case tainted(IncomingMessage.Taint)
    case fromChannel
    /// In a group, without this bot's name behind the command.
    case notAddressed
    case foreignGroup
  }

  static func judge(_ message: IncomingMessage, groups: Set<ChatID>) -> Verdict {
    if let taint = message.taints.first { return .tainted(taint) }
    switch message.kind {
    case .direct: return message.sender == nil ? .tainted(.anonymousOrChannel) : .command
    case .channel: return .fromChannel
    case .group:
      guard groups.contains(message.ref.chat) else { return .foreignGroup }
      guard message.sender != nil else { return .tainted(.anonymousOrChannel) }
      let first = message.text.prefix { !$0.isWhitespace }
      return first.contains("@") ? .command : .notAddressed
    }
  }
}
