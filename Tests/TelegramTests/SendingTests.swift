import Chat
import Loopback
import Telegram
import TestSupport
import Testing
import TradingModel
import Transport

@Suite(.timeLimit(.minutes(1)))
struct SendingTests {
  /// Texts that were never meant as marks.
  private static let hostile = [
    "<b>bold?</b> & <script>", "a < b && c > d", "&amp;lt;", "</pre></b></i>", "<", "&", ">",
    "&#0;&#x110000;&unknown;", "\"'`*_[]()~#+-=|{}.!", "<tg-time unix=\"1\">", "🟩<👩‍👩‍👧‍👦>&",
    "tab\tand\u{1}control", "مرحبا <يا> عالم", "]]><!-- -->", "\\u003cb\\u003e",
  ]

  @Test(arguments: hostile)
  func `any text arrives as it is, whatever it looks like`(text: String) async throws {
    try await Wire.open { wire in
      _ = try await wire.send(
        Reply([
          .line(Line([.plain("a "), .plain(text), .plain(" b")])),
          .line(Line([.bold(text), .italic(text), .code(text)])), .gap,
          .table(["| \(text) |", "| 2 |"]),
          .line(Line([.time(1_795_176_000, fallback: text)])),
        ]))
      // Control characters are shown as blanks by the server.
      let shown = text.replacing("\t", with: " ").replacing("\u{1}", with: " ")
      #expect(
        await wire.written().map(\.text) == [
          "a \(shown) b\n\(shown)\(shown)\(shown)\n\n| \(shown) |\n| 2 |\n\(shown)"
        ])
      #expect(wire.calls(of: "sendMessage") == 1)
    }
  }

  @Test func `a long reply arrives whole in messages that the server takes`() async throws {
    let rows = (1...400).map { "row \($0) \(String(repeating: "🟩", count: $0 % 20)) end" }
    let word = String(repeating: "w", count: 9000)
    try await Wire.open { wire in
      let last = try await wire.send(
        Reply(
          [.line(Line("Title")), .table(rows), .line(Line(word)), .line(Line("Done"))],
          buttons: [[Button("OK", data: "ok")]]))
      let messages = await wire.written()
      #expect(messages.count == wire.calls(of: "sendMessage"))
      #expect(messages.last?.id == last.message)
      #expect(messages.map(\.buttons).filter { !$0.isEmpty } == [[["OK"]]])
      #expect(messages.last?.buttons == [["OK"]])
      let lines = messages.flatMap { $0.text.split(separator: "\n") }.map(String.init)
      #expect(lines.filter { $0.hasPrefix("row") } == rows)
      #expect(lines.filter { $0.hasPrefix("w") }.joined() == word)
      #expect(lines.first == "Title")
      #expect(lines.last == "Done")
    }
  }

  @Test func `marks that take too much room are given up`() async throws {
    // 3600 visible characters, but more bytes of marks than the server reads.
    let spans = (0..<3600).map { Span.bold($0 % 2 == 0 ? "&" : "x") }
    try await Wire.open { wire in
      _ = try await wire.send(Reply([.line(Line(spans))]))
      #expect(await wire.written().map(\.text) == [String(repeating: "&x", count: 1800)])
      #expect(wire.calls(of: "sendMessage") == 2)
    }
  }

  @Test func `marks that are not understood are given up`() async throws {
    try await Wire.open { wire in
      let refusal: JSONObject = [
        "description": "Bad Request: can't parse entities: Unexpected end tag at byte offset 7"
      ]
      wire.fault("refuse", refusal, at: "sendMessage")
      let message = try await wire.send(Reply([.line(.bold("a <b>"))]))
      wire.fault("refuse", refusal, at: "editMessageText")
      try await wire.service.chat.edit(
        message, to: Reply([.line(.bold("c <d>"))]), lane: .edit)
      #expect(await wire.written().map(\.text) == ["c <d>"])
      #expect(
        wire.transcript.lines().filter { $0.text.contains("parse_mode") }.count == 2)
      #expect(wire.log.warnings.contains { $0.contains("can't parse entities") })
    }
  }

  @Test func `silence, topic and the message answered to are passed on`() async throws {
    try await Wire.open { wire in
      await wire.telegram.makeGroup(
        TelegramChat(id: -1_000_000_000_009, kind: .supergroup, title: "Desk"))
      let group = ChatID(-1_000_000_000_009)
      let asked = try await wire.telegram.say(
        "/status@quarterdeck_loopback_bot", from: Wire.ana, in: group.number, topic: 7)
      _ = try await wire.service.chat.send(
        Reply(lines: ["Fine."], isSilent: true), to: ChatAddress(group, topic: 7),
        replyingTo: MessageRef(chat: group, message: asked), lane: .answer)
      let answer = await wire.telegram.phone(chat: group.number).chats[0].messages.last
      #expect(answer?.isSilent == true)
      #expect(answer?.topic == 7)
      #expect(answer?.replyTo == asked)
    }
  }

  @Test func `a message that is gone is no reason not to answer`() async throws {
    try await Wire.open { wire in
      let asked = try await wire.telegram.say("/pair 1", from: Wire.ana)
      let question = MessageRef(chat: Wire.chat, message: asked)
      try await wire.service.chat.delete(question)
      try await wire.service.chat.delete(question)
      _ = try await wire.service.chat.send(
        Reply(lines: ["Paired."]), to: ChatAddress(Wire.chat), replyingTo: question, lane: .answer)
      #expect(await wire.written().map(\.text) == ["Paired."])
    }
  }

  @Test func `a topic that is gone gives way to the chat itself`() async throws {
    try await Wire.open { wire in
      _ = try await wire.send(Reply(lines: ["x"]), topic: 12)
      #expect(await wire.written().map(\.topic) == [nil])
    }
  }

  @Test func `a group with a new number is written to there`() async throws {
    try await Wire.open { wire in
      await wire.telegram.makeGroup(TelegramChat(id: -7, kind: .group, title: "Desk"))
      try await wire.telegram.migrate(-7, to: -1_000_000_000_007)
      let message = try await wire.send(Reply(lines: ["moved"]), to: ChatID(-7))
      #expect(message.chat == ChatID(-1_000_000_000_007))
    }
  }

  @Test func `an edit that changes nothing, or comes to nothing, says so`() async throws {
    try await Wire.open { wire in
      let message = try await wire.send(Reply(lines: ["one"]))
      try await wire.service.chat.edit(message, to: Reply(lines: ["one"]), lane: .edit)
      let buttons = [[Button("Go", data: "go", style: .danger)]]
      try await wire.service.chat.edit(
        message, to: Reply(lines: ["one"], buttons: buttons), lane: .edit)
      #expect(await wire.written().map(\.buttons) == [[["Go"]]])
      try await wire.service.chat.edit(message, to: Reply(lines: ["two"]), lane: .edit)
      #expect(await wire.written().map(\.buttons) == [[]])
      #expect(await wire.written().map(\.text) == ["two"])
      try await wire.telegram.remove(message.message, in: Wire.ana)
      await #expect(throws: ChatError.gone) {
        try await wire.service.chat.edit(message, to: Reply(lines: ["three"]), lane: .edit)
      }
    }
  }

  @Test func `what an edit can't hold is sent after it`() async throws {
    try await Wire.open { wire in
      let message = try await wire.send(
        Reply(lines: ["working"], buttons: [[Button("Stop", data: "s")]]))
      let rows = (1...600).map { "row \($0) of many" }
      let buttons = [[Button("Again", data: "a")]]
      try await wire.service.chat.edit(
        message, to: Reply([.table(rows)], buttons: buttons), lane: .edit)
      let messages = await wire.written()
      #expect(messages.count > 1)
      #expect(messages.map(\.buttons) == [[["Again"]]] + messages.dropFirst().map { _ in [] })
      #expect(messages.flatMap { $0.text.split(separator: "\n").map(String.init) } == rows)
    }
  }

  @Test func `taps are answered, late ones for nobody; reactions and the menu are set`()
    async throws
  {
    try await Wire.open { wire in
      let message = try await wire.send(
        Reply(lines: ["Sure?"], buttons: [[Button("Yes", data: "y")]]))
      let tap = try await wire.telegram.tap(.index(0), on: message.message, by: Wire.ana)
      let long = String(repeating: "🟩", count: 300)
      try await wire.service.chat.answer(tap: tap, text: long)
      let late = try await wire.telegram.tap(.index(0), on: message.message, by: Wire.ana)
      wire.serverTime.advance(by: .seconds(151))
      try await wire.service.chat.answer(tap: late, text: "too late")
      let toasts = await wire.telegram.phone().toasts.map(\.text)
      #expect(toasts == [String(repeating: "🟩", count: 200)])
      let asked = try await wire.telegram.say("/close", from: Wire.ana)
      for reaction in [Reaction.received, .executing, .done, .refused, .failed] {
        try await wire.service.chat.react(
          to: MessageRef(chat: Wire.chat, message: asked), with: reaction)
      }
      let shown = await wire.telegram.phone().chats[0].messages.last
      #expect(shown?.reactions == ["💔"])
      try await wire.service.chat.setMenu(
        [MenuEntry(name: "status", summary: String(repeating: "s", count: 300))], for: Wire.chat)
      let menu = await wire.telegram.phone().chats[0].menu
      #expect(menu.map(\.name) == ["status"])
      #expect(menu.map(\.summary.count) == [256])
    }
  }
}
