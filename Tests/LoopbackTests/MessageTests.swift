import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

struct MessageTests {
  @Test(arguments: [(4096, ""), (4097, "Bad Request: message is too long")])
  func `text is measured in code points after the marks are read`(
    count: Int, refusal: String
  ) async throws {
    let bench = try await Bench.withAna()
    let text = "<b>" + String(repeating: "🟢", count: count) + "</b>"
    #expect(
      await bench.refusal(
        "sendMessage", ["chat_id": 42, "text": .string(text), "parse_mode": "HTML"]) == refusal)
  }

  @Test(arguments: [
    (32_768, "Bad Request: message is too long"), (32_769, "Bad Request: text is too long"),
  ])
  func `raw text is measured in bytes`(bytes: Int, refusal: String) async throws {
    let bench = try await Bench.withAna()
    let text = String(repeating: "x", count: bytes)
    #expect(await bench.refusal("sendMessage", ["chat_id": 42, "text": .string(text)]) == refusal)
  }

  @Test(arguments: ["", "  \n ", "\u{200B}\u{200B}", "<b> </b>"])
  func `text with nothing to see is empty`(text: String) async throws {
    let bench = try await Bench.withAna()
    #expect(
      await bench.refusal(
        "sendMessage", ["chat_id": 42, "text": .string(text), "parse_mode": "HTML"])
        == "Bad Request: message text is empty")
  }

  @Test(arguments: [(0, false), (1, true), (64, true), (65, false)])
  func `callback data has 1 to 64 bytes`(bytes: Int, isTaken: Bool) async throws {
    let bench = try await Bench.withAna()
    let button: JSONValue = [
      "text": "A", "callback_data": .string(String(repeating: "x", count: bytes)),
    ]
    let refusal = await bench.refusal(
      "sendMessage",
      ["chat_id": 42, "text": "?", "reply_markup": ["inline_keyboard": [[button]]]])
    #expect(refusal == (isTaken ? "" : "Bad Request: BUTTON_DATA_INVALID"))
  }

  @Test(arguments: [([8, 8], true), ([9], false), ([100], false)])
  func `a keyboard has at most 8 buttons a row`(rows: [Int], isTaken: Bool) async throws {
    let bench = try await Bench.withAna()
    let keyboard = Bench.keyboard(rows.map { (0..<$0).map(String.init) })
    let refusal = await bench.refusal(
      "sendMessage", ["chat_id": 42, "text": "?", "reply_markup": keyboard])
    #expect(refusal == (isTaken ? "" : "Bad Request: reply markup is too long"))
  }

  @Test(arguments: [(20, true), (21, false)])
  func `a keyboard has at most 100 buttons`(rows: Int, isTaken: Bool) async throws {
    let bench = try await Bench.withAna()
    let keyboard = Bench.keyboard(Array(repeating: ["a", "b", "c", "d", "e"], count: rows))
    let refusal = await bench.refusal(
      "sendMessage", ["chat_id": 42, "text": "?", "reply_markup": keyboard])
    #expect(refusal == (isTaken ? "" : "Bad Request: reply markup is too long"))
  }

  @Test func `an edit must change text, marks or buttons`() async throws {
    let bench = try await Bench.withAna()
    let buttons = Bench.keyboard([["A"]])
    let id = try await bench.write("x", ["reply_markup": buttons])
    func edit(_ more: JSONObject) async -> String {
      var parameters: JSONObject = ["chat_id": 42, "message_id": .integer(id), "text": "x"]
      for field in more.fields { parameters[field.key] = field.value }
      return await bench.refusal("editMessageText", parameters)
    }
    #expect(await edit(["reply_markup": buttons]).contains("message is not modified"))
    #expect(await edit([:]) == "")  // The buttons went.
    #expect(await edit([:]).contains("message is not modified"))
    #expect(await edit(["text": "<b>x</b>", "parse_mode": "HTML"]) == "")
    #expect(
      await bench.refusal(
        "editMessageReplyMarkup", ["chat_id": 42, "message_id": .integer(id)]
      ).contains("message is not modified"))
    let phone = await bench.telegram.phone(chat: 42).chats[0].messages.last
    #expect(phone?.isEdited == true)
  }

  @Test func `what is not there, not ours or not reachable is refused by name`() async throws {
    let bench = try await Bench.withAna()
    #expect(
      await bench.refusal("editMessageText", ["chat_id": 42, "message_id": 99, "text": "x"])
        == "Bad Request: message to edit not found")
    #expect(
      await bench.refusal("editMessageText", ["chat_id": 42, "message_id": 1, "text": "x"])
        == "Bad Request: message can't be edited")
    #expect(
      await bench.refusal("sendMessage", ["chat_id": 43, "text": "x"])
        == "Bad Request: chat not found")
    #expect(
      await bench.refusal("sendMessage", ["text": "x"]) == "Bad Request: chat_id is empty")
    #expect(
      await bench.refusal(
        "sendMessage", ["chat_id": 42, "text": "x", "reply_parameters": ["message_id": 99]])
        == "Bad Request: message to be replied not found")
    #expect(
      await bench.refusal(
        "sendMessage",
        [
          "chat_id": 42, "text": "x",
          "reply_parameters": ["message_id": 99, "allow_sending_without_reply": true],
        ]) == "")
  }

  @Test func `a person who blocked the bot can't be written to until they let it in`() async throws
  {
    let bench = try await Bench.withAna()
    try await bench.telegram.admit(false, in: Bench.ana, by: Bench.ana)
    let answer = await bench.call("sendMessage", ["chat_id": 42, "text": "x"])
    #expect(answer["error_code"] == 403)
    #expect(answer["description"] == "Forbidden: bot was blocked by the user")
    try await bench.telegram.admit(true, in: Bench.ana, by: Bench.ana)
    #expect(await bench.refusal("sendMessage", ["chat_id": 42, "text": "x"]) == "")
    let states = try await bench.updates().map {
      try $0.string("my_chat_member", "new_chat_member", "status")
    }
    #expect(states == ["kicked", "member"])
  }

  @Test func `messages can be deleted for 48 hours`() async throws {
    let bench = try await Bench.withAna()
    let young = try await bench.write("young")
    let old = try await bench.write("old")
    let delete = { (id: Int64) in
      await bench.refusal("deleteMessage", ["chat_id": 42, "message_id": .integer(id)])
    }
    bench.clock.advance(by: .hours(48) - .seconds(1))
    #expect(await delete(young) == "")
    #expect(await delete(young) == "Bad Request: message to delete not found")
    bench.clock.advance(by: .seconds(1))
    #expect(await delete(old) == "Bad Request: message can't be deleted for everyone")
  }

  @Test func `strict pace refuses the fourth message in a second with the true delay`() async throws
  {
    let bench = try await Bench.withAna(TelegramSettings(pace: .strict))
    for text in ["1", "2", "3"] { _ = try await bench.write(text) }
    let response = await bench.telegram.handle(
      Bench.request("sendMessage", ["chat_id": 42, "text": "4"]))
    let json = try JSONValue(parsing: response.body)
    #expect(response.status == 429)
    #expect(json["description"] == "Too Many Requests: retry after 1")
    #expect(json["parameters"]?["retry_after"] == 1)
    #expect(response.headers.contains { $0.name == "Retry-After" && $0.value == "1" })
    bench.clock.advance(by: .seconds(1))
    _ = try await bench.write("4")
  }

  @Test func `a tap is answered once, and not after its time`() async throws {
    let bench = try await Bench.withAna()
    let message = try await bench.write("?", ["reply_markup": Bench.keyboard([["Yes"]])])
    let tap = try await bench.telegram.tap(.index(0), on: message, by: Bench.ana)
    let answer: JSONObject = ["callback_query_id": .string(tap), "text": "Done"]
    _ = try await bench.result("answerCallbackQuery", answer)
    #expect(await bench.telegram.phone().toasts.map(\.text) == ["Done"])

    let late = try await bench.telegram.tap(.data("do:Yes"), on: message, by: Bench.ana)
    bench.clock.advance(by: .seconds(151))
    #expect(
      await bench.refusal("answerCallbackQuery", ["callback_query_id": .string(late)])
        == "Bad Request: query is too old and response timeout expired or query ID is invalid")
  }

  @Test(arguments: [("👀", ""), ("⏳", "Bad Request: REACTION_INVALID")])
  func `only listed emoji are reactions`(emoji: String, refusal: String) async throws {
    let bench = try await Bench.withAna()
    #expect(
      await bench.refusal(
        "setMessageReaction",
        [
          "chat_id": 42, "message_id": 1,
          "reaction": [["type": "emoji", "emoji": .string(emoji)]],
        ]) == refusal)
    let shown = await bench.telegram.phone().chats[0].messages[0].reactions
    #expect(shown == (refusal.isEmpty ? [emoji] : []))
  }

  @Test func `the menu of the narrowest scope and the person's language is shown`() async throws {
    let bench = try await Bench.withAna()
    func set(_ name: String, _ more: JSONObject) async -> String {
      var parameters = more
      parameters["commands"] = [["command": .string(name), "description": "d"]]
      return await bench.refusal("setMyCommands", parameters)
    }
    func shown() async -> [String] {
      await bench.telegram.phone(chat: 42).chats[0].menu.map(\.name)
    }
    #expect(await set("general", [:]) == "")
    #expect(await shown() == ["general"])
    #expect(await set("chat", ["scope": ["type": "chat", "chat_id": 42]]) == "")
    #expect(await shown() == ["chat"])
    #expect(await set("romanian", ["language_code": "ro"]) == "")
    #expect(await shown() == ["chat"])
    #expect(
      await bench.refusal("deleteMyCommands", ["scope": ["type": "chat", "chat_id": 42]]) == "")
    #expect(await shown() == ["romanian"])
    #expect(await set("No!", [:]) == "Bad Request: BOT_COMMAND_INVALID")
  }
}
