import TestSupport
import Testing
import TradingModel

@testable import Engine

@Suite(.timeLimit(.minutes(1))) struct StateFileDeskTests {
  private let clock = ManualClock()
  private let chronicle = Chronicle()
  private let said = Chronicle()
  private let store: ScriptedStateFiles
  private let desk: StateFileDesk

  init() {
    store = ScriptedStateFiles(chronicle: chronicle)
    let health = StoreHealth { [said] isWorking, detail in
      said.write(isWorking ? "works" : "fails: \(detail)")
    }
    desk = StateFileDesk(store: store, clock: clock, health: health)
  }

  @Test func `the newest of each kind is written, until it is`() async {
    let lock = Lock(kind: .day, reason: "daily stop", since: .noon)
    store.fail(with: .unwritable("read-only"))
    await withDiscardingTaskGroup { group in
      group.addTask { await desk.run() }
      await desk.write(.tradingDisabled(lock))
      await said.wait(for: "fails: read-only")
      await desk.write(.panicUnlocked)
      await desk.write(.tradingEnabled)
      store.fail(with: nil)
      await clock.passSleep(of: StateFileDesk.pauseBetweenTries)
      await said.wait(for: "works")
      group.cancelAll()
    }
    #expect(store.written == [.panicUnlocked, .tradingEnabled])
    #expect(await desk.isIdle)
  }

  /// Its first write lasts until the latch is open.
  private actor SlowFiles: StateFileStore {
    let begun = Latch()
    let latch = Latch()
    let second = Latch()
    private(set) var written: [StateFile] = []

    func write(_ file: StateFile) async throws(JournalError) {
      written.append(file)
      if written.count > 1 { return second.open() }
      begun.open()
      await latch.wait()
    }

    func readFlag() async -> FlagFile? { nil }
    func readPanicLock() async -> PanicFile? { nil }
  }

  @Test func `one that comes while its kind is being written does not wait for another try`()
    async
  {
    let files = SlowFiles()
    let desk = StateFileDesk(store: files, clock: clock, health: StoreHealth { _, _ in })
    let report = FlattenReport(cause: .panic(nil), by: "Ana", startedAt: .noon)
    let lock = Lock.panic(reason: "by Ana", at: .noon, isFlat: false)
    await withDiscardingTaskGroup { group in
      group.addTask { await desk.run() }
      await desk.write(.panicLock(report, lock))
      await files.begun.wait()
      await desk.write(.panicUnlocked)
      files.latch.open()
      await files.second.wait()
      group.cancelAll()
    }
    #expect(await files.written == [.panicLock(report, lock), .panicUnlocked])
  }
}
