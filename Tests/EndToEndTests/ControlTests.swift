import Foundation
import Loopback
import Testing
import TradingModel

extension EndToEnd {
  /// The red button: by HTTP, from the command line, with a bot, without one and beside one that
  /// hangs.
  struct ControlTests {
    @Test func `a panic by HTTP closes, is told in the chat, is kept, and is reset when flat`()
      async throws
    {
      try await Stage.play { stage in
        _ = try await stage.runningBotWithPosition()
        let page = try await stage.press(
          .post, "/panic", headers: ["Origin": "https://evil.example"])
        #expect(page.status == 403)
        #expect(await !stage.positions.isEmpty)
        let early = try await stage.press(.post, "/panic/reset")
        #expect(early.status == 200 && early.json["reset"] == .bool(false))

        let answer = try await stage.press(.post, "/panic")
        #expect(answer.status == 200)
        #expect(answer.json["flat"] == .bool(true))
        #expect(answer.json["report"]?["positions_closed"] == .number("1"))
        #expect(answer.json["text"]?.stringValue?.contains("6 report") == true)
        #expect(await stage.positions.isEmpty)
        try await stage.waitForText("PANIC by HTTP")
        try await stage.waitForText("flat confirmed")
        #expect(try await stage.ask("/status").text.contains("LOCKED"))

        try await stage.openUnseen("BTCUSDT")
        let health = try await stage.press(.get, "/healthz")
        #expect(health.json["panic_tripped"] == .bool(true))
        #expect(health.json["trading_enabled"] == .bool(false))
        let refused = try await stage.press(.post, "/panic/reset")
        #expect(refused.status == 409)
        #expect(refused.json["positions"]?[0]?["symbol"] == "BTCUSDT")
        #expect(try await stage.press(.post, "/panic").status == 200)
        #expect(try await stage.press(.post, "/panic/reset").status == 200)
        try await stage.waitForState("RUNNING")
        let file = stage.folder.url.appending(path: "state/panic.lock").path
        try await eventually("no panic.lock", on: stage.account.beats, within: .seconds(5)) {
          FileManager.default.fileExists(atPath: file) ? Bool?.none : true
        }
      }
    }

    @Test func `the command line tells the bot that runs, and shows its six phases`() async throws {
      try await Stage.play { stage in
        _ = try await stage.runningBotWithPosition()
        let before = try await stage.program("panic", "--status")
        #expect(before.ending == .exited(0) && before.output.contains("no panic lock"))
        let unasked = try await stage.program("panic")
        #expect(unasked.ending == .exited(4) && unasked.errors.contains("--yes"))
        #expect(await !stage.positions.isEmpty)

        let panic = try await stage.program("panic", "--yes", "--why", "fire drill")
        #expect(panic.ending == .exited(0))
        for words in ["PANIC by command line", "1 modules off", "6 report", "flat confirmed"] {
          #expect(panic.output.contains(words), "\(words)")
        }
        #expect(!panic.errors.contains("directly"))
        #expect(await stage.positions.isEmpty)
        try await stage.waitForText("PANIC by command line")
        #expect(try await stage.ask("/status").text.contains("fire drill"))
        let after = try await stage.program("panic", "--status")
        #expect(after.ending == .exited(5) && after.output.contains("fire drill"))
        #expect(try await stage.program("panic", "--reset").ending == .exited(0))
        try await stage.waitForState("RUNNING")
      }
    }

    @Test func `with no bot at all it closes at the venue, and the next bot starts locked`()
      async throws
    {
      try await Stage.play { stage in
        let first = try await stage.runningBotWithPosition()
        try await first.stop()
        let panic = try await stage.program("panic", "--yes", "--why", "no bot")
        #expect(panic.ending == .exited(0))
        #expect(panic.output.contains("6 report") && panic.output.contains("flat confirmed"))
        #expect(panic.errors.contains("no program runs"))
        #expect(await stage.positions.isEmpty)
        #expect(await stage.closingOrders.count == 1)
        #expect(try await stage.program("panic", "--status").ending == .exited(5))

        let bot = try stage.startBot()
        try await stage.waitForState("LOCKED")
        #expect(try await stage.ask("/status").text.contains("no bot"))
        try await bot.stop()

        try await stage.openUnseen("BTCUSDT")
        let early = try await stage.program("panic", "--reset")
        #expect(early.ending == .exited(3) && early.errors.contains("BTCUSDT"))
        #expect(try await stage.program("panic", "--yes").ending == .exited(0))
        #expect(try await stage.program("panic", "--reset").ending == .exited(0))
        #expect(try await stage.program("panic", "--status").ending == .exited(0))
        _ = try stage.startBot()
        try await stage.waitForState("RUNNING")
      }
    }

    @Test func `beside a bot that hangs it closes at the venue, and the bot wakes up locked`()
      async throws
    {
      try await Stage.play { stage in
        let bot = try await stage.runningBotWithPosition()
        bot.suspend()
        let panic = try await stage.program("panic", "--yes", "--why", "it hangs")
        #expect(panic.ending == .exited(0))
        #expect(panic.errors.contains("does not answer") && panic.errors.contains("beside it"))
        #expect(panic.output.contains("flat confirmed"))
        #expect(await stage.positions.isEmpty)
        #expect(await stage.closingOrders.count == 1)
        let asleep = try await stage.program("panic", "--reset")
        #expect(asleep.ending == .exited(6))

        bot.resume()
        try await stage.waitForState("LOCKED")
        #expect(await stage.closingOrders.count == 1)
        try await bot.stop()
      }
    }
  }
}
