import Foundation
import Journal
import Testing
import TradingModel

@testable import Quarterdeck

extension EndToEnd {
  /// What one life of the process leaves to the next.
  struct RestartTests {
    @Test func `a kill is a crash, a stop is none, and a stop leaves no log beside the journal`()
      async throws
    {
      try await Stage.play { stage in
        let first = try await stage.runningBot()
        first.kill()
        _ = try await first.end(within: .seconds(5))
        let killedAt = SystemClock().now
        let left = try await remembered(stage)
        #expect(!left.stoppedCleanly)
        let alive = try #require(left.lastSeenAliveAt)
        #expect(killedAt - alive < .seconds(7) && alive <= killedAt)

        let second = try stage.startBot()
        try await stage.waitForText("after a crash")
        try await second.stop()
        let names = try stage.folder.stateFiles().map(\.name)
        #expect(names.contains("quarterdeck.sqlite"))
        #expect(!names.contains { $0.hasSuffix("-wal") || $0.hasSuffix("-shm") })
        let next = try await remembered(stage)
        #expect(next.stoppedCleanly)
        #expect(next.boot > left.boot)
        #expect(try #require(next.lastSeenAliveAt) > killedAt)
      }
    }

    @Test func `a journal that was damaged leaves the day locked, and its owner told`()
      async throws
    {
      try await Stage.play { stage in
        let first = try await stage.runningBot()
        try await stage.open("BTCUSDT", notional: "42500")
        try await stage.control("jump", ["percent": "-2"])
        try await stage.waitForText("DAILY STOP −8", within: .seconds(20))
        try await stage.waitUntilFlat()
        try await stage.waitForText("flat confirmed")
        first.kill()
        _ = try await first.end(within: .seconds(5))
        let journal = stage.folder.url.appending(path: "state/quarterdeck.sqlite")
        // The log alone would bring all of it back.
        for suffix in ["-wal", "-shm"] {
          try FileManager.default.removeItem(atPath: journal.path + suffix)
        }
        try Data("not a database at all, and longer than any header".utf8).write(to: journal)

        let second = try stage.startBot()
        try await stage.pair(with: second, resuming: false)
        try await stage.waitForText("The journal: it was damaged", within: .seconds(20))
        let status = try await stage.ask("/status")
        #expect(status.text.contains("LOCKED"))
        try await second.stop()
      }
    }

    @Test func `where the journal can't be opened, positions are closed all the same`() async throws
    {
      try await Stage.play { stage in
        let first = try await stage.runningBot()
        try await stage.open("BTCUSDT")
        try await first.stop()
        // SQLite wants to put its index there.
        let index = stage.folder.url.appending(path: "state/quarterdeck.sqlite-shm")
        try FileManager.default.createDirectory(at: index, withIntermediateDirectories: false)

        let second = try stage.startBot()
        let alert = try await stage.waitForText("Cannot write the store")
        #expect(alert.text.contains("kept in memory"))
        try await stage.waitForText("Started", after: alert.id)
        let report = try await stage.ask("/close btc", thenTap: "Close 100%")
        try await stage.waitForText("Not recorded", in: report)
        #expect(await stage.quantity(of: "BTCUSDT") == "0")
        try await second.stop()
        try FileManager.default.removeItem(at: index)
      }
    }

    /// What the journal of a process that has ended tells.
    private func remembered(_ stage: Stage) async throws -> RestoredState {
      let clock = SystemClock()
      let path = stage.folder.url.appending(path: "state/quarterdeck.sqlite").path
      let journal = try Journal(JournalSettings(path: path), clock: clock)
      let state = try await journal.restored(at: clock.now)
      try journal.close()
      return state
    }
  }
}
