import Loopback
import ServiceLifecycle
import TradingModel

/// The person of the demo: a thumb on the loopback phone, driven by the keyboard or by a script.
struct DemoPerson: Sendable {
  static let user = TelegramUser(id: 1_000_001, firstName: "Ana")

  let phone: TelegramServer
  let clock: any WallClock

  /// - Returns: The id of the message; nil when it could not be sent.
  @discardableResult
  func say(_ text: String) async -> Int64? {
    do throws(PersonError) {
      return try await phone.say(text, from: Self.user.id)
    } catch {
      Console.note("(\(error.reason))")
      return nil
    }
  }

  /// The newest message with buttons; a digit taps one of these.
  func tap(_ choice: ButtonChoice) async -> Bool {
    let messages = await phone.phone(chat: Self.user.id).chats.first?.messages ?? []
    guard let message = messages.last(where: { !$0.buttons.isEmpty && $0.isFromBot }) else {
      return false
    }
    do throws(PersonError) {
      try await phone.tap(choice, on: message.id, by: Self.user.id)
      return true
    } catch {
      return false
    }
  }

  /// Taps the first button of the answer to a message, as soon as it is there.
  func confirm(_ request: Int64, within wait: Duration) async {
    let deadline = clock.now + wait
    while clock.now < deadline, !Task.isCancelled {
      let view = await phone.phone(chat: Self.user.id)
      let answer = view.chats.first?.messages.first { $0.replyTo == request && $0.isFromBot }
      if let answer {
        guard !answer.buttons.isEmpty else { return }
        do throws(PersonError) {
          try await phone.tap(.index(0), on: answer.id, by: Self.user.id)
        } catch {
          Console.note("(\(error.reason))")
        }
        return
      }
      await phone.changes.wait(past: view.revision, until: deadline, on: clock)
    }
  }

  /// Waits until the newest messages hold a text; false at the deadline.
  func sees(_ text: String, within wait: Duration) async -> Bool {
    let deadline = clock.now + wait
    while true {
      let view = await phone.phone(chat: Self.user.id)
      if view.chats.first?.messages.suffix(8).contains(where: { $0.text.contains(text) }) == true {
        return true
      }
      guard clock.now < deadline, !Task.isCancelled else { return false }
      await phone.changes.wait(past: view.revision, until: deadline, on: clock)
    }
  }
}

/// Shows on the terminal what stands on the phone, and takes what is typed.
struct TerminalPerson: Service {
  let person: DemoPerson
  let screen: TerminalScreen

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        group.addTask { await show() }
        for await line in Keyboard.lines() { await type(line) }
        group.cancelAll()
      }
    }
  }

  private func type(_ line: String) async {
    let typed = line.trimmingCharacters(in: .whitespaces)
    if typed.isEmpty { return }
    if let number = Int(typed), number > 0, await person.tap(.index(number - 1)) { return }
    await person.say(typed)
  }

  /// Prints every new or changed message once, and every toast.
  private func show() async {
    var shown: [Int64: PhoneMessage] = [:]
    var toasts: Set<String> = []
    while !Task.isCancelled {
      let view = await person.phone.phone(chat: DemoPerson.user.id)
      for message in view.chats.first?.messages ?? [] {
        let before = shown[message.id]
        guard before?.text != message.text || before?.buttons != message.buttons else { continue }
        shown[message.id] = message
        if message.isFromBot { screen.show(TerminalMessage(message)) }
      }
      for toast in view.toasts where !toast.text.isEmpty && toasts.insert(toast.tap).inserted {
        screen.note("       (\(toast.text))")
      }
      await person.phone.changes.wait(
        past: view.revision, until: person.clock.now + .seconds(60), on: person.clock)
    }
  }
}

extension TerminalMessage {
  init(_ message: PhoneMessage) {
    self.init(
      lines: message.text.split(separator: "\n", omittingEmptySubsequences: false)
        .map(String.init),
      buttons: message.buttons, isEdited: message.isEdited, isOwn: !message.isFromBot)
  }
}
