import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// Addresses, tokens, methods and the four ways of writing parameters.
struct WireTests {
  private static let token = TelegramSettings.standardToken

  private func send(
    _ method: String = "POST", _ path: String, query: String = "", type: String = "",
    body: String = ""
  ) async throws -> JSONValue {
    let bench = try await Bench.withAna()
    return await bench.send(
      ServerRequest(
        method: method, path: path, query: query,
        headers: [.init(name: "content-type", value: type)], body: Array(body.utf8))
    ).json
  }

  @Test(arguments: [
    ("chat_id=42&text=a%20%26+b", "", ""),
    ("", "application/x-www-form-urlencoded", "chat_id=42&text=a+%26%20b"),
    ("chat_id=42", "application/json; charset=utf-8", #"{"text":"a & b","silent":null}"#),
    (
      "", "multipart/form-data; boundary=XyZ",
      "--XyZ\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n42\r\n--XyZ\r\n"
        + "Content-Disposition: form-data; name=\"text\"\r\n\r\na & b\r\n--XyZ\r\n"
        + "Content-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\r\n1,2\r\n--XyZ--\r\n"
    ),
  ])
  func `parameters come in four ways`(query: String, type: String, body: String) async throws {
    let answer = try await send(
      "POST", "/bot\(Self.token)/sendMessage", query: query, type: type, body: body)
    #expect(answer["result"]?["text"] == "a & b")
  }

  @Test(arguments: [
    ("GET", "/bot\(token)/getMe", ""), ("POST", "/bot\(token)/GETME", ""),
    ("GET", "/bot\(token)", "method=getme"),
  ])
  func `methods are named without regard to case, by path or parameter`(
    method: String, path: String, query: String
  ) async throws {
    let answer = try await send(method, path, query: query)
    #expect(answer["result"]?["is_bot"] == true)
    #expect(answer["result"]?["id"] == 123_456_789)
  }

  @Test(
    arguments: [
      ("/bot\(token)x/getMe", 401, "Unauthorized"), ("/botnonsense/getMe", 404, "Not Found"),
      ("/file/bot\(token)/x", 404, "Not Found"), ("/bot\(token)/", 404, "Not Found"),
      ("/bot\(token)/sendTelepathy", 404, "Not Found: method not found"),
    ] as [(String, Int64, String)])
  func `wrong tokens and methods are refused as the real server does`(
    path: String, code: Int64, description: String
  ) async throws {
    let answer = try await send("POST", path)
    #expect(
      answer == ["ok": false, "error_code": .integer(code), "description": .string(description)])
  }

  /// What python-telegram-bot really sends must be understood.
  @Test func `recorded requests of a foreign client are answered`() async throws {
    guard let bytes = try Fixtures.bytes("telegram/client-requests/ptb-22.8.json") else { return }
    let bench = try await Bench.withAna()
    await bench.telegram.makeGroup(
      TelegramChat(id: -1_001_234_567_890, kind: .supergroup, title: "Desk"))
    for _ in 1...4 { _ = try await bench.write("up to message 5") }
    let expected = [
      "get_me": "", "send_message": "", "send_message html+kb": "", "edit_message_text": "",
      "set_my_commands": "", "delete_message": "", "delete_webhook": "", "send_chat_action": "",
      "get_chat": "", "get_webhook_info": "",
      "answer_callback_query":
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
      "send_document": "Not Found: method not found", "send_photo": "Not Found: method not found",
    ]
    for request in try JSONValue(parsing: bytes).array("requests") {
      let call = try request.string("call")
      guard let expected = expected[call] else { continue }  // getUpdates would wait.
      let method = try request.string("url").split(separator: "/").last ?? ""
      let answer = await bench.send(
        ServerRequest(
          method: "POST", path: "/bot\(Self.token)/\(method)",
          headers: try request.object("headers").fields.map {
            .init(name: $0.key, value: $0.value.stringValue ?? "")
          }, body: Array(try request.string("body").utf8)))
      #expect(answer.json["description"]?.stringValue ?? "" == expected, "\(call)")
    }
    let sent = await bench.telegram.phone(chat: -1_001_234_567_890).chats[0].messages[0]
    #expect(sent.text == "BTCUSDT <long> x10")
    #expect(sent.buttons == [["✅ Confirm", "❌"], ["docs"]])
    #expect(sent.isSilent)
  }

  @Test func `the transcript holds every call and reply, and never the token`() async throws {
    let bench = try await Bench.withAna()
    _ = try await bench.write("token \(Self.token)\nis secret")
    _ = await bench.call("sendTelepathy")
    let lines = bench.transcript.lines().map(\.text)
    #expect(lines[0] == "* Ana (42) says /start")
    #expect(lines[1] == "> #1 sendMessage chat_id=42 text=token ***⏎is secret")
    #expect(lines[2].hasPrefix(#"< #1 200 {"ok":true,"result":{"message_id":2,"#))
    #expect(lines.last?.hasPrefix("< #2 404 ") == true)
    #expect(!lines.joined().contains(Self.token))
  }
}
