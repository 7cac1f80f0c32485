import Chat
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Telegram

struct BotAPITests {
  private static let token = "123456789:AAsecretSECRETsecret"

  /// Answers every request with the same, and keeps the last one.
  private final class Answering: HTTPClient {
    let result: Result<HTTPResponse, HTTPError>
    let request = Mutex<HTTPRequest?>(nil)

    init(_ result: Result<HTTPResponse, HTTPError>) { self.result = result }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
      self.request.withLock { $0 = request }
      return try result.get()
    }
  }

  private func outcome(
    _ result: Result<HTTPResponse, HTTPError>
  ) async throws -> Result<JSONValue, ChatError> {
    let api = try BotAPI(
      http: Answering(result), token: Secret(Self.token), settings: TelegramSettings())
    do throws(ChatError) { return .success(try await api.call("getMe")) } catch {
      return .failure(error)
    }
  }

  private func outcome(
    _ status: Int, _ body: String, headers: HeaderFields = [:]
  ) async throws -> Result<JSONValue, ChatError> {
    try await outcome(
      .success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8))))
  }

  @Test(
    arguments: [
      (
        400, "Bad Request: can't parse entities: x", .markup("bad request: can't parse entities: x")
      ),
      (400, "Bad Request: message is too long", .tooLong),
      (400, "Bad Request: MESSAGE_TOO_LONG", .tooLong),
      (400, "Bad Request: text is too long", .tooLong),
      (
        400, "Bad Request: reply markup is too long",
        .rejected(code: 400, "Bad Request: reply markup is too long")
      ),
      (400, "Bad Request: message to edit not found", .gone),
      (400, "Bad Request: message can't be edited", .gone),
      (400, "Bad Request: message to delete not found", .gone),
      (400, "Bad Request: message can't be deleted for everyone", .gone),
      (400, "Bad Request: chat not found", .blocked),
      (400, "Bad Request: chat_id is empty", .blocked),
      (401, "Unauthorized", .unauthorised), (404, "Not Found", .unauthorised),
      (404, "Not Found: method not found", .rejected(code: 404, "not found: method not found")),
      (403, "Forbidden: bot was blocked by the user", .blocked),
      (403, "Forbidden: bot can't initiate conversation with a user", .blocked),
      (409, "Conflict: terminated by other getUpdates request", .conflict(isWebhook: false)),
      (
        409, "Conflict: can't use getUpdates method while webhook is active",
        .conflict(isWebhook: true)
      ),
      (409, "Conflict: terminated by setWebhook request", .conflict(isWebhook: true)),
      (413, "Request Entity Too Large", .rejected(code: 413, "Request Entity Too Large")),
      (
        500, "Internal Server Error: restart", .transient("HTTP 500 internal server error: restart")
      ),
    ] as [(Int, String, ChatError)])
  func `a refusal says what to do next`(
    status: Int, description: String, expected: ChatError
  ) async throws {
    let body: JSONValue = [
      "ok": false, "error_code": .integer(status), "description": .string(description),
    ]
    #expect(try await outcome(status, body.text) == .failure(expected))
  }

  @Test func `not modified, a late tap and a lost topic are known by their words`() {
    func rejected(_ text: String) -> ChatError { .rejected(code: 400, "Bad Request: " + text) }
    #expect(rejected("message is not modified: specified new").isNotModified)
    #expect(rejected("query is too old and response timeout expired").isTapTooOld)
    #expect(rejected("message thread not found").isTopicGone)
    #expect(!ChatError.gone.isNotModified)
  }

  @Test(
    arguments: [
      (#"{"retry_after":17}"#, [:], 17), (#"{"retry_after":0}"#, [:], 1),
      (#"{"retry_after":99999999999}"#, [:], 3600), ("{}", ["Retry-After": "8"], 8), ("{}", [:], 5),
    ] as [(String, HeaderFields, Int)])
  func `a flood says for how long, within bounds`(
    parameters: String, headers: HeaderFields, seconds: Int
  ) async throws {
    let body =
      #"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":\#(parameters)}"#
    #expect(
      try await outcome(429, body, headers: headers)
        == .failure(.flood(retryAfterSeconds: seconds)))
  }

  @Test func `a group that has moved says where to, whatever the words`() async throws {
    let body =
      #"{"ok":false,"error_code":400,"description":"?","parameters":{"migrate_to_chat_id":-1001}}"#
    #expect(try await outcome(400, body) == .failure(.migrated(ChatID(-1001))))
  }

  @Test(
    arguments: [
      (200, "<html>", true), (502, "<html>Bad Gateway", true), (504, "", true), (500, "{}", true),
      (200, #"{"ok":true}"#, true), (200, "[]", true), (401, "<html>", false),
      (403, "<html>", false),
      (404, "<html>", false), (302, "", false),
    ])
  func `a page of a gateway is no refusal, and no proof that nothing was done`(
    status: Int, body: String, isAmbiguous: Bool
  ) async throws {
    guard case .failure(let error) = try await outcome(status, body) else {
      return #expect(Bool(false), "it passed")
    }
    switch error {
    case .ambiguous: #expect(isAmbiguous)
    case .transient: #expect(!isAmbiguous)
    default: #expect(Bool(false), "\(error)")
    }
  }

  @Test func `a gateway that slows down is obeyed`() async throws {
    #expect(
      try await outcome(429, "<html>", headers: ["Retry-After": "9"])
        == .failure(.flood(retryAfterSeconds: 9)))
  }

  @Test(
    arguments: [
      (.connect("refused"), false), (.tls("expired"), false), (.timedOut(bodySent: false), false),
      (.timedOut(bodySent: true), true), (.broken(bodySent: true, "reset"), true),
      (.tooLarge(limitBytes: 1), true), (.busy(limit: 64), false),
      (.cancelled(bodySent: true), true),
    ] as [(HTTPError, Bool)])
  func `no answer is ambiguous once the request was out`(
    error: HTTPError, isAmbiguous: Bool
  ) async throws {
    let expected: ChatError = isAmbiguous ? .ambiguous("\(error)") : .transient("\(error)")
    #expect(try await outcome(.failure(error)) == .failure(expected))
  }

  @Test(
    arguments: [
      "Not Found: /bot123456789:AAsecretSECRETsecret/getMe",
      "bad token 123456789%3AAAsecretSECRETsecret", "123456789:%41%41secretSECRETsecret",
    ])
  func `the token is in no error, however the server repeats it`(echo: String) async throws {
    let body: JSONValue = ["ok": false, "description": .string(echo)]
    for status in [400, 404, 500] {
      let text = "\(try await outcome(status, body.text))"
      #expect(!text.contains("secretSECRET"))
      #expect(text.contains("[secret]") == (status != 404))
    }
    let http = Answering(.failure(.connect("refused")))
    let api = try BotAPI(http: http, token: Secret(Self.token), settings: TelegramSettings())
    await #expect(throws: ChatError.self) { try await api.call("getMe") }
    let request = try #require(http.request.withLock { $0 })
    #expect(!"\(request) \(String(reflecting: request)) \(api)".contains("secretSECRET"))
    #expect("\(request)".contains("/bot[secret]/getMe"))
  }

  @Test func `a poll has a connection of its own and time enough`() async throws {
    let http = Answering(.failure(.connect("refused")))
    let settings = TelegramSettings(pollTimeout: .seconds(30))
    let api = try BotAPI(http: http, token: Secret(Self.token), settings: settings)
    await #expect(throws: ChatError.self) {
      try await api.poll([:], waiting: settings.pollTimeout)
    }
    let request = try #require(http.request.withLock { $0 })
    #expect(request.connection == .own("poll"))
    #expect(request.totalTimeout == .seconds(40))
    #expect(request.connectTimeout == .seconds(5))
  }

  @Test(arguments: [(0, 1), (1, 1), (50, 50), (51, 50)])
  func `a poll waits as long as the server allows`(asked: Int64, granted: Int64) {
    #expect(TelegramSettings(pollTimeout: .seconds(asked)).pollTimeout == .seconds(granted))
  }

  // MARK: Recorded payloads

  @Test func `every recorded refusal has a meaning of its class`() throws {
    guard let bytes = try Fixtures.bytes("telegram/server-error-descriptions.tsv") else { return }
    let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst()
    for row in rows {
      let cells = row.split(separator: "\t").map(String.init)
      let status = try #require(Int(cells[0]))
      let error = ChatError(
        status: status, description: cells[1], retryAfter: nil, migratedTo: nil)
      switch (status, error) {
      case (400, .rejected), (400, .blocked), (400, .gone), (400, .tooLong), (400, .markup): break
      case (403, .blocked), (404, .rejected), (500, .transient): break
      default: Issue.record("\(row) means \(error)")
      }
      #expect((error == .gone) == cells[1].lowercased().contains("message to "))
    }
    #expect(rows.count > 200)
  }

  @Test func `every recorded envelope is read`() async throws {
    for file in Fixtures.files(under: "telegram/responses", extension: "json") {
      let bytes = try Fixtures.bytes(of: file)
      let isDone = try JSONValue(parsing: bytes)["ok"] == .bool(true)
      let outcome = try await outcome(
        .success(HTTPResponse(status: isDone ? 200 : 400, body: bytes)))
      switch outcome {
      case .success: #expect(isDone, "\(file.lastPathComponent)")
      case .failure(.rejected), .failure(.migrated), .failure(.flood): #expect(!isDone)
      case .failure(let error): Issue.record("\(file.lastPathComponent): \(error)")
      }
    }
  }
}
