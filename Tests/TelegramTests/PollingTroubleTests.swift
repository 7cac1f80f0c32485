import Chat
import Loopback
import Telegram
import TestSupport
import Testing
import TradingModel
import Transport

@Suite(.timeLimit(.minutes(1)))
struct PollingTroubleTests {
  @Test func `an outage is told once, waited out ever longer, and its end is told`() async throws {
    try await Wire.open { wire in
      wire.fault("status", ["status": 502], at: "getUpdates", times: 3)
      wire.fault("close_before", ["executed": false], at: "getUpdates", skip: 3)
      try await wire.polling {
        for wait in [1, 2, 4, 8] { await wire.time.passSleep(of: .seconds(wait)) }
        try await wire.hears("hello")
      }
      let told = wire.chronicle.lines.filter { $0.contains("reachable") }
      #expect(
        told == [
          "reachable", "unreachable(\"HTTP 502, not from the Bot API\")", "reachable",
        ])
    }
  }

  @Test func `a success makes the waits begin anew`() async throws {
    try await Wire.open { wire in
      wire.fault("status", at: "getUpdates", times: 2)
      wire.fault("status", at: "getUpdates", skip: 3)
      try await wire.polling {
        for wait in [1, 2] { await wire.time.passSleep(of: .seconds(wait)) }
        try await wire.hears("in between")
        await wire.time.passSleep(of: .seconds(1))
        try await wire.hears("afterwards")
      }
    }
  }

  @Test func `a poll that stalls is given up and another connection made`() async throws {
    try await Wire.open(pollGrace: .milliseconds(100)) { wire in
      wire.fault("stall", at: "getUpdates")
      try await wire.telegram.say("waiting", from: Wire.ana)
      try await wire.polling {
        await wire.time.passSleep(of: .seconds(1))
        await wire.chronicle.wait(for: "heard waiting")
      }
      #expect(wire.log.warnings.contains { $0.contains("no answer in time") })
    }
  }

  @Test func `another poller is told once a minute and never fought`() async throws {
    try await Wire.open { wire in
      wire.fault("conflict", at: "getUpdates", times: 6)
      try await wire.polling {
        for wait in [3, 6, 12, 24, 30] { await wire.time.passSleep(of: .seconds(wait)) }
        await wire.time.waitForSleeper(until: wire.time.now + .seconds(30))
        // At 0 s and at 75 s; 3, 9, 21 and 45 s fall into the first minute.
        #expect(wire.chronicle.lines.count { $0 == "conflict" } == 2)
        wire.time.advance(by: .seconds(30))
        try await wire.hears("alone again")
      }
      #expect(wire.calls(of: "deleteWebhook") == 0)
    }
  }

  @Test func `a webhook is deleted once; one that comes back is another program`() async throws {
    try await Wire.open { wire in
      wire.fault("conflict", ["webhook": true], at: "getUpdates", times: 2)
      try await wire.polling {
        await wire.time.passSleep(of: .seconds(3))
        #expect(!wire.chronicle.lines.contains("conflict"))
        await wire.time.passSleep(of: .seconds(6))
        try await wire.hears("hello")
      }
      #expect(wire.calls(of: "deleteWebhook") == 1)
      #expect(wire.chronicle.lines.contains("conflict"))
    }
  }

  @Test(arguments: [("unauthorised", 401), ("refuse", 404)])
  func `a token that is not known is tried again every ten minutes`(
    fault: String, code: Int64
  ) async throws {
    try await Wire.open { wire in
      wire.fault(fault, ["code": .integer(code)], at: "getMe", times: 2)
      try await wire.polling {
        for _ in 0..<2 { await wire.time.passSleep(of: .minutes(10)) }
        try await wire.hears("hello")
      }
      #expect(wire.chronicle.lines.count { $0 == "unauthorised" } == 2)
      #expect(wire.log.warnings.contains { $0.contains("TELEGRAM_BOT_TOKEN") })
    }
  }

  @Test func `polling too fast is paused for as long as the server says`() async throws {
    try await Wire.open { wire in
      wire.fault("flood", ["retry_after": 17], at: "getUpdates")
      try await wire.polling {
        await wire.time.passSleep(of: .seconds(17))
        try await wire.hears("hello")
      }
      #expect(!wire.chronicle.lines.contains { $0.hasPrefix("unreachable") })
    }
  }

  @Test func `the pause between polls ends with the task`() async throws {
    try await Wire.open { wire in
      wire.fault("unauthorised", at: "getMe", times: nil)
      try await wire.polling {
        await wire.time.waitForSleeper(until: wire.time.now + .minutes(10))
      }
      #expect(wire.calls(of: "getMe") == 1)
    }
  }
}
