import Loopback
import TradingModel

// What Ana does and sees.
extension Stage {
  /// Types a text.
  /// - Returns: The id of the message: answers have greater ones.
  @discardableResult
  func say(_ text: String) async throws -> Int64 {
    try await world.telegram.say(text, from: Self.ana.id)
  }

  /// Pairs with the code on the console, and lets the bot trade: live and unpaired it is paused.
  ///
  /// - Parameter resuming: Nothing stricter stands that would refuse it.
  func pair(with bot: BotProcess, resuming: Bool = true) async throws {
    let message = try await say("/pair \(try await bot.pairingCode())")
    let welcome = try await waitForText("Welcome, Ana", after: message)
    guard welcome.text.contains("nobody was paired") else {
      throw Unseen(what: "the pause in \(welcome.text)", limit: .zero)
    }
    guard resuming else { return }
    try await waitForText("resumed", in: try await ask("/resume", thenTap: "Resume"))
  }

  /// The messages of the bot as they stand.
  func messages(to person: TelegramUser = ana, after id: Int64 = 0) async -> [PhoneMessage] {
    let phone = await world.telegram.phone(chat: person.id)
    return phone.chats.flatMap(\.messages).filter { $0.isFromBot && $0.id > id }
  }

  /// The first message of the bot that holds the text, whether it came so or was edited.
  @discardableResult
  func waitForText(
    _ text: String, after id: Int64 = 0, within limit: Duration = .seconds(15)
  ) async throws -> PhoneMessage {
    try await eventually("\"\(text)\" on the phone", on: world.telegram.changes, within: limit) {
      await messages(after: id).first { $0.text.contains(text) }
    }
  }

  /// The message of that id, once it holds the text.
  @discardableResult
  func waitForText(
    _ text: String, in id: Int64, of person: TelegramUser = ana,
    within limit: Duration = .seconds(15)
  ) async throws -> PhoneMessage {
    try await eventually("\"\(text)\" in #\(id)", on: world.telegram.changes, within: limit) {
      await messages(to: person).first { $0.id == id && $0.text.contains(text) }
    }
  }

  /// Types a command and waits for the answer to it.
  @discardableResult
  func ask(_ text: String) async throws -> PhoneMessage {
    let own = try await say(text)
    return try await eventually(
      "an answer to \(text)", on: world.telegram.changes, within: .seconds(15)
    ) {
      await messages(after: own).first { $0.replyTo == own }
    }
  }

  /// Asks for the state until it is that one, once in a second of the market.
  func waitForState(_ word: String, within limit: Duration = .seconds(15)) async throws {
    try await eventually("the state \(word)", on: account.beats, within: limit) {
      guard account.beats.revision % 10 == 0 else { return Bool?.none }
      return try await ask("/status").text.contains(word) ? true : nil
    }
  }

  /// Types a command and taps the button of its answer that begins so.
  /// - Returns: The answer's id.
  @discardableResult
  func ask(_ text: String, thenTap label: String) async throws -> Int64 {
    let answer = try await ask(text)
    try await tap(label, on: answer)
    return answer.id
  }

  /// Taps the button that begins so.
  func tap(_ label: String, on message: PhoneMessage, by person: TelegramUser = ana) async throws {
    let index = message.buttons.flatMap { $0 }.firstIndex { $0.hasPrefix(label) }
    guard let index else { throw Unseen(what: "[\(label)…] under \(message.text)", limit: .zero) }
    try await world.telegram.tap(.index(index), on: message.id, by: person.id)
  }
}
