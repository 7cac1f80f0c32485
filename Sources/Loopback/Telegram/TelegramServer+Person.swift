import TradingModel
import Transport

/// Why a person could not do something on the phone.
public struct PersonError: Error, Hashable, Sendable {
  public let reason: String
}

/// A button, as a person would name it.
public enum ButtonChoice: Sendable, Hashable {
  case label(String)
  case data(String)
  /// From 0, row by row.
  case index(Int)
}

/// What persons do, in the process or by the control interface. Each call is one thumb on one phone.
extension TelegramServer {
  /// Makes a person known, or changes name and language of one who is.
  public func introduce(_ person: TelegramUser) {
    persons[person.id] = person
    if var room = rooms[person.id] {
      room.chat.title = person.firstName
      room.chat.username = person.username
      rooms[person.id] = room
    }
  }

  /// Makes a group that the bot is a member of. Its messages reach the bot as privacy mode says:
  /// commands, mentions and answers to it.
  public func makeGroup(_ chat: TelegramChat) {
    guard rooms[chat.id] == nil else { return }
    rooms[chat.id] = ChatRoom(chat)
    changes.bump()
  }

  /// Types a text. A private chat comes to be with the first one.
  /// - Returns: The id of the message.
  @discardableResult
  public func say(
    _ text: String, from user: Int64, in chat: Int64? = nil, replyingTo: Int64? = nil,
    topic: Int64? = nil
  ) throws(PersonError) -> Int64 {
    try add(text, from: user, in: chat, origin: .typed, replyingTo: replyingTo, topic: topic)
  }

  /// Forwards a text that somebody else wrote.
  @discardableResult
  public func forward(
    _ text: String, by author: TelegramUser, from user: Int64, in chat: Int64? = nil
  ) throws(PersonError) -> Int64 {
    let origin = StoredMessage.Origin.forwarded(from: author, date: clock.now.seconds - 60)
    return try add(text, from: user, in: chat, origin: origin)
  }

  /// Writes as the group itself, which administrators may.
  @discardableResult
  public func sayAnonymously(
    _ text: String, from user: Int64, in group: Int64
  ) throws(PersonError) -> Int64 {
    try add(text, from: user, in: group, origin: .anonymous)
  }

  /// Writes through another bot's inline mode.
  @discardableResult
  public func say(
    _ text: String, from user: Int64, in chat: Int64? = nil, viaBot other: TelegramUser
  ) throws(PersonError) -> Int64 {
    try add(text, from: user, in: chat, origin: .viaBot(other))
  }

  /// Changes a message of one's own.
  public func edit(
    _ message: Int64, to text: String, by user: Int64, in chat: Int64? = nil
  ) throws(PersonError) {
    var (room, edited) = try find(message, in: chat ?? user)
    guard edited.sender.id == user else { throw PersonError(reason: "not a message of \(user)") }
    edited.content = Self.content(text)
    edited.editDate = clock.now.seconds
    room[message] = edited
    rooms[room.chat.id] = room
    changes.bump()
    if isSeenByBot(edited, in: room) { post(.editedMessage, json(of: edited, in: room)) }
  }

  /// Taps a button under a message of the bot.
  /// - Returns: The id of the callback query.
  @discardableResult
  public func tap(
    _ choice: ButtonChoice, on message: Int64, by user: Int64, in chat: Int64? = nil
  ) throws(PersonError) -> String {
    let (room, tapped) = try find(message, in: chat ?? user)
    let buttons = tapped.keyboard?.buttons ?? []
    let button =
      switch choice {
      case .label(let label): buttons.first { $0.label == label }
      case .data(let data): buttons.first { $0.callbackData == data }
      case .index(let index): buttons.indices.contains(index) ? buttons[index] : nil
      }
    guard let button else {
      let labels = buttons.map { "[\($0.label)]" }.joined(separator: " ")
      throw PersonError(reason: "no such button under message \(message); there are: \(labels)")
    }
    guard let data = button.callbackData else {
      throw PersonError(reason: "[\(button.label)] calls no bot: it is a \(button.action) button")
    }
    return press(data, on: tapped, in: room, by: person(user))
  }

  /// Puts a reaction under a message, or takes it away with nil.
  public func react(
    _ emoji: String?, to message: Int64, by user: Int64, in chat: Int64? = nil
  ) throws(PersonError) {
    var (room, target) = try find(message, in: chat ?? user)
    let person = person(user)
    let old = target.reactions.filter { $0.by.id == user }
    target.reactions.removeAll { $0.by.id == user }
    if let emoji { target.reactions.append(.init(by: person, emoji: emoji)) }
    room[message] = target
    rooms[room.chat.id] = room
    changes.bump()
    let new = target.reactions.filter { $0.by.id == user }
    post(
      .messageReaction,
      [
        "chat": .object(room.chat.json), "message_id": .integer(message),
        "user": .object(person.json), "date": .integer(clock.now.seconds),
        "old_reaction": Self.json(of: old), "new_reaction": Self.json(of: new),
      ])
  }

  /// Deletes a message for both sides. The bot is not told.
  public func remove(_ message: Int64, in chat: Int64) throws(PersonError) {
    var (room, _) = try find(message, in: chat)
    room[message] = nil
    rooms[chat] = room
    changes.bump()
  }

  /// Blocks the bot or throws it out of a group, and lets it in again.
  public func admit(_ admits: Bool, in chat: Int64, by user: Int64) throws(PersonError) {
    guard var room = rooms[chat] else { throw PersonError(reason: "there is no chat \(chat)") }
    guard room.chat.admitsBot != admits else { return }
    room.chat.admitsBot = admits
    rooms[chat] = room
    changes.bump()
    post(
      .myChatMember,
      [
        "chat": .object(room.chat.json), "from": .object(person(user).json),
        "date": .integer(clock.now.seconds), "old_chat_member": membership(!admits),
        "new_chat_member": membership(admits),
      ])
  }

  /// Turns a group into a supergroup with a new id.
  public func migrate(_ group: Int64, to supergroup: Int64) throws(PersonError) {
    guard var room = rooms[group], room.chat.kind == .group else {
      throw PersonError(reason: "there is no basic group \(group)")
    }
    room.chat.migratedTo = supergroup
    rooms[group] = room
    makeGroup(TelegramChat(id: supergroup, kind: .supergroup, title: room.chat.title))
    lastMessageID += 1
    let head: JSONObject = ["message_id": .integer(lastMessageID), "from": .object(bot.json)]
    var old = head
    old["chat"] = .object(room.chat.json)
    old["date"] = .integer(clock.now.seconds)
    old["migrate_to_chat_id"] = .integer(supergroup)
    post(.message, old)
    var new = head
    new["chat"] = rooms[supergroup].map { .object($0.chat.json) }
    new["date"] = .integer(clock.now.seconds)
    new["migrate_from_chat_id"] = .integer(group)
    post(.message, new)
  }
}
