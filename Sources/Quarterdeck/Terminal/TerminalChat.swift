import Chat
import Synchronization
import TradingModel

/// The chat at the console: the same catalogue of commands without a phone. One person, one chat.
final class TerminalChat: ChatPort {
  /// The person at the keyboard.
  static let person = Sender(id: PersonID(1), name: "you")
  static let chat = ChatID(1)

  fileprivate struct State {
    var nextMessage: Int64 = 1
    var shown: [Int64: Reply] = [:]
    /// The newest message with buttons: digits tap these.
    var tappable: (message: Int64, buttons: [Button])?
  }

  private let screen: TerminalScreen
  private let clock: any WallClock
  private let state = Mutex(State())
  private static let remembered: Int64 = 500

  init(screen: TerminalScreen, clock: any WallClock) {
    self.screen = screen
    self.clock = clock
  }

  func send(
    _ reply: Reply, to address: ChatAddress, replyingTo: MessageRef?, lane: ChatLane
  ) async throws(ChatError) -> MessageRef {
    let number = state.withLock { state in
      let number = state.nextMessage
      state.nextMessage += 1
      state.remember(reply, as: number)
      state.shown[number - Self.remembered] = nil
      return number
    }
    show(reply, isEdited: false)
    return MessageRef(chat: Self.chat, message: number)
  }

  func edit(_ message: MessageRef, to reply: Reply, lane: ChatLane) async throws(ChatError) {
    let before = state.withLock { state in
      let before = state.shown[message.message]
      if before != nil { state.remember(reply, as: message.message) }
      return before
    }
    guard let before else { throw .gone }
    if before != reply { show(reply, isEdited: true) }
  }

  func answer(tap id: String, text: String?) async throws(ChatError) {
    if let text { screen.note("       (\(text))") }
  }

  func react(to message: MessageRef, with reaction: Reaction) async throws(ChatError) {}

  func delete(_ message: MessageRef) async throws(ChatError) {
    state.withLock { $0.shown[message.message] = nil }
  }

  func setMenu(_ entries: [MenuEntry], for chat: ChatID?) async throws(ChatError) {}

  /// What a typed line means: a digit taps a button of the newest message, the rest is said.
  func update(for line: String, id: Int64) -> ChatUpdate {
    let typed = line.trimming
    let tapped = state.withLock { state -> (Int64, Button)? in
      guard let number = Int(typed), let tappable = state.tappable,
        tappable.buttons.indices.contains(number - 1)
      else { return nil }
      return (tappable.message, tappable.buttons[number - 1])
    }
    if let (message, button) = tapped {
      return ChatUpdate(
        id: id,
        body: .tap(
          IncomingTap(
            id: "\(id)", sender: Self.person, ref: MessageRef(chat: Self.chat, message: message),
            kind: .direct, data: button.data)))
    }
    let words = typed.split(separator: " ", maxSplits: 1)
    let isCommand = typed.hasPrefix("/") && typed.count > 1
    return ChatUpdate(
      id: id,
      body: .message(
        IncomingMessage(
          ref: MessageRef(chat: Self.chat, message: -id), kind: .direct, sender: Self.person,
          sentAt: clock.now.seconds, text: typed,
          command: isCommand ? words[0].dropFirst().lowercased() : nil,
          arguments: isCommand && words.count > 1 ? String(words[1]) : "")))
  }

  private func show(_ reply: Reply, isEdited: Bool) {
    let lines = reply.plainText.split(separator: "\n", omittingEmptySubsequences: false)
    screen.show(
      TerminalMessage(
        lines: lines.map(String.init), buttons: reply.buttons.map { $0.map(\.label) },
        isEdited: isEdited))
  }
}

extension TerminalChat.State {
  fileprivate mutating func remember(_ reply: Reply, as number: Int64) {
    shown[number] = reply
    let buttons = reply.buttons.flatMap { $0 }
    if !buttons.isEmpty {
      tappable = (number, buttons)
    } else if tappable?.message == number {
      tappable = nil
    }
  }
}

extension StringProtocol {
  /// Without blanks at both ends.
  fileprivate var trimming: String {
    var text = drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return String(text)
  }
}
