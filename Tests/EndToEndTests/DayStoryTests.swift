import Loopback
import Testing
import TradingModel

extension EndToEnd {
  /// From the code on the console to a locked day and out of it again.
  struct DayStoryTests {
    @Test func `from pairing over entry, alarms and the day stop to unlocking`() async throws {
      try await Stage.play { stage in
        let bot = try await stage.runningBot()
        #expect(try await stage.ask("/allow eth sol").text.contains("+ETHUSDT +SOLUSDT"))

        try await anEntryRestsOnItsStop(stage)
        try await aRefusedOrderIsToldInWords(stage)
        try await marginInUseIsToldAbove80(stage)
        try await theDayStopFlattensAndLocks(stage)
        try await unlockingWantsAFlatAccount(stage)

        try await bot.stop()
      }
    }

    /// Longs are liquidated under the VWAP: bought, and the stop is on the venue with the fill.
    private func anEntryRestsOnItsStop(_ stage: Stage) async throws {
      await stage.world.exchange.jump(["ETHUSDT"], by: .percent(-2))
      let position = try await stage.waitForPosition(of: "ETHUSDT")
      let entry = try #require(position.entryPrice)
      let stop = try #require(position.stop, "the stop came with the order")
      #expect(position.side == .long)
      #expect(stop < entry)
      #expect(try #require(position.target) > entry)
      try await stage.waitForText("Opened ETHUSDT")
    }

    private func aRefusedOrderIsToldInWords(_ stage: Stage) async throws {
      try await stage.control(
        "fail",
        ["endpoint": "/v5/order/create", "code": 110_007, "reason": "ab not enough for new order"])
      await stage.world.exchange.jump(["SOLUSDT"], by: .percent(-2))
      let alert = try await stage.waitForText("Orders failing: SOLUSDT")
      #expect(alert.text.contains("insufficient balance (110007)"))
      #expect(await !stage.positions.contains { $0.key.symbol == "SOLUSDT" })
    }

    private func marginInUseIsToldAbove80(_ stage: Stage) async throws {
      try await stage.control(
        "open", ["symbol": "BTCUSDT", "side": "long", "notional": "42500", "leverage": "5"])
      let alert = try await stage.waitForText("New entries stopped", within: .seconds(20))
      #expect(alert.text.contains("IM 8"))
      #expect(alert.text.contains("limit 80"))
      #expect(alert.text.contains("Largest: BTCUSDT"))
    }

    private func theDayStopFlattensAndLocks(_ stage: Stage) async throws {
      try await stage.control("jump", ["percent": "-2"])
      try await stage.waitForText("DAILY STOP −8", within: .seconds(20))
      try await stage.waitUntilFlat()
      try await stage.waitForText("flat confirmed")
      #expect(try await stage.ask("/status").text.contains("LOCKED"))
    }

    private func unlockingWantsAFlatAccount(_ stage: Stage) async throws {
      try await stage.open("DOGEUSDT", .short, notional: "200")
      let refusal = try await stage.ask("/unlock")
      #expect(refusal.text.contains("Refused: "))
      #expect(refusal.text.contains("DOGEUSDT"))

      let report = try await stage.ask("/close doge", thenTap: "Close 100%")
      try await stage.waitForText("✓ DOGEUSDT closed", in: report)
      let question = try await stage.ask("/unlock", thenTap: "Unlock")
      try await stage.waitForText("Unlocked", in: question)
      #expect(try await !stage.ask("/status").text.contains("LOCKED"))
    }
  }
}
