import TradingModel
import Transport

extension TelegramServer {
  static let deletableFor = Duration.hours(48)

  func sendMessage(_ parameters: RequestParameters) throws(TelegramRefusal) -> JSONValue {
    var room = try writableRoom(parameters)
    let content = try MessageText.read(parameters, isEdit: false)
    let keyboard = try InlineKeyboard.read(parameters["reply_markup"])
    let replyTo = try replyTarget(parameters, in: room)
    let topic = parameters.integer("message_thread_id")
    if topic != nil, room.chat.kind != .supergroup { throw .badRequest("message thread not found") }
    try checkPace(of: room.chat)

    let message = StoredMessage(
      id: room.nextID(&lastMessageID), sender: bot, date: clock.now.seconds, content: content,
      keyboard: keyboard, replyTo: replyTo, topic: topic,
      isSilent: parameters.flag("disable_notification"))
    room[message.id] = message
    return show(message, in: room)
  }

  func editMessageText(_ parameters: RequestParameters) throws(TelegramRefusal) -> JSONValue {
    var (room, message) = try editableMessage(parameters)
    let content = try MessageText.read(parameters, isEdit: true)
    let keyboard = try InlineKeyboard.read(parameters["reply_markup"])
    guard content != message.content || keyboard != message.keyboard else { throw .notModified }
    try checkPace(of: room.chat)
    message.content = content
    message.keyboard = keyboard
    message.editDate = clock.now.seconds
    room[message.id] = message
    return show(message, in: room)
  }

  func editMessageReplyMarkup(_ parameters: RequestParameters) throws(TelegramRefusal) -> JSONValue
  {
    var (room, message) = try editableMessage(parameters)
    let keyboard = try InlineKeyboard.read(parameters["reply_markup"])
    guard keyboard != message.keyboard else { throw .notModified }
    try checkPace(of: room.chat)
    message.keyboard = keyboard
    message.editDate = clock.now.seconds
    room[message.id] = message
    return show(message, in: room)
  }

  func deleteMessage(_ parameters: RequestParameters) throws(TelegramRefusal) -> JSONValue {
    var room = try room(parameters)
    guard let message = room[try messageID(parameters)] else {
      throw .badRequest("message to delete not found")
    }
    let isOwn = message.sender.id == bot.id
    let age = clock.now - Timestamp(seconds: message.date)
    guard age < Self.deletableFor, isOwn || room.chat.isDirect else {
      throw .badRequest("message can't be deleted for everyone")
    }
    room[message.id] = nil
    rooms[room.chat.id] = room
    changes.bump()
    return true
  }

  // MARK: What the calls share

  func room(_ parameters: RequestParameters) throws(TelegramRefusal) -> ChatRoom {
    guard let text = parameters["chat_id"] else { throw .badRequest("chat_id is empty") }
    guard let id = Int64(text), let room = rooms[id] else { throw .chatNotFound }
    if let supergroup = room.chat.migratedTo {
      throw .badRequest(
        "group chat was upgraded to a supergroup chat",
        parameters: ["migrate_to_chat_id": .integer(supergroup)])
    }
    return room
  }

  func writableRoom(_ parameters: RequestParameters) throws(TelegramRefusal) -> ChatRoom {
    let room = try room(parameters)
    guard room.chat.admitsBot else {
      throw .forbidden(
        room.chat.isDirect
          ? "bot was blocked by the user"
          : "bot was kicked from the \(room.chat.kind.rawValue) chat")
    }
    return room
  }

  func messageID(_ parameters: RequestParameters) throws(TelegramRefusal) -> Int64 {
    guard let id = parameters.integer("message_id"), id > 0 else {
      throw .badRequest("message identifier is not specified")
    }
    return id
  }

  /// The message as the bot gets it back.
  func json(of message: StoredMessage, in room: ChatRoom) -> JSONObject {
    message.json(
      in: room.chat, replied: message.replyTo.flatMap { room[$0] }.map { $0.json(in: room.chat) })
  }

  private func show(_ message: StoredMessage, in room: ChatRoom) -> JSONValue {
    rooms[room.chat.id] = room
    changes.bump()
    return .object(json(of: message, in: room))
  }

  private func editableMessage(
    _ parameters: RequestParameters
  ) throws(TelegramRefusal) -> (ChatRoom, StoredMessage) {
    let room = try writableRoom(parameters)
    guard let message = room[try messageID(parameters)] else {
      throw .badRequest("message to edit not found")
    }
    guard message.sender.id == bot.id else { throw .badRequest("message can't be edited") }
    return (room, message)
  }

  /// `reply_parameters`, or the older `reply_to_message_id`.
  private func replyTarget(
    _ parameters: RequestParameters, in room: ChatRoom
  ) throws(TelegramRefusal) -> Int64? {
    var target = parameters.integer("reply_to_message_id")
    var mayMiss = parameters.flag("allow_sending_without_reply")
    if let text = parameters["reply_parameters"] {
      guard let json = try? JSONValue(parsing: text) else {
        throw .badRequest("can't parse reply parameters JSON object")
      }
      guard let id = try? json.integer("message_id") else {
        throw .badRequest("can't parse reply parameters: Can't find field \"message_id\"")
      }
      target = id
      mayMiss = json["allow_sending_without_reply"] == .bool(true)
    }
    guard let target else { return nil }
    if room[target] != nil { return target }
    guard mayMiss else { throw .badRequest("message to be replied not found") }
    return nil
  }

  private func checkPace(of chat: TelegramChat) throws(TelegramRefusal) {
    if let seconds = floodGate.take(chat: chat, now: clock.now) {
      throw .tooManyRequests(retryAfter: seconds)
    }
  }
}
