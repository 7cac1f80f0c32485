import TradingModel

/// A chat with what stands in it.
struct ChatRoom: Sendable {
  static let maximumMessages = 5_000

  var chat: TelegramChat
  /// By id, oldest first; deleted ones are gone.
  private(set) var messages: [StoredMessage] = []
  /// Only supergroups count their messages by themselves.
  private var ownLastID: Int64 = 0

  init(_ chat: TelegramChat) { self.chat = chat }

  subscript(id: Int64) -> StoredMessage? {
    get { index(of: id).map { messages[$0] } }
    set {
      switch (index(of: id), newValue) {
      case (let index?, let message?): messages[index] = message
      case (let index?, nil): messages.remove(at: index)
      case (nil, let message?): append(message)
      case (nil, nil): break
      }
    }
  }

  /// The id of the next message.
  /// - Parameter shared: The counter of all private chats and basic groups.
  mutating func nextID(_ shared: inout Int64) -> Int64 {
    if chat.kind == .supergroup {
      ownLastID += 1
      return ownLastID
    }
    shared += 1
    return shared
  }

  private mutating func append(_ message: StoredMessage) {
    messages.append(message)
    if messages.count > Self.maximumMessages { messages.removeFirst(Self.maximumMessages / 10) }
  }

  private func index(of id: Int64) -> Int? { messages.lastIndex { $0.id == id } }
}
