import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

struct PollingTests {
  private let displaced =
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
    + " running"

  @Test func `a message wakes an open poll`() async throws {
    let bench = try await Bench.withAna()
    let poll = await bench.poll()
    try await bench.telegram.say("wake up", from: Bench.ana)
    #expect(await poll.value["result"]?[0]?["message"]?["text"] == "wake up")
  }

  @Test func `a poll without updates ends empty at its timeout, at most after 50 s`() async throws {
    let bench = try await Bench.withAna()
    let poll = Task { await bench.call("getUpdates", ["timeout": 600]) }
    await bench.time.passSleep(of: .seconds(50))
    #expect(await poll.value == ["ok": true, "result": []])
  }

  @Test func `the same offset again within 3 s waits 3 s`() async throws {
    let bench = try await Bench.withAna()
    _ = await bench.call("getUpdates", ["offset": 5])
    let again = Task { await bench.call("getUpdates", ["offset": 5]) }
    await bench.time.passSleep(of: .seconds(3))
    #expect(await again.value == ["ok": true, "result": []])
  }

  @Test func `the same offset again within half a second gives one update`() async throws {
    let bench = try await Bench.withAna()
    for text in ["1", "2"] { try await bench.telegram.say(text, from: Bench.ana) }
    let first = try await bench.result("getUpdates", ["offset": 0]).array()
    let again = try await bench.result("getUpdates", ["offset": 0]).array()
    bench.clock.advance(by: .milliseconds(500))
    let later = try await bench.result("getUpdates", ["offset": 0]).array()
    #expect([first.count, again.count, later.count] == [2, 1, 2])
  }

  @Test func `a second poll wins and the first is told so`() async throws {
    let bench = try await Bench.withAna()
    let first = await bench.poll(offset: 1)
    let second = await bench.poll(offset: 2, seconds: 40)
    let answer = await first.value
    #expect(answer["error_code"] == 409)
    #expect(answer["description"]?.stringValue == displaced)
    try await bench.telegram.say("for the second", from: Bench.ana)
    #expect(await second.value["result"]?[0]?["message"]?["text"] == "for the second")
  }

  @Test func `conflicts are answered at most once in 3 s`() async throws {
    let bench = try await Bench.withAna()
    let first = await bench.poll(offset: 1)
    let second = await bench.poll(offset: 2, seconds: 31)
    _ = await first.value
    let third = await bench.poll(offset: 3, seconds: 32)
    await bench.time.passSleep(of: .seconds(3))
    #expect(await second.value["description"]?.stringValue == displaced)
    third.cancel()
  }

  @Test func `a webhook keeps pollers away, and ends a poll that is open`() async throws {
    let bench = try await Bench.withAna()
    let poll = await bench.poll()
    _ = try await bench.result("setWebhook", ["url": "https://example.org/hook"])
    #expect(
      await poll.value["description"] == "Conflict: terminated by setWebhook request")
    bench.clock.advance(by: .seconds(4))
    #expect(
      await bench.refusal("getUpdates")
        == "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to"
        + " delete the webhook first")
    _ = try await bench.result("deleteWebhook", ["drop_pending_updates": true])
    #expect(try await bench.updates() == [])
  }

  @Test func `updates can come twice, in another order, and in shapes nobody knows`() async throws {
    let bench = try await Bench.withAna()
    for text in ["1", "2"] { try await bench.telegram.say(text, from: Bench.ana) }
    bench.faults.add(
      FaultRule(service: "telegram", endpoint: "getUpdates", Fault("duplicate_updates")))
    #expect(try await bench.texts() == ["1", "1", "2", "2"])
    bench.faults.add(
      FaultRule(service: "telegram", endpoint: "getUpdates", Fault("reorder_updates")))
    #expect(try await bench.texts() == ["2", "1"])
    await bench.telegram.meddle(.broken)
    await bench.telegram.meddle(.unknown)
    let updates = try await bench.updates()
    #expect(updates[2]["message"]?["date"] == .null)
    #expect(updates[3]["telepathy"] != nil)
  }
}
