import TradingModel
import Transport

/// A message as it stands in a chat now.
struct StoredMessage: Sendable, Hashable {
  /// Why a message that a person sent is not their own plain word.
  enum Origin: Sendable, Hashable {
    case typed
    case forwarded(from: TelegramUser, date: Int64)
    case viaBot(TelegramUser)
    /// An administrator who hides behind the group.
    case anonymous
  }

  struct Reaction: Sendable, Hashable {
    var by: TelegramUser
    var emoji: String
  }

  var id: Int64
  var sender: TelegramUser
  /// Unix seconds.
  var date: Int64
  var editDate: Int64?
  var content: FormattedText
  var keyboard: InlineKeyboard?
  var replyTo: Int64?
  var topic: Int64?
  var isSilent = false
  var origin = Origin.typed
  var reactions: [Reaction] = []

  /// The message as bots get it.
  /// - Parameter replied: The message that it answers, shown without its own answer.
  func json(in chat: TelegramChat, replied: JSONObject? = nil) -> JSONObject {
    var json: JSONObject = ["message_id": .integer(id)]
    switch origin {
    case .anonymous:
      json["from"] = .object(Self.anonymousAdministrator.json)
      json["sender_chat"] = .object(chat.json)
    default:
      json["from"] = .object(sender.json)
    }
    json["chat"] = .object(chat.json)
    json["date"] = .integer(date)
    json["edit_date"] = editDate.map { .integer($0) }
    if let topic {
      json["message_thread_id"] = .integer(topic)
      json["is_topic_message"] = true
    }
    switch origin {
    case .forwarded(let author, let date):
      json["forward_origin"] = .object([
        "type": "user", "sender_user": .object(author.json), "date": .integer(date),
      ])
    case .viaBot(let bot): json["via_bot"] = .object(bot.json)
    case .typed, .anonymous: break
    }
    json["reply_to_message"] = replied.map { .object($0) }
    json["text"] = .string(content.text)
    if !content.entities.isEmpty {
      json["entities"] = .array(content.entities.map(\.json))
    }
    json["reply_markup"] = keyboard?.json
    return json
  }

  /// The stand-in that the real server names as the sender.
  private static let anonymousAdministrator = TelegramUser(
    id: 1_087_968_824, isBot: true, firstName: "Group", username: "GroupAnonymousBot")
}
