import Chat
import Transport

extension ChatUpdate {
  /// Reads one update. What can't be read is an ignored update, so that it is confirmed and does
  /// not come for ever; nil only when it has no id.
  ///
  /// Source: https://core.telegram.org/bots/api#update
  ///
  /// - Parameter botName: The bot's own user name: `/status@name` counts only for it.
  init?(_ value: JSONValue, botName: String?) {
    guard let id = value.int64("update_id"), (0..<Int64.max).contains(id) else { return nil }
    self.init(id: id, body: Self.body(of: value, botName: botName))
  }

  private static func body(of value: JSONValue, botName: String?) -> Body {
    if let message = value["message"] {
      return Self.message(message, botName: botName, extra: []) ?? .ignored(kind: "message")
    }
    if let message = value["edited_message"] {
      return Self.message(message, botName: botName, extra: [.edited])
        ?? .ignored(kind: "edited_message")
    }
    if let post = value["channel_post"] {
      return Self.message(post, botName: botName, extra: [.anonymousOrChannel])
        ?? .ignored(kind: "channel_post")
    }
    if let tap = value["callback_query"] {
      return Self.tap(tap) ?? .ignored(kind: "callback_query")
    }
    if let member = value["my_chat_member"] {
      return membership(member) ?? .ignored(kind: "my_chat_member")
    }
    guard case .object(let fields) = value else { return .ignored(kind: "unreadable") }
    return .ignored(kind: fields.keys.first { $0 != "update_id" } ?? "nothing")
  }

  private static func message(
    _ value: JSONValue, botName: String?, extra: [IncomingMessage.Taint]
  ) -> Body? {
    guard let chat = value["chat"]?.int64("id"), let number = value.int64("message_id"),
      let date = value.int64("date")
    else { return nil }
    if let newChat = value.int64("migrate_to_chat_id") {
      return .migrated(from: ChatID(chat), to: ChatID(newChat))
    }
    let text = value["text"]?.stringValue
    let command = text.flatMap { BotCommand(in: $0, message: value, botName: botName) }
    return .message(
      IncomingMessage(
        ref: MessageRef(chat: ChatID(chat), message: number),
        topic: topic(of: value),
        kind: ChatKind(telegram: value["chat"]?["type"]?.stringValue),
        sender: value["from"].flatMap(Sender.init), sentAt: date, text: text ?? "",
        command: command?.name, arguments: command?.arguments ?? "",
        taints: extra + taints(of: value)))
  }

  /// Threads of answers have a number, too, but are no place to write to.
  private static func topic(of message: JSONValue) -> Int64? {
    message["is_topic_message"] == .bool(true) ? message.int64("message_thread_id") : nil
  }

  private static func taints(of message: JSONValue) -> [IncomingMessage.Taint] {
    var taints: [IncomingMessage.Taint] = []
    if message["forward_origin"] != nil || message["forward_date"] != nil {
      taints.append(.forwarded)
    }
    if message["via_bot"] != nil { taints.append(.viaBot) }
    if message["sender_chat"] != nil || message["from"] == nil {
      taints.append(.anonymousOrChannel)
    }
    if message["from"]?["is_bot"] == .bool(true) { taints.append(.fromBot) }
    if message["text"] == nil { taints.append(.notText) }
    return taints
  }

  private static func tap(_ value: JSONValue) -> Body? {
    guard let id = value["id"]?.stringValue, let sender = value["from"].flatMap(Sender.init),
      let data = value["data"]?.stringValue
    else { return nil }
    let message = value["message"]
    let chat = message?["chat"]?.int64("id")
    let number = message?.int64("message_id")
    var ref: MessageRef?
    if let chat, let number { ref = MessageRef(chat: ChatID(chat), message: number) }
    return .tap(
      IncomingTap(
        id: id, sender: sender, ref: ref, topic: message.flatMap(topic),
        kind: ChatKind(telegram: message?["chat"]?["type"]?.stringValue), data: data))
  }

  private static func membership(_ value: JSONValue) -> Body? {
    guard let chat = value["chat"]?.int64("id"),
      let status = value["new_chat_member"]?["status"]?.stringValue
    else { return nil }
    return .membership(ChatID(chat), canWrite: status != "kicked" && status != "left")
  }
}

extension Sender {
  init?(_ value: JSONValue) {
    guard let id = value.int64("id") else { return nil }
    self.init(
      id: PersonID(id), name: value["first_name"]?.stringValue ?? "",
      languageCode: value["language_code"]?.stringValue)
  }
}

extension ChatKind {
  init(telegram type: String?) {
    switch type {
    case "private": self = .direct
    case "channel": self = .channel
    default: self = .group
    }
  }
}

extension JSONValue {
  /// A whole number, up to 64 bits; nil for anything else.
  func int64(_ key: String) -> Int64? {
    guard case .number(let text)? = self[key] else { return nil }
    return Int64(text)
  }
}
