import Synchronization
import TestSupport
import Testing
import TradingModel

@testable import Quarterdeck

/// What a terminal printed.
private final class Paper: Sendable {
  private let lines = Mutex("")
  var text: String { lines.withLock { $0 } }
  var screen: TerminalScreen {
    TerminalScreen(usesColour: false) { text in self.lines.withLock { $0 += text } }
  }
}

struct TerminalTests {
  private let paper = Paper()
  private let chat: TerminalChat

  init() { chat = TerminalChat(screen: paper.screen, clock: ManualClock(.noon)) }

  /// - Returns: The number of the message.
  private func send(_ text: String, _ labels: String...) async throws -> Int64 {
    try await chat.send(
      .init(lines: [text], buttons: [labels.map { .init($0, data: "\(text):\($0)") }]),
      to: .init(TerminalChat.chat), replyingTo: nil, lane: .answer
    ).message
  }

  /// - Parameter data: What the buttons carry, together with their labels.
  private func edit(_ message: Int64, _ text: String, data: String, _ labels: String...)
    async throws
  {
    try await chat.edit(
      .init(chat: TerminalChat.chat, message: message),
      to: .init(lines: [text], buttons: [labels.map { .init($0, data: "\(data):\($0)") }]),
      lane: .edit)
  }

  /// What a line taps, nil when nothing.
  private func tapped(_ line: String) -> String? {
    guard case .tap(let tap)? = chat.update(for: line, id: 1)?.body else { return nil }
    return tap.data
  }

  @Test
  func `a number taps the button it stands at, whatever came below it`() async throws {
    _ = try await send("Close BTC?", "Close 100%", "Keep")
    _ = try await send("Opened SOL", "Close…", "Positions")
    #expect(paper.text.contains("1[Close 100%]  2[Keep]"))
    #expect(paper.text.contains("3[Close…]  4[Positions]"))
    #expect(tapped("1") == "Close BTC?:Close 100%")
    #expect(tapped(" 4 ") == "Opened SOL:Positions")
  }

  @Test
  func `a number whose button is gone taps nothing, and is not given again`() async throws {
    let preview = try await send("Close BTC?", "Close 100%", "Keep")
    try await edit(preview, "Not closed", data: "Not closed", "Show again")
    for line in ["1", "2", "4", "0"] { #expect(tapped(line) == nil) }
    #expect(paper.text.contains("no button has the number 1 now: nothing was tapped"))
    #expect(tapped("3") == "Not closed:Show again")
    try await chat.delete(.init(chat: TerminalChat.chat, message: preview))
    #expect(tapped("3") == nil)
    _ = try await send("Close ETH?", "Close 100%")
    #expect(tapped("3") == nil)
    #expect(tapped("4") == "Close ETH?:Close 100%")
  }

  @Test
  func `an edit that leaves the buttons alone leaves their numbers`() async throws {
    let status = try await send("a", "Refresh")
    try await edit(status, "b", data: "a", "Refresh")
    #expect(tapped("1") == "a:Refresh")
    #expect(tapped("2") == nil)
  }

  @Test
  func `buttons of long ago are let go`() {
    var numbers = ButtonNumbers<String>()
    let limit = ButtonNumbers<String>.messageLimit
    for message in 1...Int64(limit + 1) {
      #expect(numbers.show(["a"], under: message) == Int(message))
    }
    #expect(numbers[1] == nil)
    #expect(numbers[2] == .init(message: 2, button: "a"))
    #expect(numbers[limit + 1]?.message == Int64(limit + 1))
  }

  @Test
  func `everything else is said, and figures with words are words`() {
    #expect(TypedLine("  ") == .nothing)
    #expect(TypedLine("12") == .number(12))
    #expect(TypedLine("-1") == .text("-1"))
    #expect(TypedLine(" /close  btc ") == .text("/close btc"))
    #expect(TypedLine("99999999999999999999999") == .text("99999999999999999999999"))
    #expect(chat.update(for: "", id: 1) == nil)
    guard case .message(let message)? = chat.update(for: "/close btc", id: 2)?.body else {
      Issue.record("a command is a message")
      return
    }
    #expect(message.command == "close" && message.arguments == "btc")
  }

  @Test
  func `the demo says whose parameters it trades with`() {
    let own = DemoCommand.parametersNote(config: nil)
    #expect(own.contains("BTC, ETH, SOL, XRP, DOGE") && own.contains("not config/"))
    #expect(own.contains("0.3 % off the VWAP, stop 3 %, target 2 %, margin 3 % at 5x"))
    #expect(DemoCommand.parametersNote(config: "mine").contains("the parameters of mine"))
  }
}
