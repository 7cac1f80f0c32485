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

    enum Disk: CaseIterable {
      /// A file lies where the folder should be.
      case noFolder
      /// The folder is there, and the journal can't be made in it.
      case noJournal

      func spoil(_ state: URL) throws {
        switch self {
        case .noFolder: try Data("no folder".utf8).write(to: state)
        case .noJournal:
          try FileManager.default.createDirectory(
            at: state.appending(path: "quarterdeck.sqlite"), withIntermediateDirectories: true)
        }
      }

      func mend(_ state: URL) throws {
        let path = self == .noFolder ? state : state.appending(path: "quarterdeck.sqlite")
        try FileManager.default.removeItem(at: path)
      }
    }

    @Test(arguments: Disk.allCases)
    func `a first start without a disk looks after what is open, from memory`(disk: Disk)
      async throws
    {
      try await Stage.play { stage in
        let state = stage.folder.url.appending(path: "state")
        try disk.spoil(state)
        try await stage.openUnseen("BTCUSDT")
        let bot = try stage.startBot()
        let line = try await bot.errors.line(
          containing: "positions are looked after from memory", within: .seconds(15))
        #expect(line.contains("1 open") && line.contains("state"))
        #expect(bot.errors.lines.count { $0.contains("critical") } == 1)
        try await stage.pair(with: bot, resuming: false)
        let alert = try await stage.waitForText("The journal: ")
        #expect(alert.text.contains("kept in memory"))
        let second = try BotProcess(stage.folder.run, in: stage.folder.url)
        #expect(try await second.end(within: .seconds(10)) == .exited(2))
        #expect(second.errors.text.contains("state is in use by"))

        let report = try await stage.ask("/close btc", thenTap: "Close 100%")
        try await stage.waitForText("Not recorded", in: report)
        #expect(await stage.quantity(of: "BTCUSDT") == "0")
        try await bot.stop()
        try disk.mend(state)
        let next = try stage.startBot()
        try await stage.pair(with: next)
        try await stage.waitForState("RUNNING")
        try await next.stop()
      }
    }

    @Test(arguments: Disk.allCases)
    func `a first start without a disk and with nothing open says what to mend`(disk: Disk)
      async throws
    {
      try await Stage.play { stage in
        let state = stage.folder.url.appending(path: "state")
        try disk.spoil(state)
        let bot = try BotProcess(stage.folder.run, in: stage.folder.url)
        #expect(try await bot.end(within: .seconds(10)) == .exited(2))
        let line = try #require(bot.errors.lines.last)
        #expect(line.contains("state.folder: ") && line.contains("Nothing is open on the account"))
        #expect(line.contains("must be a folder that this user can write, on a disk with room"))
        #expect(!line.contains("Error Domain"))
        try disk.mend(state)
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
