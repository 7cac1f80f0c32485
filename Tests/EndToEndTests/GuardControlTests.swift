import Foundation
import Loopback
import Testing
import TradingModel
import Transport

@testable import Quarterdeck

extension EndToEnd {
  /// The red button while the guard has the chat.
  struct GuardControlTests {
    @Test func `the guard answers on the control server's port, and gives that back with the chat`()
      async throws
    {
      try await Stage.play { stage in
        let guardian = try await stage.guardWithTheChat()
        let health = try await stage.press(.get, "/healthz")
        #expect(health.status == 503)
        #expect(health.json["failing"]?[0] == "the bot is down, the guard has the chat")
        #expect(health.json["trading_enabled"] == .bool(false))

        let panic = try await stage.press(.post, "/panic")
        #expect(panic.status == 200 && panic.json["flat"] == .bool(true))
        #expect(await stage.positions.isEmpty)
        #expect(await stage.closingOrders.count == 1)
        try await stage.waitForText("PANIC by HTTP")
        try await stage.waitForText("flat confirmed")
        let ends = try CrashJournal(in: stage.folder).ends(of: "panic")
        #expect(ends == ["HTTP reported"])
        let status = try await stage.press(.get, "/panic/status")
        #expect(status.json["process"] == .integer(guardian.number))

        let bot = try stage.startBot()
        let start = try await stage.waitForText("the guard had the chat for").text
        #expect(!start.contains("in flight"))
        let next = try await eventually("the bot", on: stage.account.beats, within: .seconds(10)) {
          let answer = try? await stage.press(.get, "/panic/status")
          return answer?.json["process"] == .integer(bot.number) ? answer : nil
        }
        #expect(next.json["panic_tripped"] == .bool(true))
        #expect(try await stage.press(.post, "/panic/reset").status == 200)
        try await stage.waitForState("RUNNING")
        #expect(await stage.messages().allSatisfy { !$0.text.contains("can't listen") })
        #expect(await stage.closingOrders.count == 1)
      }
    }

    @Test func `the command line tells the guard, and lifts the lock there`() async throws {
      try await Stage.play { stage in
        _ = try await stage.guardWithTheChat()
        let panic = try await stage.program("panic", "--yes", "--why", "the bot is dead")
        #expect(panic.ending == .exited(0))
        #expect(panic.output.contains("6 report") && panic.output.contains("flat confirmed"))
        #expect(panic.errors.contains("telling it") && !panic.errors.contains("directly"))
        #expect(await stage.positions.isEmpty)
        #expect(await stage.closingOrders.count == 1)
        try await stage.waitForText("PANIC by command line")
        #expect(try await stage.program("panic", "--status").ending == .exited(5))
        let reset = try await stage.press(.post, "/panic/reset")
        #expect(reset.status == 200 && reset.json["reset"] == .bool(true))
        #expect(reset.json["trading_enabled"] == .bool(false), "the guard enters nothing")
        #expect(try await stage.program("panic", "--reset").ending == .exited(0))
        _ = try stage.startBot()
        try await stage.waitForState("RUNNING")
      }
    }

    @Test func `a panic from the command line goes on with the bot that comes back`() async throws {
      try await Stage.play { stage in
        _ = try await stage.guardWithTheChat()
        stage.world.faults.add(
          FaultRule(
            service: "bybit", endpoint: "order/create", Fault("reject", ["code": 10016]), times: nil
          ))
        async let ending = stage.program("panic", "--yes")
        try await stage.waitForText("PANIC by command line")
        _ = try stage.startBot()
        let start = try await stage.waitForText(
          "the guard had the chat for", within: .seconds(20)
        ).text
        #expect(start.contains("1 command was in flight: /panic"))
        stage.world.faults.clear()
        let panic = try await ending
        #expect(panic.ending == .exited(0))
        #expect(panic.output.contains("flat confirmed"))
        #expect(await stage.positions.isEmpty)
        #expect(await stage.closingOrders.count == 1)
        try await eventually("every end", on: stage.account.beats, within: .seconds(10)) {
          let ends = try CrashJournal(in: stage.folder).ends(of: "panic")
          return ends.allSatisfy { $0.hasSuffix("reported") } ? () : nil
        }
        try await stage.waitForState("LOCKED")
      }
    }
  }
}

extension Stage {
  /// A guard that has the chat, since its bot was killed with a position open.
  fileprivate func guardWithTheChat() async throws -> BotProcess {
    let guardian = try await startGuard()
    let bot = try await runningBotWithPosition()
    bot.kill()
    try await waitForText("The bot is down: its process ended")
    try await eventually("a control server", on: account.beats, within: .seconds(10)) {
      // Nobody listens at first.
      do { _ = try await press(.get, "/healthz") } catch { return Bool?.none }
      return true
    }
    return guardian
  }
}
