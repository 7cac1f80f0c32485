import Loopback
import TestSupport
import TradingModel
import Transport

/// A loopback Telegram with Ana in front of it, on a clock that the test moves.
struct Bench {
  static let ana: Int64 = 42

  let time = ManualClock()
  let clock: LoopbackClock
  let faults = FaultPlan()
  let transcript: Transcript
  let telegram: TelegramServer

  init(_ settings: TelegramSettings = TelegramSettings()) {
    clock = LoopbackClock(following: time)
    transcript = Transcript(clock: clock)
    telegram = TelegramServer(
      settings: settings, clock: clock, chance: SeededRandom(seed: 7), faults: faults,
      transcript: transcript)
  }

  /// A bench whose private chat with Ana exists, with nothing left in the queue.
  static func withAna(_ settings: TelegramSettings = TelegramSettings()) async throws -> Bench {
    let bench = Bench(settings)
    await bench.telegram.introduce(
      TelegramUser(id: ana, firstName: "Ana", username: "ana", languageCode: "ro"))
    try await bench.telegram.say("/start", from: ana)
    await bench.telegram.meddle(.drop)
    return bench
  }

  func send(_ request: ServerRequest) async -> (status: Int, json: JSONValue) {
    let response = await telegram.handle(request)
    return (response.status, (try? JSONValue(parsing: response.body)) ?? .null)
  }

  /// A call as a bot makes it, by a JSON body.
  func call(_ method: String, _ parameters: JSONObject = [:]) async -> JSONValue {
    await send(Self.request(method, parameters)).json
  }

  static func request(_ method: String, _ parameters: JSONObject = [:]) -> ServerRequest {
    ServerRequest(
      method: "POST", path: "/bot\(TelegramSettings.standardToken)/\(method)",
      headers: [.init(name: "Content-Type", value: "application/json")],
      body: JSONValue.object(parameters).bytes)
  }

  /// The result of a call that must succeed.
  func result(_ method: String, _ parameters: JSONObject = [:]) async throws -> JSONValue {
    let answer = await call(method, parameters)
    guard let result = answer["result"] else { throw Refused(answer: answer.text) }
    return result
  }

  /// The words in which a call was refused; empty when it was not.
  func refusal(_ method: String, _ parameters: JSONObject = [:]) async -> String {
    await call(method, parameters)["description"]?.stringValue ?? ""
  }

  /// Sends a text to Ana.
  func write(_ text: String, _ more: JSONObject = [:]) async throws -> Int64 {
    var parameters: JSONObject = ["chat_id": .integer(Self.ana), "text": .string(text)]
    for field in more.fields { parameters[field.key] = field.value }
    return try await result("sendMessage", parameters).integer("message_id")
  }

  /// The ids of what waits; fetched with no patience.
  func updates(offset: Int64 = 0, limit: Int64 = 100) async throws -> [JSONValue] {
    clock.advance(by: .seconds(4))  // The same offset again at once would be slowed down.
    return try await result("getUpdates", ["offset": .integer(offset), "limit": .integer(limit)])
      .array()
  }

  func texts(offset: Int64 = 0, limit: Int64 = 100) async throws -> [String] {
    try await updates(offset: offset, limit: limit).map {
      $0["message"]?["text"]?.stringValue ?? $0["callback_query"]?["data"]?.stringValue ?? "?"
    }
  }

  /// Begins a long poll and returns once it waits.
  func poll(offset: Int64 = 0, seconds: Int64 = 30) async -> Task<JSONValue, Never> {
    let deadline = time.now + .seconds(seconds)
    let poll = Task {
      await call("getUpdates", ["offset": .integer(offset), "timeout": .integer(seconds)])
    }
    await time.waitForSleeper(until: deadline)
    return poll
  }

  static func keyboard(_ rows: [[String]]) -> JSONValue {
    [
      "inline_keyboard": .array(
        rows.map { row in
          .array(row.map { ["text": .string($0), "callback_data": .string("do:\($0)")] })
        })
    ]
  }
}

struct Refused: Error {
  var answer: String
}
