import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// What persons do, as the bot gets to know of it.
struct PersonTests {
  @Test func `the first word makes a private chat, with the command marked`() async throws {
    let bench = Bench()
    #expect(
      await bench.refusal("sendMessage", ["chat_id": 42, "text": "x"])
        == "Bad Request: chat not found")
    try await bench.telegram.say("/close btc 50", from: Bench.ana)
    let message = try await bench.updates()[0].at("message")
    #expect(message["chat"] == ["id": 42, "first_name": "User 42", "type": "private"])
    #expect(message["date"]?.text == "\(Timestamp.noon.seconds)")
    #expect(message["entities"] == [["offset": 0, "length": 6, "type": "bot_command"]])
    _ = try await bench.write("now it goes")
  }

  @Test func `a tap carries the message, the data and who tapped`() async throws {
    let bench = try await Bench.withAna()
    let id = try await bench.write("Close?", ["reply_markup": Bench.keyboard([["Yes", "No"]])])
    await #expect(throws: PersonError.self) {
      try await bench.telegram.tap(.label("Maybe"), on: id, by: Bench.ana)
    }
    let tap = try await bench.telegram.tap(.label("No"), on: id, by: Bench.ana)
    let query = try await bench.updates()[0].at("callback_query")
    #expect(query["id"]?.stringValue == tap)
    #expect(query["data"] == "do:No")
    #expect(query["from"]?["language_code"] == "ro")
    #expect(query["message"]?["message_id"] == .integer(id))
    #expect(query["message"]?["reply_markup"]?["inline_keyboard"]?[0]?[1]?["text"] == "No")
  }

  @Test func `what is not a person's own plain word is marked so`() async throws {
    let bench = try await Bench.withAna()
    let group: Int64 = -100
    await bench.telegram.makeGroup(TelegramChat(id: group, kind: .group, title: "Desk"))
    let other = TelegramUser(id: 9, firstName: "Eve")
    let gif = TelegramUser(id: 10, isBot: true, firstName: "gif")
    try await bench.telegram.forward("/panic", by: other, from: Bench.ana)
    try await bench.telegram.say("/panic", from: Bench.ana, viaBot: gif)
    try await bench.telegram.sayAnonymously("/panic", from: Bench.ana, in: group)
    let own = try await bench.telegram.say("/panic", from: Bench.ana)
    try await bench.telegram.edit(own, to: "/kill", by: Bench.ana)
    let updates = try await bench.updates()
    #expect(updates[0]["message"]?["forward_origin"]?["sender_user"]?["id"] == 9)
    #expect(updates[1]["message"]?["via_bot"]?["id"] == 10)
    #expect(updates[2]["message"]?["sender_chat"]?["id"] == -100)
    #expect(updates[2]["message"]?["from"]?["is_bot"] == true)
    #expect(updates[4]["edited_message"]?["text"] == "/kill")
    #expect(updates[4]["edited_message"]?["edit_date"] != nil)
  }

  @Test func `in groups only commands, mentions and answers reach the bot`() async throws {
    let bench = try await Bench.withAna()
    let group: Int64 = -1_001_000_000_001
    await bench.telegram.makeGroup(TelegramChat(id: group, kind: .supergroup, title: "Desk"))
    let sent = try await bench.result(
      "sendMessage", ["chat_id": .integer(group), "text": "hi", "message_thread_id": 7])
    #expect(sent["message_id"] == 1)  // A supergroup counts for itself.
    #expect(sent["message_thread_id"] == 7)
    let name = bench.telegram.settings.botUsername
    for text in ["among us", "/status", "hey @\(name)"] {
      try await bench.telegram.say(text, from: Bench.ana, in: group)
    }
    try await bench.telegram.say("yes", from: Bench.ana, in: group, replyingTo: 1)
    #expect(try await bench.texts() == ["/status", "hey @\(name)", "yes"])
  }

  @Test func `a group that became a supergroup says where it went`() async throws {
    let bench = try await Bench.withAna()
    await bench.telegram.makeGroup(TelegramChat(id: -5, kind: .group, title: "Desk"))
    try await bench.telegram.migrate(-5, to: -1_001_000_000_005)
    let answer = await bench.call("sendMessage", ["chat_id": -5, "text": "x"])
    #expect(answer["parameters"]?["migrate_to_chat_id"] == -1_001_000_000_005)
    #expect(
      answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat")
    let updates = try await bench.updates()
    #expect(updates[0]["message"]?["migrate_to_chat_id"] == -1_001_000_000_005)
    #expect(updates[1]["message"]?["migrate_from_chat_id"] == -5)
  }

  @Test func `the phone shows a chat as a person reads it`() async throws {
    let bench = try await Bench.withAna()
    let id = try await bench.write(
      "<b>Close</b> BTCUSDT?\nnow",
      ["parse_mode": "HTML", "reply_markup": Bench.keyboard([["Close 100%", "50%"], ["Keep"]])])
    _ = await bench.call(
      "editMessageText",
      [
        "chat_id": 42, "message_id": .integer(id), "text": "Close <BTC>?\n\nnow",
        "reply_markup": Bench.keyboard([["Yes", "No"], ["Keep"]]),
      ])
    _ = await bench.call(
      "setMessageReaction",
      ["chat_id": 42, "message_id": 1, "reaction": [["type": "emoji", "emoji": "👀"]]])
    #expect(
      await bench.telegram.phone().rendered == """
        ── Ana · private 42 ──
        #1 12:00:00 Ana · 👀
          /start
        #2 12:00:00 Quarterdeck · edited
          Close <BTC>?

          now
          [Yes] [No]
          [Keep]

        """)
  }
}
