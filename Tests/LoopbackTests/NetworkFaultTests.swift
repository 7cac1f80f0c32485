import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// Over a real socket, with the client that the bot uses.
@Suite(.timeLimit(.minutes(1)))
struct NetworkFaultTests {
  /// Runs `body` against a served bench, then stops the server.
  private func serve(
    _ bench: Bench, _ body: (RequestURL, CurlHTTPClient) async throws -> Void
  ) async throws {
    let server = try await LoopbackServer(bench.telegram, clock: bench.clock)
    let client = CurlHTTPClient()
    let running = Task { await server.run() }
    let url = try RequestURL("\(server.address)/bot\(TelegramSettings.standardToken)/sendMessage")
    try await body(url, client)
    running.cancel()
    await running.value
    await client.shutdown()
  }

  private func message(
    _ text: String, to url: RequestURL, patience: Duration = .seconds(20)
  ) -> HTTPRequest {
    var request = HTTPRequest.json(["chat_id": 42, "text": .string(text)], to: url)
    request.totalTimeout = patience
    return request
  }

  private func fault(_ name: String, _ settings: JSONObject = [:], skip: Int = 0) -> FaultRule {
    FaultRule(service: "telegram", endpoint: "sendmessage", Fault(name, settings), skip: skip)
  }

  @Test func `calls on one connection are answered in turn`() async throws {
    let bench = try await Bench.withAna()
    try await serve(bench) { url, client in
      for text in ["1", "2", "3"] {
        let response = try await client.send(message(text, to: url))
        #expect(response.status == 200)
        #expect(response.headers["Connection"] == "keep-alive")
      }
    }
    #expect(
      await bench.telegram.phone().chats[0].messages.map(\.text) == ["/start", "1", "2", "3"])
  }

  @Test(arguments: [
    ("stall", true), ("stall", false), ("delay", true), ("close_before", true),
    ("close_before", false), ("close_within", true), ("reset_within", true), ("reset", true),
    ("reset", false),
  ])
  func `an answer that does not come whole leaves open whether it was done`(
    name: String, executed: Bool
  ) async throws {
    let bench = try await Bench.withAna()
    bench.faults.add(fault(name, ["executed": .bool(executed)]))
    try await serve(bench) { url, client in
      let error = await #expect(throws: HTTPError.self) {
        _ = try await client.send(message("once", to: url, patience: .milliseconds(700)))
      }
      #expect(error?.mayHaveBeenCarriedOut == true)
      let after = try await client.send(message("after", to: url))
      #expect(after.status == 200)
    }
    let texts = await bench.telegram.phone().chats[0].messages.map(\.text)
    #expect(texts == ["/start"] + (executed ? ["once"] : []) + ["after"])
  }

  @Test func `a gateway's page is no JSON and nothing was done`() async throws {
    let bench = try await Bench.withAna()
    bench.faults.add(fault("status", ["status": 502]))
    try await serve(bench) { url, client in
      let response = try await client.send(message("lost", to: url))
      #expect(response.status == 502)
      #expect(response.bodyPrefix.hasPrefix("<html>"))
    }
    #expect(await bench.telegram.phone().chats[0].messages.count == 1)
  }

  @Test func `a drip arrives whole, and a connection closed after its answer is replaced`()
    async throws
  {
    let bench = try await Bench.withAna()
    bench.faults.add(fault("drip", ["bytes": 16, "ms": 0]))
    bench.faults.add(fault("close_after", skip: 1))
    try await serve(bench) { url, client in
      for text in ["dripped", "closed"] {
        let response = try await client.send(message(text, to: url))
        #expect(try response.json()["ok"] == true)
      }
      // A question may be asked again on a new connection; the client does so by itself.
      let question = try await client.send(
        HTTPRequest(.get, url.with(query: "text=next&chat_id=42")))
      #expect(question.status == 200)
    }
    #expect(await bench.telegram.phone().chats[0].messages.count == 4)
  }

  @Test func `a fault strikes the call that it is meant for, so many times`() async throws {
    let bench = try await Bench.withAna()
    var rule = fault("flood", ["retry_after": 7], skip: 1)
    rule.times = 2
    bench.faults.add(rule)
    var answers: [String] = []
    for text in ["1", "2", "3", "4"] {
      _ = await bench.call("getMe")
      answers.append(await bench.refusal("sendMessage", ["chat_id": 42, "text": .string(text)]))
    }
    let flood = "Too Many Requests: retry after 7"
    #expect(answers == ["", flood, flood, ""])
    #expect(bench.faults.entries.isEmpty)
  }

  @Test(
    arguments: [
      ("flood", ["retry_after": .null], 429, "Too Many Requests"),
      ("unauthorised", [:], 401, "Unauthorized"),
      ("blocked", [:], 403, "Forbidden: bot was blocked by the user"),
      ("conflict", ["webhook": true], 409, "Conflict: can't use getUpdates"),
      ("refuse", ["code": 400, "description": "Bad Request: odd"], 400, "Bad Request: odd"),
    ] as [(String, JSONObject, Int64, String)])
  func `every refusal can be had on request`(
    name: String, settings: JSONObject, code: Int64, words: String
  ) async throws {
    let bench = try await Bench.withAna()
    bench.faults.add(fault(name, settings))
    let answer = await bench.call("sendMessage", ["chat_id": 42, "text": "x"])
    #expect(answer["error_code"] == .integer(code))
    #expect(answer["description"]?.stringValue?.hasPrefix(words) == true)
    #expect((answer["parameters"] == nil) == true)
  }

  @Test func `a request that is too large is refused and the server lives on`() async throws {
    let bench = try await Bench.withAna()
    let server = try await LoopbackServer(
      bench.telegram, clock: bench.clock, maximumBodyBytes: 1_000)
    let running = Task { await server.run() }
    let client = CurlHTTPClient()
    let url = try RequestURL("\(server.address)/bot\(TelegramSettings.standardToken)/sendMessage")
    let large = message(String(repeating: "x", count: 1_000), to: url)
    let status = try? await client.send(large).status
    #expect(status == nil || status == 413)
    let after = try await client.send(message("small", to: url))
    #expect(after.status == 200)
    running.cancel()
    await running.value
    await client.shutdown()
  }

  @Test func `a port on which nothing listens comes back when it is told to`() async throws {
    let bench = try await Bench.withAna()
    let server = try await LoopbackServer(bench.telegram, clock: bench.clock)
    let running = Task { await server.run() }
    let url = try RequestURL("\(server.address)/bot\(TelegramSettings.standardToken)/getMe")
    for _ in 1...2 {
      server.refusesConnections = true
      // The system closes the port a moment later.
      var isRefused = false
      while !isRefused, !Task.isCancelled {
        let client = CurlHTTPClient()
        var request = HTTPRequest(.get, url)
        request.totalTimeout = .milliseconds(500)
        do {
          _ = try await client.send(request)
        } catch {
          isRefused = !error.mayHaveBeenCarriedOut
        }
        await client.shutdown()
      }
      server.refusesConnections = false
      var status: Int?
      while status == nil, !Task.isCancelled {
        let client = CurlHTTPClient()
        status = try? await client.send(HTTPRequest(.get, url)).status
        await client.shutdown()
      }
      #expect(status == 200)
    }
    running.cancel()
    await running.value
  }
}
