import Loopback
import TestSupport
import Testing
import TradingModel

extension EndToEnd {
  /// The process dies where it hurts most, and is started again on what it left behind.
  struct CrashTests {
    enum Moment: CaseIterable {
      /// The order was carried out, and its answer never came.
      case afterTheClose
      /// The order never got through.
      case beforeTheClose
      /// As the first, of a close that leaves half of the position.
      case afterHalf

      var isExecuted: Bool { self != .beforeTheClose }
      var button: String { self == .afterHalf ? "50%" : "Close 100%" }
      var outcome: String {
        self == .afterHalf ? "✓ BTCUSDT: 0.015 of 0.031 closed" : "✓ BTCUSDT closed"
      }
      var left: Quantity { self == .afterHalf ? "0.016" : "0" }
    }

    @Test(arguments: Moment.allCases)
    func `killed in the middle of a close, it closes once and tells so in the same message`(
      moment: Moment
    ) async throws {
      try await Stage.play { stage in
        let first = try await stage.runningBot()
        try await stage.open("BTCUSDT")
        let report = try await interruptedClose(at: moment, stage)
        first.kill()
        #expect(try await first.end(within: .seconds(5)) == .killed(signal: 9))
        let before = try #require(await stage.messages().first { $0.id == report })
        try #require(!before.text.contains("✓"), "it was told before the crash")
        #expect(await stage.closingOrders.count == (moment.isExecuted ? 1 : 0))

        let second = try stage.startBot()
        let told = try await stage.waitForText("taken up again", in: report)
        #expect(told.text.contains(moment.outcome))
        try await stage.waitForText("1 command was in flight: /close btc")
        #expect(await stage.quantity(of: "BTCUSDT") == moment.left)
        #expect(await stage.closingOrders.count == 1)
        #expect(await stage.messages().count { $0.text.contains("✓ BTCUSDT") } == 1)
        #expect(!second.errors.text.contains("/pair"), "it remembers its owner")

        try await second.stop()
      }
    }

    /// - Returns: The message that the close is told in.
    private func interruptedClose(at moment: Moment, _ stage: Stage) async throws -> Int64 {
      stage.world.faults.add(
        FaultRule(
          service: "bybit", endpoint: "order/create",
          Fault("stall", ["executed": .bool(moment.isExecuted)])))
      let report = try await stage.ask("/close btc", thenTap: moment.button)
      try await eventually("the order", on: stage.account.beats, within: .seconds(10)) {
        guard stage.world.faults.entries.isEmpty else { return Bool?.none }
        let isClosed = await stage.quantity(of: "BTCUSDT") == moment.left
        return isClosed || !moment.isExecuted ? true : nil
      }
      return report
    }
  }
}
