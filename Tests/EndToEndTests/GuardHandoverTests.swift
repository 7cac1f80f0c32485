import Foundation
import Loopback
import Testing
import TradingModel

@testable import Quarterdeck

extension EndToEnd {
  /// The guard flattens, the venue is slow or refuses, and the bot comes back and asks for the chat.
  struct GuardHandoverTests {
    /// What keeps a close from ending.
    enum Trouble {
      /// Orders are refused as by a venue under maintenance.
      case refused
      /// Orders are swallowed: neither answered nor carried out.
      case swallowed
      /// Orders are carried out, and nobody hears of it: no answer, no reading.
      case unheard

      /// What meets the order.
      var order: Fault {
        switch self {
        case .refused: Fault("reject", ["code": 10016])
        case .swallowed: Fault("stall", ["executed": .bool(false)])
        case .unheard: Fault("stall")
        }
      }

      /// What keeps its sender from hearing of it otherwise.
      var deafness: [FaultRule] {
        guard self == .unheard else { return [] }
        return [FaultRule(service: "bybit", endpoint: "position/list", Fault("stall"), times: nil)]
          + ["position", "execution", "order", "wallet"].map {
            FaultRule(service: "bybit_stream", endpoint: $0, Fault("lose"), times: nil)
          }
      }
    }

    @Test(
      arguments: [(Trouble.refused, "panic"), (.swallowed, "close"), (.unheard, "panic")])
    func `a flatten that the guard began is finished by the bot, once`(
      trouble: Trouble, command: String
    ) async throws {
      try await Stage.play { stage in
        let guardian = try await stage.startGuard()
        let first = try await stage.runningBotWithPosition()
        first.kill()
        try await stage.waitForText("The bot is down: its process ended")

        let report = try await stage.begin(command, meeting: trouble)

        let second = try stage.startBot()
        try await second.errors.line(
          containing: "the guard has the chat and is asked for it", within: .seconds(10))
        try await stage.waitForHolder(second)
        stage.world.faults.clear()

        try await stage.checkEnd(of: command, in: report)
        let start = try await stage.waitForText("the guard had the chat for").text
        #expect(start.contains("1 command was in flight: /\(command)"))
        try stage.checkLocks(held: second, beside: guardian)
        try await second.stop()
      }
    }

    @Test func `a flatten that ends while the bot waits is told by the guard, not begun again`()
      async throws
    {
      try await Stage.play { stage in
        let guardian = try await stage.startGuard()
        let first = try await stage.runningBotWithPosition()
        first.kill()
        try await stage.waitForText("The bot is down: its process ended")
        let report = try await stage.begin("panic", meeting: .refused)

        let second = try stage.startBot()
        try await second.errors.line(
          containing: "the guard has the chat and is asked for it", within: .seconds(10))
        stage.world.faults.clear()
        try await stage.checkEnd(of: "panic", in: report)
        let start = try await stage.waitForText("the guard had the chat for").text
        #expect(!start.contains("in flight"), "it ended before")
        try stage.checkLocks(held: second, beside: guardian)
        try await second.stop()
      }
    }
  }
}

extension Stage {
  /// Says `/close btc` or `/panic` and confirms it, and waits until its order has met the trouble.
  /// - Returns: The message in which it goes on.
  fileprivate func begin(
    _ command: String, meeting trouble: EndToEnd.GuardHandoverTests.Trouble
  ) async throws -> Int64 {
    world.faults.add(
      FaultRule(service: "bybit", endpoint: "order/create", trouble.order, times: nil))
    let deaf = trouble.deafness
    for rule in deaf where rule.service == "bybit_stream" { world.faults.add(rule) }
    let report =
      command == "close"
      ? try await ask("/close btc", thenTap: "Close 100%")
      : try await ask("/panic", thenTap: "Panic")
    try await eventually("a struck order", on: account.beats, within: .seconds(10)) {
      world.transcript.lines().contains { $0.text.hasPrefix("! ") && $0.text.contains("create") }
        ? () : nil
    }
    for rule in deaf where rule.service == "bybit" { world.faults.add(rule) }
    return report
  }

  fileprivate func waitForHolder(_ bot: BotProcess) async throws {
    let state = folder.url.appending(path: "state").path
    try await eventually("the folder in its hands", on: account.beats, within: .seconds(20)) {
      StateFolder.liveHolder(in: state)?.process == bot.number ? () : nil
    }
  }

  /// Done once, told once, written down once.
  fileprivate func checkEnd(of command: String, in report: Int64) async throws {
    let isClose = command == "close"
    let words = isClose ? "✓ BTCUSDT closed" : "flat confirmed"
    let told = try await waitForText(words, in: report, within: .seconds(30))
    #expect(await quantity(of: "BTCUSDT") == .zero)
    #expect(await closingOrders.count == 1)
    #expect(await messages().count { $0.text.contains(words) } == 1)
    try await eventually("its end in the journal", on: account.beats, within: .seconds(10)) {
      try CrashJournal(in: folder).ends(of: command) == ["Ana reported"] ? () : nil
    }
    if isClose { return }
    // What was closed by the one is counted by the other.
    #expect(told.text.contains("Closed 1 ·"))
    try await waitForState("LOCKED")
  }

  fileprivate func checkLocks(held bot: BotProcess, beside guardian: BotProcess) throws {
    let state = folder.url.appending(path: "state").path
    let holder = try #require(StateFolder.liveHolder(in: state))
    #expect(holder.process == bot.number && !holder.isStandIn)
    #expect(!StateFolder.isWanted(state))
    #expect(FileLock.isHeld(state + "/guard.lock", by: guardian.number))
  }
}
