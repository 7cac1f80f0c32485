import TestSupport
import Testing
import TradingModel

@testable import Engine

@Suite(.timeLimit(.minutes(1))) struct RecorderTests {
  private let clock = ManualClock()
  private let chronicle = Chronicle()
  private let said = Chronicle()
  private let journal: ScriptedJournal
  private let recorder: Recorder
  private let lock = JournalRecord.lock(Lock(kind: .panic, reason: "by Ana", since: .noon))

  init() {
    journal = ScriptedJournal(chronicle: chronicle)
    let health = StoreHealth { [said] isWorking, detail in
      said.write(isWorking ? "works" : "fails: \(detail)")
    }
    recorder = Recorder(journal: journal, clock: clock, health: health)
  }

  /// Runs the recorder for as long as the body does.
  private func running(_ body: @Sendable () async -> Void) async {
    await withDiscardingTaskGroup { group in
      group.addTask { await recorder.run() }
      await body()
      group.cancelAll()
    }
  }

  @Test func `a commit returns when the records are down`() async {
    await running {
      #expect(await recorder.commit([lock, .unlock(.day)]))
      #expect(journal.committed == [lock, .unlock(.day)])
    }
    #expect(said.lines == [])
  }

  @Test func `a failing journal is told of, tried again, and loses nothing`() async {
    journal.set(.fails(.unwritable("disk full")))
    await running {
      #expect(await recorder.commit([lock]) == false)
      #expect(await recorder.commit([.unlock(.panic)]) == false, "at once while it fails")
      journal.set(.works)
      await clock.passSleep(of: Recorder.pauseBetweenTries)
      await said.wait(for: "works")
      #expect(journal.committed == [lock, .unlock(.panic)])
      #expect(await recorder.commit([.unlock(.day)]))
    }
    #expect(said.lines == ["fails: disk full", "works"])
  }

  @Test func `a journal that hangs is waited for two seconds, once`() async {
    journal.set(.hangs)
    await running {
      async let first = recorder.commit([lock])
      await clock.passSleep(of: Recorder.patience)
      #expect(await first == false)
      #expect(await recorder.commit([lock]) == false)
    }
    #expect(said.lines.first == "fails: no answer within 2.0 seconds")
  }
}
