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
}
