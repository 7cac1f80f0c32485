import Chat
import TestSupport
import Testing
import Transport

@testable import Telegram

struct DecodingTests {
  private static let name = "quarterdeck_bot"

  private func read(_ json: JSONValue) -> ChatUpdate? { ChatUpdate(json, botName: Self.name) }

  private func message(_ json: JSONValue) throws -> IncomingMessage {
    let update = try #require(read(["update_id": 1, "message": json]))
    guard case .message(let message) = update.body else {
      throw JSONError.missing(path: "message in \(update)")
    }
    return message
  }

  /// A message in Ana's private chat.
  private func said(_ text: JSONValue, _ more: JSONObject = [:]) -> JSONValue {
    var fields: JSONObject = [
      "message_id": 5, "date": 1_795_176_000, "text": text,
      "chat": ["id": 42, "type": "private"],
      "from": ["id": 42, "is_bot": false, "first_name": "Ana", "language_code": "ro"],
    ]
    for field in more.fields { fields[field.key] = field.value.isNull ? nil : field.value }
    return .object(fields)
  }

  private static func command(_ length: Int64, at offset: Int64 = 0) -> JSONValue {
    [["type": "bot_command", "offset": .integer(offset), "length": .integer(length)]]
  }

  @Test(
    arguments: [
      ("/status", 7, "status", ""), ("/Status", 7, "status", ""),
      ("/close BTC  50%  ", 6, "close", "BTC  50%"), ("/close\nBTC", 6, "close", "BTC"),
      ("/close@Quarterdeck_Bot all", 22, "close", "all"), ("/close@other_bot all", 16, nil, ""),
      ("/p 🟩 x", 2, "p", "🟩 x"), ("/", 1, nil, ""), ("/close", 99, nil, ""),
    ] as [(String, Int64, String?, String)])
  func `a command is what is marked at the very beginning, for this bot`(
    text: String, length: Int64, command: String?, arguments: String
  ) throws {
    let message = try message(said(.string(text), ["entities": Self.command(length)]))
    #expect(message.command == command)
    #expect(message.arguments == arguments)
    #expect(message.text == text)
    #expect(message.taints == [])
  }

  @Test func `text that only looks like a command is none`() throws {
    #expect(try message(said("/close")).command == nil)
    let later = said("do /close", ["entities": Self.command(6, at: 3)])
    #expect(try message(later).command == nil)
    let code = said(
      "/close", ["entities": [["type": "code", "offset": 0, "length": 6]]])
    #expect(try message(code).command == nil)
  }

  @Test(
    arguments: [
      (["forward_origin": ["type": "hidden_user"]], [.forwarded]),
      (["forward_date": 1], [.forwarded]), (["via_bot": ["id": 7, "is_bot": true]], [.viaBot]),
      (["sender_chat": ["id": -100]], [.anonymousOrChannel]),
      (["from": .null], [.anonymousOrChannel]),
      (["from": ["id": 9, "is_bot": true, "first_name": "B"]], [.fromBot]),
      (["text": .null, "caption": "/close"], [.notText]),
      (
        ["via_bot": ["id": 7], "forward_date": 1, "text": .null],
        [.forwarded, .viaBot, .notText]
      ),
    ] as [(JSONObject, [IncomingMessage.Taint])])
  func `what must not command says why`(
    more: JSONObject, taints: [IncomingMessage.Taint]
  ) throws {
    #expect(try message(said("/close", more)).taints == taints)
  }

  @Test func `an edited message and a channel's post are tainted by where they came from`() throws {
    let edited = try #require(read(["update_id": 1, "edited_message": said("/close")]))
    guard case .message(let one) = edited.body else { return #expect(Bool(false), "\(edited)") }
    #expect(one.taints == [.edited])
    let post = try #require(
      read(["update_id": 1, "channel_post": said("/close", ["from": .null])]))
    guard case .message(let other) = post.body else { return #expect(Bool(false), "\(post)") }
    #expect(other.taints == [.anonymousOrChannel, .anonymousOrChannel])
    #expect(other.sender == nil)
  }

  @Test func `a topic is a place to write to, a thread of answers is none`() throws {
    let thread: JSONObject = ["message_thread_id": 77]
    #expect(try message(said("x", thread)).topic == nil)
    var topic = thread
    topic["is_topic_message"] = true
    #expect(try message(said("x", topic)).topic == 77)
    for (more, expected) in [(thread, nil), (topic, 77)] as [(JSONObject, Int64?)] {
      let update = read([
        "update_id": 1,
        "callback_query": [
          "id": "1", "from": ["id": 42], "data": "a", "message": said("x", more),
        ],
      ])
      guard case .tap(let tap)? = update?.body else { return #expect(Bool(false), "no tap") }
      #expect(tap.topic == expected)
      #expect(tap.ref == MessageRef(chat: ChatID(42), message: 5))
    }
  }

  @Test func `a tap on a message out of reach is heard, one without data is not`() throws {
    let tap: JSONValue = ["id": "1", "from": ["id": 42, "first_name": "Ana"], "data": "a:b"]
    let heard = read(["update_id": 1, "callback_query": tap])
    guard case .tap(let found)? = heard?.body else { return #expect(Bool(false), "no tap") }
    #expect(found.ref == nil)
    #expect(found.sender == Sender(id: PersonID(42), name: "Ana"))
    let game: JSONValue = ["id": "1", "from": ["id": 42], "game_short_name": "g"]
    #expect(
      read(["update_id": 1, "callback_query": game])?.body == .ignored(kind: "callback_query"))
  }

  @Test func `ids have up to 52 bits, and an update without one is none`() throws {
    let wide = said(
      "x", ["chat": ["id": -4_503_599_627_370_495, "type": "supergroup"], "message_id": 9])
    #expect(
      try message(wide).ref == MessageRef(chat: ChatID(-4_503_599_627_370_495), message: 9))
    for id in ["seven", .null, -1, .number("9223372036854775807"), .number("1.5")] as [JSONValue] {
      #expect(read(["update_id": id, "message": said("x")]) == nil)
    }
    #expect(read([]) == nil)
  }

  // MARK: Recorded payloads

  @Test func `every recorded update is one, and none is lost`() throws {
    var kinds: [String: Int] = [:]
    for file in Fixtures.files(under: "telegram/updates", extension: "json") {
      let json = try JSONValue(parsing: Fixtures.bytes(of: file))
      guard json["update_id"] != nil else { continue }
      let update = try #require(read(json), "\(file.lastPathComponent)")
      kinds[update.kind, default: 0] += 1
    }
    guard Fixtures.root != nil else { return }
    #expect(kinds["message"] == 9)
    #expect(kinds["tap"] == 1)
    #expect(kinds["migrated"] == 1)
    #expect(kinds["ignored"] == 6)
  }

  @Test func `every recorded message can be read, however much of it is missing`() throws {
    var readable = 0
    for file in Fixtures.files(under: "telegram/messages", extension: "json") {
      let json = try JSONValue(parsing: Fixtures.bytes(of: file))
      guard case .object(let fields) = json else { continue }
      let whole = try #require(read(["update_id": 1, "message": json]))
      if whole.kind == "message" || whole.kind == "migrated" { readable += 1 }
      for key in fields.keys {
        for worse in [nil, .null, "text", 7, [], [:]] as [JSONValue?] {
          var broken = fields
          broken[key] = worse
          #expect(read(["update_id": 1, "message": .object(broken)])?.id == 1)
        }
      }
    }
    if Fixtures.root != nil { #expect(readable > 30) }
  }
}

extension ChatUpdate {
  fileprivate var kind: String {
    switch body {
    case .message: "message"
    case .tap: "tap"
    case .membership: "membership"
    case .migrated: "migrated"
    case .ignored: "ignored"
    }
  }
}
