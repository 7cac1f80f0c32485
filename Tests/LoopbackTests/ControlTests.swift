import TestSupport
import Testing
import TradingModel
import Transport

@testable import Loopback

struct ControlTests {
  private let bench = Bench()
  private let control = ControlInterface()

  init() {
    control.add(FaultControl(bench.faults, services: [bench.telegram]).routes)
    control.add(ClockControl(bench.clock, transcript: bench.transcript).routes)
    control.add(PersonControl(bench.telegram).routes)
    control.add(PhoneControl(bench.telegram, clock: bench.clock).routes)
  }

  private func ask(
    _ method: String, _ path: String, query: String = "", _ body: JSONObject? = nil
  ) async throws -> (status: Int, json: JSONValue) {
    let response = await control.handle(
      ServerRequest(
        method: method, path: "/control\(path)", query: query,
        body: body.map { JSONValue.object($0).bytes } ?? []))
    return (response.status, try JSONValue(parsing: response.body))
  }

  @Test func `a person says, reads and taps`() async throws {
    let said = try await ask(
      "POST", "/say", ["user": 42, "name": "Ana", "language": "ro", "text": "/close"])
    #expect(said.json == ["chat": 42, "message": 1])
    _ = try await bench.write("Close?", ["reply_markup": Bench.keyboard([["Yes", "No"]])])

    let chat = try await ask("GET", "/chat", query: "chat=42").json
    #expect(chat["chats"]?[0]?["messages"]?[0]?["from"] == "Ana")
    #expect(chat["chats"]?[0]?["messages"]?[1]?["buttons"] == [["Yes", "No"]])

    #expect(try await ask("POST", "/tap", ["user": 42, "button": "No"]).json["message"] == 2)
    #expect(try await ask("POST", "/tap", ["user": 42, "message": 2, "button": 0]).status == 200)
    #expect(try await bench.texts() == ["/close", "do:No", "do:Yes"])
  }

  @Test func `whoever waits for the phone is woken by a change, or sent home in time`()
    async throws
  {
    try await bench.telegram.say("x", from: 42)
    let seen = bench.telegram.changes.revision
    let waiting = Task { try await ask("GET", "/chat", query: "after=\(seen)").json }
    await bench.time.waitForSleeper(until: bench.time.now + .seconds(30))
    bench.clock.advance(by: .hours(1))  // A jump of the servers' clock ends no wait.
    try await bench.telegram.say("y", from: 42)
    #expect(try await waiting.value["revision"] == .integer(seen + 1))

    let idle = Task { try await ask("GET", "/chat", query: "after=\(seen + 1)&wait=5").json }
    await bench.time.passSleep(of: .seconds(5))
    #expect(try await idle.value["revision"] == .integer(seen + 1))
  }

  @Test func `faults are added, listed and removed`() async throws {
    let added = try await ask(
      "POST", "/faults",
      [
        "service": "telegram", "endpoint": "sendMessage", "fault": "status", "status": 500,
        "times": .null,
      ])
    #expect(added.json == ["number": 1])
    let listed = try await ask("GET", "/faults").json
    #expect(listed[0]?["times"] == .null)
    #expect(listed[0]?["status"] == 500)
    #expect(try await ask("DELETE", "/faults", query: "service=telegram").json == ["removed": 1])
    #expect(bench.faults.entries.isEmpty)
  }

  @Test(
    arguments: [
      (FaultTargets.all(["order/create"]), "Order/Create", "order/create"),
      (.all(["order/create"]), "*", "*"),
      (.some(["order", "tickers.BTCUSDT"]), "tickers.ETHUSDT", "tickers.ETHUSDT"),
      (.some(["order", "tickers.BTCUSDT"]), "kline.5.ETHUSDT", "kline.5.ETHUSDT"),
      (.all(["order/create"]), "order/crate", nil),
      (.all(["order/create"]), "/v5/order/create", nil),
      (.some(["order", "tickers.BTCUSDT"]), "ordre", nil),
      (.some(["order", "tickers.BTCUSDT"]), "ticker.ETHUSDT", nil),
      (.some(["!ticker@arr", "btcusdt@ticker"]), "ethusdt@ticker", "ethusdt@ticker"),
      (.some(["!ticker@arr", "btcusdt@ticker"]), "ethusdt@tickr", nil),
      (.some(["btcusdt@kline_1m"]), "ethusdt@kline_5m", "ethusdt@kline_5m"),
      (.some(["btcusdt@depth", "btcusdt@depth20"]), "x@depth20@500ms", "x@depth20@500ms"),
      (.some(["btcusdt@kline_1m"]), "ethusdt@klin_5m", nil),
      (.some(["order", "order.create"]), "order.creat", nil),
    ] as [(FaultTargets, String, String?)])
  func `a fault's endpoint is one that there is, or may be`(
    targets: FaultTargets, given: String, taken: String?
  ) {
    #expect((try? targets.name(given).get()) == taken)
  }

  @Test func `the clock goes forward only`() async throws {
    let before = bench.clock.now
    #expect(try await ask("POST", "/clock", ["advance_ms": 86_400_000]).status == 200)
    #expect(bench.clock.now == before + .hours(24))
    #expect(try await ask("POST", "/clock", ["advance_ms": -1]).status == 400)
  }

  @Test(
    arguments: [
      ("GET", "/nothing", nil, 404, "no such route: GET /control lists them"),
      ("GET", "/say", nil, 405, "use POST"),
      ("POST", "/say", ["user": 42], 400, "text is missing"),
      ("POST", "/say", ["user": "Ana", "text": "x"], 400, "user: "),
      ("POST", "/tap", ["user": 42, "button": "A"], 400, "no message in chat 42 has buttons"),
      ("POST", "/faults", ["service": "x", "fault": "stall"], 400, "there is no service x"),
      ("POST", "/faults", ["service": "telegram", "fault": "x"], 400, "there is no fault x"),
      (
        "POST", "/faults", ["service": "telegramm", "fault": "stall"], 400,
        "there is no service telegramm; did you mean telegram?"
      ),
      (
        "POST", "/faults", ["service": "telegram", "fault": "stal"], 400,
        "there is no fault stal; did you mean stall?"
      ),
      (
        "POST", "/faults",
        ["service": "telegram", "endpoint": "sendMesage", "fault": "stall"], 400,
        "there is no endpoint sendMesage; did you mean sendMessage?"
      ),
      (
        "POST", "/faults", ["service": "telegram", "endpoint": "x", "fault": "stall"], 400,
        "there is no endpoint x; there are: getMe, getUpdates"
      ),
      (
        "POST", "/faults",
        ["service": "telegram", "endpiont": "sendMessage", "fault": "stall"], 400,
        "there is no field endpiont; did you mean endpoint?"
      ),
      (
        "DELETE", "/faults", ["service": "telegran"], 400,
        "there is no service telegran; did you mean telegram?"
      ),
      (
        "DELETE", "/faults", ["servce": "telegram"], 400,
        "there is no field servce; did you mean service?"
      ),
      ("DELETE", "/faults", ["number": 7], 400, "no fault 7 waits for a call"),
    ] as [(String, String, JSONObject?, Int, String)])
  func `what can't be done is said in words`(
    method: String, path: String, body: JSONObject?, status: Int, reason: String
  ) async throws {
    let answer = try await ask(method, path, body)
    #expect(answer.status == status)
    #expect(answer.json["error"]?.stringValue?.hasPrefix(reason) == true, "\(answer.json)")
  }

  @Test func `the list of routes names them all`() async throws {
    let list = try await ask("GET", "").json.array()
    #expect(list.contains { $0["path"] == "/control/tap" && $0["method"] == "POST" })
    #expect(list.count == 18)
  }
}
