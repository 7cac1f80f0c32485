import Foundation
import Loopback
import Testing
import TradingModel

extension EndToEnd {
  /// The market falls: the day ends, in the chat, on the exchange and in the files, and stays ended.
  struct DayStopTests {
    @Test func `the day stop closes, locks and writes its row, once, over a restart too`()
      async throws
    {
      try await Stage.play { stage in
        let first = try await stage.runningBot()
        try await stage.open("BTCUSDT", notional: "20000")
        try await stage.control("jump", ["percent": "-2.1"])
        try await stage.waitForText("Daily stop at −5% is", within: .seconds(20))
        #expect(await !stage.positions.isEmpty, "near is not there")
        try await stage.control("jump", ["percent": "-0.6"])
        try await stage.waitForText("DAILY STOP −5", within: .seconds(20))
        try await stage.waitUntilFlat()
        try await stage.waitForText("flat confirmed")
        #expect(try await stage.ask("/status").text.contains("LOCKED"))
        try await first.stop()

        let day = try file("daily_pnl.json", stage)
        #expect(day.contains(#""stopped": true"#) && day.contains(#""stop_reason": "max_dd""#))
        #expect(day.contains(#""limits_fired": ["#))
        #expect(try file("trading_disabled.flag", stage).contains("daily stop -5"))
        try checkLog(stage)
        #expect(try stage.folder.stateFiles().contains { $0.name.hasPrefix("snapshots/") })

        let second = try stage.startBot()
        try await stage.waitForState("LOCKED")
        await stage.world.exchange.jump(["BTCUSDT"], by: .percent(-2))
        let question = try await stage.ask("/unlock", thenTap: "Unlock")
        try await stage.waitForText("Unlocked", in: question)
        #expect(await stage.positions.isEmpty, "nothing was entered under the lock")
        try await second.stop()
        #expect(try !stage.folder.stateFiles().contains { $0.name == "trading_disabled.flag" })
        try checkLog(stage)
      }
    }

    private func checkLog(_ stage: Stage) throws {
      let rows = try file("pnl_log.csv", stage).split(separator: "\n")
      #expect(rows.count == 2)
      #expect(rows.first == "date,daily_profit_pct,daily_profit_usd,num_trades")
      #expect(rows.last?.contains(",-5.") == true && rows.last?.hasSuffix(",1") == true)
    }

    private func file(_ name: String, _ stage: Stage) throws -> String {
      let found = try stage.folder.stateFiles().first { $0.name == name }
      return String(decoding: try #require(found).bytes, as: UTF8.self)
    }
  }
}
