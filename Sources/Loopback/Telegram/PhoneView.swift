import Transport

/// What stands on the phone: the chats as a person sees them, marks stripped.
public struct PhoneView: Sendable, Hashable {
  /// Counts up with every change.
  public var revision: Int
  public var chats: [PhoneChat]
  /// Answers to taps, oldest first.
  public var toasts: [PhoneToast]
}

public struct PhoneChat: Sendable, Hashable {
  public var id: Int64
  public var title: String
  public var kind: TelegramChat.Kind
  /// The menu of commands that the chat shows: name and description.
  public var menu: [PhoneMenuEntry]
  public var messages: [PhoneMessage]
}

public struct PhoneMenuEntry: Sendable, Hashable {
  public var name: String
  public var summary: String
}

public struct PhoneMessage: Sendable, Hashable {
  public var id: Int64
  public var sender: String
  public var isFromBot: Bool
  /// Unix seconds.
  public var date: Int64
  public var text: String
  public var isEdited: Bool
  public var isSilent: Bool
  public var replyTo: Int64?
  public var topic: Int64?
  /// Labels, row by row.
  public var buttons: [[String]]
  public var reactions: [String]
}

/// The short text that a tap was answered with; empty when only the spinner stopped.
public struct PhoneToast: Sendable, Hashable {
  public var tap: String
  public var chat: Int64
  public var person: Int64
  public var text: String
  public var isAlert: Bool
}

extension TelegramServer {
  /// - Parameter chat: Nil for all chats, by id.
  public func phone(chat: Int64? = nil) -> PhoneView {
    let shown = rooms.values.filter { chat == nil || $0.chat.id == chat }
      .sorted { $0.chat.id < $1.chat.id }
    return PhoneView(
      revision: changes.revision, chats: shown.map(phoneChat),
      toasts: toasts.filter { chat == nil || $0.chat == chat })
  }

  private func phoneChat(_ room: ChatRoom) -> PhoneChat {
    let owner = persons[room.chat.id] ?? TelegramUser(id: room.chat.id, firstName: "")
    return PhoneChat(
      id: room.chat.id, title: room.chat.title, kind: room.chat.kind,
      menu: menus.shown(in: room.chat, to: owner).map { entry in
        PhoneMenuEntry(
          name: entry["command"]?.stringValue ?? "",
          summary: entry["description"]?.stringValue ?? "")
      },
      messages: room.messages.map { message in
        PhoneMessage(
          id: message.id, sender: message.sender.firstName,
          isFromBot: message.sender.id == bot.id, date: message.date, text: message.content.text,
          isEdited: message.editDate != nil, isSilent: message.isSilent, replyTo: message.replyTo,
          topic: message.topic, buttons: message.keyboard?.rows.map { $0.map(\.label) } ?? [],
          reactions: message.reactions.map(\.emoji))
      })
  }
}
