import TradingModel
import Transport

/// From a thumb to an update.
extension TelegramServer {
  func person(_ id: Int64) -> TelegramUser {
    if let known = persons[id] { return known }
    let newcomer = TelegramUser(id: id, firstName: "User \(id)", languageCode: "en")
    persons[id] = newcomer
    return newcomer
  }

  func find(_ message: Int64, in chat: Int64) throws(PersonError) -> (ChatRoom, StoredMessage) {
    guard let room = rooms[chat] else { throw PersonError(reason: "there is no chat \(chat)") }
    guard let found = room[message] else {
      throw PersonError(reason: "there is no message \(message) in chat \(chat)")
    }
    return (room, found)
  }

  func add(
    _ text: String, from user: Int64, in chat: Int64?, origin: StoredMessage.Origin,
    replyingTo: Int64? = nil, topic: Int64? = nil
  ) throws(PersonError) -> Int64 {
    let content = Self.content(text)
    guard !content.text.isEmpty else { throw PersonError(reason: "the text is empty") }
    guard content.length <= MessageText.maximumCodePoints else {
      throw PersonError(reason: "the text is longer than \(MessageText.maximumCodePoints)")
    }
    let person = person(user)
    var room = try room(for: person, chat ?? user)
    let message = StoredMessage(
      id: room.nextID(&lastMessageID), sender: person, date: clock.now.seconds, content: content,
      replyTo: replyingTo, topic: topic, origin: origin)
    room[message.id] = message
    rooms[room.chat.id] = room
    transcript.note("* \(person.firstName) (\(user)) says \(content.text)", service: name)
    changes.bump()
    if isSeenByBot(message, in: room) { post(.message, json(of: message, in: room)) }
    return message.id
  }

  func press(
    _ data: String, on message: StoredMessage, in room: ChatRoom, by person: TelegramUser
  ) -> String {
    lastTapID += 1
    let tap = PendingTap(
      id: String(lastTapID), person: person, chat: room.chat.id, at: clock.now)
    taps.append(tap)
    if taps.count > Self.maximumTaps { taps.removeFirst(Self.maximumTaps / 10) }
    transcript.note(
      "* \(person.firstName) (\(person.id)) taps \(data) on \(message.id)", service: name)
    post(
      .callbackQuery,
      [
        "id": .string(tap.id), "from": .object(person.json),
        "message": .object(json(of: message, in: room)),
        "chat_instance": .string(String(room.chat.id &* 2_654_435_761)), "data": .string(data),
      ])
    return tap.id
  }

  /// Privacy mode: in groups only commands, mentions and answers to the bot reach it.
  func isSeenByBot(_ message: StoredMessage, in room: ChatRoom) -> Bool {
    guard room.chat.admitsBot else { return false }
    if room.chat.isDirect { return true }
    let text = message.content.text
    return text.hasPrefix("/")
      || text.lowercased().contains("@\(settings.botUsername.lowercased())")
      || message.replyTo.flatMap { room[$0] }?.sender.id == bot.id
  }

  func membership(_ isMember: Bool) -> JSONValue {
    var json: JSONObject = [
      "user": .object(bot.json), "status": .string(isMember ? "member" : "kicked"),
    ]
    if !isMember { json["until_date"] = 0 }
    return .object(json)
  }

  static func content(_ text: String) -> FormattedText {
    var content = FormattedText(text: text).trimmed
    content.entities = EntityScanner(content.text).entities()
    return content
  }

  static func json(of reactions: [StoredMessage.Reaction]) -> JSONValue {
    .array(reactions.map { ["type": "emoji", "emoji": .string($0.emoji)] })
  }

  private func room(for person: TelegramUser, _ chat: Int64) throws(PersonError) -> ChatRoom {
    if let room = rooms[chat] { return room }
    guard chat == person.id else { throw PersonError(reason: "there is no chat \(chat)") }
    return ChatRoom(
      TelegramChat(
        id: chat, kind: .direct, title: person.firstName, username: person.username))
  }
}
