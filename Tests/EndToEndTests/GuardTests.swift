import Foundation
import Loopback
import Testing
import TradingModel

@testable import Quarterdeck

extension EndToEnd {
  /// The second process: takes the chat when the first one dies or hangs, and gives it back.
  struct GuardTests {
    @Test func `killed while the person types close, the guard answers within 2 s and flattens`()
      async throws
    {
      try await Stage.play { stage in
        let guardian = try await stage.startGuard()
        let bot = try await stage.runningBot()
        try await stage.open("BTCUSDT")

        bot.kill()
        let start = SystemClock().now
        let answer = try await stage.ask("/close btc")
        #expect(SystemClock().now - start < .seconds(2))
        #expect(answer.text.contains("BTCUSDT"))
        try await stage.tap("Close 100%", on: answer)
        try await stage.waitForText("✓ BTCUSDT closed", in: answer.id)
        #expect(await stage.quantity(of: "BTCUSDT") == "0")
        #expect(await stage.closingOrders.count == 1)
        let told = try await stage.waitForText("The bot is down: its process ended")
        #expect(!told.isSilent)
        #expect(try await stage.ask("/pause").text.contains("the guard can do: /status /positions"))
        #expect(try await stage.ask("/status").text.contains("the guard has the chat"))

        try await guardian.stop()
        try await stage.waitForText("The guard stops")
      }
    }

    @Test func `what was typed to a bot that hung is answered once, by the guard`() async throws {
      try await Stage.play { stage in
        _ = try await stage.startGuard()
        let bot = try await stage.runningBot()
        try await stage.open("BTCUSDT")
        bot.freeze()
        let typed = try await stage.say("/close btc")
        bot.kill()
        let start = SystemClock().now
        let answer = try await eventually(
          "an answer", on: stage.world.telegram.changes, within: .seconds(10)
        ) {
          await stage.messages(after: typed).first { $0.replyTo == typed }
        }
        #expect(SystemClock().now - start < .seconds(2))
        try await stage.tap("Close 100%", on: answer)
        try await stage.waitForText("✓ BTCUSDT closed", in: answer.id)
        #expect(await stage.closingOrders.count == 1)
        #expect(await stage.messages().count { $0.replyTo == typed } == 1)
      }
    }

    @Test func `a guard that hangs with the chat is ended by the bot that wants it`() async throws {
      try await Stage.play { stage in
        let guardian = try await stage.startGuard()
        let bot = try await stage.runningBot()
        bot.kill()
        try await stage.waitForText("The bot is down: its process ended")
        guardian.freeze()
        let second = try stage.startBot(environment: ["QUARTERDECK_GUARD__EXPECTED": "true"])
        try await stage.waitForText("the guard had the chat for", within: .seconds(25))
        #expect(try await guardian.end(within: .seconds(2)) == .killed(signal: SIGKILL))
        #expect(try await stage.ask("/status").text.contains("guard absent"))
        #expect(try await stage.ask("/health").text.contains("guard    absent"))
        _ = try await stage.startGuard()
        try await stage.waitForState("guard ready")
        try await second.stop()
      }
    }

    @Test func `a bot that expects a guard and sees none says so, and when it is there`()
      async throws
    {
      try await Stage.play { stage in
        let bot = try await stage.runningBot(environment: [
          "QUARTERDECK_GUARD__EXPECTED": "true", "QUARTERDECK_GUARD__ABSENT_S": "5",
        ])
        let told = try await stage.waitForText("The guard has not been there for 5 s")
        #expect(!told.isSilent)
        let guardian = try await stage.startGuard()
        try await stage.waitForState("guard ready")
        try await bot.stop()
        try await guardian.stop()
      }
    }

    @Test func `a close that the bot was carrying out is finished by the guard, once`() async throws
    {
      try await Stage.play { stage in
        _ = try await stage.startGuard()
        let bot = try await stage.runningBot()
        try await stage.open("BTCUSDT")
        stage.world.faults.add(
          FaultRule(
            service: "bybit", endpoint: "order/create", Fault("stall", ["executed": .bool(true)])))
        let report = try await stage.ask("/close btc", thenTap: "Close 100%")
        try await eventually("the order", on: stage.account.beats, within: .seconds(10)) {
          stage.world.faults.entries.isEmpty ? true : nil
        }
        bot.kill()
        try await stage.waitForText("✓ BTCUSDT closed", in: report)
        try await stage.waitForText("1 command was in flight: /close btc")
        #expect(await stage.closingOrders.count == 1)
        #expect(await stage.messages().count { $0.text.contains("✓ BTCUSDT") } == 1)
      }
    }

    @Test func `a bot that hangs is ended, and one that is back is given the chat`() async throws {
      try await Stage.play { stage in
        let quick = ["QUARTERDECK_GUARD__HANG_S": "5"]
        let guardian = try await stage.startGuard(environment: quick)
        let bot = try await stage.runningBot()
        try await stage.open("BTCUSDT")
        bot.freeze()
        try await stage.waitForText("The bot is down: it hung for 5 s", within: .seconds(15))
        #expect(try await bot.end(within: .seconds(2)) == .killed(signal: SIGKILL))

        let questions = try await stage.askWhile {
          let second = try stage.startBot(environment: quick)
          try await stage.waitForText("the guard had the chat for")
          return second
        }
        for question in questions.asked {
          let answers = await stage.messages().filter { $0.replyTo == question }
          #expect(answers.count == 1, "#\(question) was answered \(answers.count) times")
        }
        try await stage.waitForState("RUNNING")
        #expect(await stage.quantity(of: "BTCUSDT") == "0.031")
        #expect(!guardian.errors.text.contains("another program polls"))

        // It waits again, and an orderly stop is nothing to wake anybody for.
        try await questions.result.stop()
        let told = try await stage.waitForText(
          "The bot is down: it was stopped", within: .seconds(25))
        #expect(told.isSilent)
      }
    }

    @Test func `a folder has one guard, and without a bot it waits`() async throws {
      try await Stage.play { stage in
        let first = try await stage.startGuard()
        let second = try BotProcess(stage.folder.arguments("guard"), in: stage.folder.url)
        #expect(try await second.end(within: .seconds(10)) == .exited(2))
        #expect(second.errors.text.contains("has a guard already"))
        let bot = try await stage.runningBot()
        let third = try BotProcess(stage.folder.run, in: stage.folder.url)
        #expect(try await third.end(within: .seconds(10)) == .exited(2))
        #expect(third.errors.text.contains("in use by process \(bot.number)"))
        try await first.stop()
      }
    }

    @Test func `a supervisor starts the bot again, and the third time it comes up paused`()
      async throws
    {
      try await Stage.play { stage in
        let guardian = try await stage.startGuard(["--supervise"])
        try await stage.pair(with: guardian)
        try await stage.waitForState("RUNNING")
        for life in 1...2 {
          let holder = try await stage.mainProcess()
          kill(holder, SIGKILL)
          try await eventually("start \(life + 1)", on: stage.account.beats, within: .seconds(20)) {
            let next = try await stage.mainProcess()
            return next != holder ? true : nil
          }
        }
        try await stage.waitForText("3 starts in 10 min. PAUSED", within: .seconds(20))
        try await stage.waitForState("PAUSED")
        let last = try await stage.mainProcess()
        try await guardian.stop()
        #expect(kill(last, 0) != 0, "its child has ended, too")
      }
    }
  }
}

extension Stage {
  /// The main process, once it holds the folder.
  fileprivate func mainProcess() async throws -> Int32 {
    let state = folder.url.appending(path: "state").path
    return try await eventually("a main process", on: account.beats, within: .seconds(20)) {
      StateFolder.liveHolder(in: state).flatMap { $0.isStandIn ? nil : $0.process }
    }
  }

  /// Types questions for as long as `work` takes, and six at least: not faster than a chat takes
  /// answers. All have theirs when it returns.
  fileprivate func askWhile<Result: Sendable>(
    _ work: () async throws -> Result
  ) async throws -> (asked: [Int64], result: Result) {
    let asking = Task {
      var asked: [Int64] = []
      while !Task.isCancelled || asked.count < 6 {
        asked.append(try await say("/whoami"))
        await Task { try? await SystemClock().sleep(for: .milliseconds(700)) }.value
      }
      return asked
    }
    let result = try await work()
    asking.cancel()
    let asked = try await asking.value
    try await eventually("all answers", on: world.telegram.changes, within: .seconds(15)) {
      let answered = Set(await messages().compactMap(\.replyTo))
      return asked.allSatisfy(answered.contains) ? true : nil
    }
    return (asked, result)
  }
}
