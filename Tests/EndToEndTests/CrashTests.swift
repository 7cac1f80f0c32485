import Loopback
import Testing
import TradingModel

extension EndToEnd {
  /// The process dies where it hurts most, and is started again on what it left behind.
  struct CrashTests {
    /// - Parameter executed: Whether the order got through before the end.
    @Test(arguments: [true, false])
    func `killed in the middle of a close, it is flat once and told in the same message`(
      executed: Bool
    ) async throws {
      try await Stage.play { stage in
        let first = try stage.startBot()
        try await stage.pair(with: first)
        try await stage.waitForState("RUNNING")
        try await stage.control(
          "open", ["symbol": "BTCUSDT", "side": "long", "notional": "2000", "leverage": "5"])
        try await stage.waitForText("Opened BTCUSDT")

        // The answer to the order never comes.
        stage.world.faults.add(
          FaultRule(
            service: "bybit", endpoint: "order/create",
            Fault("stall", ["executed": .bool(executed)])))
        let report = try await stage.ask("/close btc", thenTap: "Close 100%")
        try await eventually("the order", on: stage.account.beats, within: .seconds(10)) {
          stage.world.faults.entries.isEmpty ? () : nil
        }
        if executed { try await stage.waitUntilFlat() }
        first.kill()
        #expect(try await first.end(within: .seconds(5)) == .killed(signal: 9))
        let left = try #require(await stage.messages().first { $0.id == report })
        try #require(!left.text.contains("✓"), "it was reported before the crash")
        #expect(await stage.closingOrders.count == (executed ? 1 : 0))

        let second = try stage.startBot()
        let told = try await stage.waitForText("✓ BTCUSDT closed", in: report)
        #expect(told.text.contains("flat confirmed"))
        try await stage.waitUntilFlat()
        #expect(await stage.closingOrders.count == 1)
        #expect(await stage.messages().count { $0.text.contains("✓ BTCUSDT closed") } == 1)
        #expect(!second.errors.text.contains("/pair"), "it remembers its owner")

        second.terminate()
        #expect(try await second.end(within: .seconds(10)) == .exited(0))
      }
    }
  }
}
