import Testing
import TradingModel

@testable import Quarterdeck

/// What a reset without a running bot takes for locked, and what it says.
struct PanicResetTests {
  private let day = Lock(
    kind: .day, reason: "daily stop", since: .noon, until: .noon + .hours(12), isFlat: false)
  private let halt = Lock(kind: .halted, reason: "by Ana", since: .noon, isFlat: false)
  private let panic = Lock(
    kind: .panic, reason: "by Ana", since: .noon, isFlat: false, takesLongterm: true)

  @Test func `where the journal is lost the day's figures tell what is locked`() {
    let memory = StateFileMemory(locks: [day, panic])
    let locks = PanicDesk.locks(in: memory, beside: nil)
    #expect(Set(locks.map(\.kind)) == [.day, .panic])
    #expect(locks.allSatisfy { $0.isFlat }, "a reset closes nothing")
    #expect(locks.last?.takesLongterm == true)
    #expect(PanicDesk.locks(in: memory, beside: []).isEmpty, "a journal knows better")
  }

  @Test(arguments: [(true, 0, false), (false, 0, true), (true, -1, true)])
  func `what the last panic still has to close is asked of the venue`(
    isFlat: Bool, hours: Int64, takesLongterm: Bool
  ) {
    let file = PanicFile(
      reason: "fire", startedAt: .noon + .hours(hours), isFlat: isFlat)
    let locks = PanicDesk.locks(in: StateFileMemory(panicFile: file), beside: [panic, halt])
    #expect(locks.last?.kind == .panic && locks.last?.takesLongterm == takesLongterm)
    #expect(locks.first { $0.kind == .halted } == halt)
  }

  @Test func `what stays locked is named`() {
    #expect(PanicDesk.unlockedText([]) == "unlocked: entries are allowed again")
    #expect(
      PanicDesk.unlockedText([.halted, .paused(nil), .flagFile])
        == "unlocked; entries stay off: halted, paused, trading_disabled.flag")
  }
}
