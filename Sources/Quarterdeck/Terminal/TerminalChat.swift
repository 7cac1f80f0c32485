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
    var numbers = ButtonNumbers<Button>()
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
    let (number, first) = state.withLock { state in
      let number = state.nextMessage
      state.nextMessage += 1
      state.forget(number - Self.remembered)
      return (number, state.remember(reply, as: number))
    }
    show(reply, firstNumber: first, isEdited: false)
    return MessageRef(chat: Self.chat, message: number)
  }

  func edit(_ message: MessageRef, to reply: Reply, lane: ChatLane) async throws(ChatError) {
    let change = state.withLock { state -> (before: Reply, first: Int)? in
      guard let before = state.shown[message.message] else { return nil }
      return (before, state.remember(reply, as: message.message))
    }
    guard let change else { throw .gone }
    if change.before != reply { show(reply, firstNumber: change.first, isEdited: true) }
  }

  func answer(tap id: String, text: String?) async throws(ChatError) {
    if let text { screen.note("       (\(text))") }
  }

  func react(to message: MessageRef, with reaction: Reaction) async throws(ChatError) {}

  func delete(_ message: MessageRef) async throws(ChatError) {
    state.withLock { $0.forget(message.message) }
  }

  func setMenu(_ entries: [MenuEntry], for chat: ChatID?) async throws(ChatError) {}

  /// What a typed line means: a number taps the button that it stands at, the rest is said. Nil when
  /// there is nothing to tell the bot.
  func update(for line: String, id: Int64) -> ChatUpdate? {
    switch TypedLine(line) {
    case .nothing: return nil
    case .text(let text): return message(text, id: id)
    case .number(let number):
      guard let place = state.withLock({ $0.numbers[number] }) else {
        screen.noteNoButton(number)
        return nil
      }
      let ref = MessageRef(chat: Self.chat, message: place.message)
      return ChatUpdate(
        id: id,
        body: .tap(
          IncomingTap(
            id: "\(id)", sender: Self.person, ref: ref, kind: .direct, data: place.button.data)))
    }
  }

  private func message(_ typed: String, id: Int64) -> ChatUpdate {
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

  private func show(_ reply: Reply, firstNumber: Int, isEdited: Bool) {
    let lines = reply.plainText.split(separator: "\n", omittingEmptySubsequences: false)
    screen.show(
      TerminalMessage(
        lines: lines.map(String.init), buttons: reply.buttons.map { $0.map(\.label) },
        firstNumber: firstNumber, isEdited: isEdited))
  }
}

extension TerminalChat.State {
  /// - Returns: The number of its first button.
  fileprivate mutating func remember(_ reply: Reply, as message: Int64) -> Int {
    shown[message] = reply
    return numbers.show(reply.buttons.flatMap { $0 }, under: message)
  }

  fileprivate mutating func forget(_ message: Int64) {
    shown[message] = nil
    numbers.forget(message)
  }
}
