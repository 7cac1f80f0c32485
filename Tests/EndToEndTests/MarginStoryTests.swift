import Foundation
import Loopback
import Testing
import TradingModel

extension EndToEnd {
  /// Too much margin in use: reduced until it is enough, or closed and locked when it never is.
  struct MarginStoryTests {
    /// 47,000 USDT at 5x tie up 9,400 of 10,000; after a fall of 4.3% they are 113% of what is left.
    /// Each reduction takes 5%: 108, 102, 97.
    private static func rules(most: Int) -> String {
      """
      risk:
        daily_stop_pct: -60
      margin:
        reduce_pct: 5
        cooldown_s: 1
        max_auto_reduce: \(most)

      """
    }

    private func begin(_ stage: Stage, most: Int) async throws -> (BotProcess, Quantity) {
      try stage.folder.write(
        "settings.yaml",
        StageFolder.settings(Doors(stage.world.addresses)) + Self.rules(most: most))
      let bot = try await stage.runningBot()
      try await stage.control(
        "open", ["symbol": "BTCUSDT", "side": "long", "notional": "47000", "leverage": "5"])
      try await stage.waitForText("New entries stopped. At 100% the bot closes 5% of everything.")
      let size = await stage.quantity(of: "BTCUSDT")
      try await stage.control("jump", ["percent": "-4.3"])
      return (bot, size)
    }

    @Test func `over a hundred percent the position is reduced until it is under, and no further`()
      async throws
    {
      try await Stage.play { stage in
        let (bot, size) = try await begin(stage, most: 5)
        let last = try await stage.waitForText("(3 of 5). Done in", within: .seconds(30))
        #expect(last.text.hasPrefix("🔴 IM 10"))
        #expect(last.text.contains("Closing 5% of 1 position now"))
        #expect(last.text.contains(", IM 9"))
        for number in ["(1 of 5). Done in", "(2 of 5). Done in"] {
          try await stage.waitForText(number)
        }
        let left = await stage.quantity(of: "BTCUSDT")
        #expect(left < size && left > .zero)
        #expect(await stage.closingOrders.count == 3)
        let wallet = await stage.world.exchange.read { venue, now in venue.wallet(at: now) }
        #expect(wallet.initialMargin < wallet.equity)

        try await stage.control("jump", ["percent": "4"])
        try await stage.waitForText("under 100% again after 3 reductions", within: .seconds(20))
        #expect(await stage.quantity(of: "BTCUSDT") == left)
        #expect(try await !stage.ask("/status").text.contains("LOCKED"))
        try await bot.stop()
      }
    }

    @Test func `after the last reduction everything is closed, and locked until a person unlocks`()
      async throws
    {
      try await Stage.play { stage in
        let (bot, _) = try await begin(stage, most: 2)
        try await stage.waitForText(
          "after 2 reductions. Closing everything, locked until /unlock", within: .seconds(30))
        try await stage.waitUntilFlat()
        try await stage.waitForText("flat confirmed")
        let status = try await stage.ask("/status").text
        #expect(status.contains("LOCKED"))
        #expect(status.contains("margin in use 10"))
        let names = try stage.folder.stateFiles().map(\.name)
        #expect(names.contains("panic.lock"))
        try await bot.stop()
      }
    }
  }
}
