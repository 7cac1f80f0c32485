import TradingModel
import Transport

/// A tapped button whose spinner turns until the bot answers.
struct PendingTap: Sendable {
  var id: String
  var person: TelegramUser
  var chat: Int64
  var at: Timestamp
}

extension TelegramServer {
  static let maximumTaps = 1_000
  static let maximumToastCodePoints = 200

  /// Source: Bot API, ReactionTypeEmoji.
  static let reactionEmoji: Set<String> = [
    "❤", "👍", "👎", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱", "🤬", "😢", "🎉", "🤩", "🤮", "💩", "🙏",
    "👌", "🕊", "🤡", "🥱", "🥴", "😍", "🐳", "❤‍🔥", "🌚", "🌭", "💯", "🤣", "⚡", "🍌", "🏆", "💔",
    "🤨", "😐", "🍓", "🍾", "💋", "🖕", "😈", "😴", "😭", "🤓", "👻", "👨‍💻", "👀", "🎃", "🙈", "😇",
    "😨", "🤝", "✍", "🤗", "🫡", "🎅", "🎄", "☃", "💅", "🤪", "🗿", "🆒", "💘", "🙉", "🦄", "😘", "💊",
    "🙊", "😎", "👾", "🤷‍♂", "🤷", "🤷‍♀", "😡",
  ]

  func answerCallbackQuery(_ parameters: RequestParameters) throws(TelegramRefusal) -> JSONValue {
    let id = parameters["callback_query_id"] ?? ""
    guard let index = taps.firstIndex(where: { $0.id == id }),
      clock.now - taps[index].at <= settings.tapPatience
    else { throw .queryTooOld }
    let text = parameters["text"] ?? ""
    guard text.unicodeScalars.count <= Self.maximumToastCodePoints else {
      throw .badRequest("MESSAGE_TOO_LONG")
    }
    let tap = taps.remove(at: index)
    addToast(
      PhoneToast(
        tap: id, chat: tap.chat, person: tap.person.id, text: text,
        isAlert: parameters.flag("show_alert")))
    return true
  }

  func setMessageReaction(_ parameters: RequestParameters) throws(TelegramRefusal) -> JSONValue {
    var room = try writableRoom(parameters)
    guard var message = room[try messageID(parameters)] else {
      throw .badRequest("message to react not found")
    }
    var emoji: [String] = []
    if let text = parameters["reaction"] {
      guard case .array(let list)? = try? JSONValue(parsing: text) else {
        throw .badRequest("can't parse reaction types JSON object")
      }
      for reaction in list {
        guard reaction["type"] == "emoji", let sign = reaction["emoji"]?.stringValue,
          Self.reactionEmoji.contains(sign)
        else { throw .badRequest("REACTION_INVALID") }
        emoji.append(sign)
      }
    }
    guard emoji.count <= 1 else { throw .badRequest("REACTIONS_TOO_MANY") }
    message.reactions.removeAll { $0.by.id == bot.id }
    message.reactions += emoji.map { StoredMessage.Reaction(by: bot, emoji: $0) }
    room[message.id] = message
    rooms[room.chat.id] = room
    changes.bump()
    return true
  }

  func sendChatAction(_ parameters: RequestParameters) throws(TelegramRefusal) -> JSONValue {
    _ = try writableRoom(parameters)
    let actions = [
      "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
      "upload_document", "choose_sticker", "find_location", "record_video_note",
      "upload_video_note",
    ]
    guard actions.contains(parameters["action"]?.lowercased() ?? "") else {
      throw .badRequest("wrong parameter action in request")
    }
    return true
  }

  func setMyCommands(_ parameters: RequestParameters) throws(TelegramRefusal) -> JSONValue {
    try menus.set(parameters)
    changes.bump()
    return true
  }

  func deleteMyCommands(_ parameters: RequestParameters) throws(TelegramRefusal) -> JSONValue {
    try menus.delete(parameters)
    changes.bump()
    return true
  }

  private func addToast(_ toast: PhoneToast) {
    toasts.append(toast)
    if toasts.count > Self.maximumTaps { toasts.removeFirst(Self.maximumTaps / 10) }
    changes.bump()
  }
}
