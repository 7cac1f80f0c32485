import Loopback
import ServiceLifecycle
import Synchronization
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

  /// Taps the button of that label, if it still stands there.
  /// - Returns: Whether it did.
  func tap(_ label: String, under message: Int64) async -> Bool {
    do throws(PersonError) {
      try await phone.tap(.label(label), on: message, by: Self.user.id)
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
final class TerminalPerson: Service {
  private let person: DemoPerson
  private let screen: TerminalScreen
  private let numbers = Mutex(ButtonNumbers<String>())

  init(person: DemoPerson, screen: TerminalScreen) {
    self.person = person
    self.screen = screen
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        group.addTask { await self.show() }
        for await line in Keyboard.lines() { await self.type(line) }
        group.cancelAll()
      }
    }
  }

  private func type(_ line: String) async {
    switch TypedLine(line) {
    case .nothing: break
    case .text(let text): await person.say(text)
    case .number(let number):
      let place = numbers.withLock { $0[number] }
      if let place, await person.tap(place.button, under: place.message) { return }
      screen.noteNoButton(number)
    }
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
        guard message.isFromBot else { continue }
        let first = numbers.withLock {
          $0.show(message.buttons.flatMap { $0 }, under: message.id)
        }
        screen.show(TerminalMessage(message, firstNumber: first))
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
  init(_ message: PhoneMessage, firstNumber: Int) {
    self.init(
      lines: message.text.split(separator: "\n", omittingEmptySubsequences: false)
        .map(String.init),
      buttons: message.buttons, firstNumber: firstNumber, isEdited: message.isEdited,
      isOwn: !message.isFromBot)
  }
}
