import Chat
import Foundation
import GRDB
import Journal
import TestSupport
import Testing
import TradingModel

struct JournalLifeTests {
  @Test func `an empty journal remembers nothing and no crash`() async throws {
    let scratch = try Scratch("life-empty")
    #expect(
      try await scratch.journal().restored(at: .noon) == RestoredState(boot: 217_339_200))
  }

  @Test func `all that the engine needs comes back after a restart`() async throws {
    let scratch = try Scratch("life-restored")
    let journal = try scratch.journal()
    let midnight = Timestamp.noon.day.start
    let locks = [
      Lock(kind: .paused(.liquidation), reason: "by Ana", since: .noon, until: .noon + .hours(6)),
      Lock(kind: .paused(nil), reason: "by Bob", since: .noon),
      Lock(kind: .flagFile, reason: "", since: .noon),
      Lock(kind: .day, reason: "daily stop −5.03%", since: .noon, until: midnight + .hours(24)),
    ]
    let allowlist = [
      AllowlistEntry(symbol: "BTCUSDT", by: "Ana", at: .noon, until: nil, isDenied: false),
      AllowlistEntry(
        symbol: "DOGEUSDT", by: "Ana", at: .noon, until: .noon + .hours(6), isDenied: true),
    ]
    let open = RoundTrip.sample("open")
    let early = RoundTrip.sample("early", opened: midnight - .hours(1), closed: midnight)
    let yesterday = RoundTrip.sample("yesterday", closed: midnight - .milliseconds(1))
    try await journal.begin(boot: 217_598_400, at: .noon)
    try await journal.commit([
      .allowlist([AllowlistEntry(symbol: "OLDUSDT", by: "", at: .noon, until: nil, isDenied: false)]
      ),
      .allowlist(allowlist), .baseline(.sample()), .roundTrip(open), .roundTrip(early),
      .roundTrip(yesterday),
      .roundTrip(.sample("old", closed: .noon - .hours(24) - .milliseconds(1))),
      .signal(.sample("new", at: .noon - .minutes(10)), refusals: []),
      .signal(.sample("old", at: .noon - .minutes(10) - .milliseconds(1)), refusals: []),
      .fill(.sample("e2", at: .noon + .seconds(2))), .fill(.sample("e1", at: .noon)),
    ])
    let held = PositionView.example(.example(at: .noon))
    try await journal.commit([.position(held)])
    try await journal.commit(locks.map(JournalRecord.lock))
    journal.alive(at: .noon + .seconds(30))
    try await journal.commit([])

    let restored = try await scratch.afterCrash().restored(at: .noon)
    #expect(restored.positions == [held])
    var rest = restored
    rest.positions = []
    #expect(
      rest
        == RestoredState(
          baseline: .sample(), locks: locks.sorted { $0.kind < $1.kind }, allowlist: allowlist,
          openRoundTrips: [open], closedToday: [early], closedLately: [yesterday],
          recentSignals: [SignalID("new")],
          boot: 217_598_401, lastFillAt: .noon + .seconds(2), recentFills: ["e1", "e2"],
          lastSeenAliveAt: .noon + .seconds(30), stoppedCleanly: false))
  }

  @Test func `the baseline of another day is not today's`() async throws {
    let scratch = try Scratch("life-baseline")
    let journal = try scratch.journal()
    try await journal.commit([.baseline(.sample("1")), .baseline(.sample("2"))])
    #expect(try await journal.restored(at: .noon).baseline?.equity == "2")
    #expect(try await journal.restored(at: .noon + .hours(12)).baseline == nil)
  }

  @Test(arguments: [(true, false), (false, true)])
  func `which limits have fired today outlives the lock that is lifted`(
    hasStopped: Bool, hasReachedTarget: Bool
  ) async throws {
    let scratch = try Scratch("life-limits")
    let journal = try scratch.journal()
    var baseline = DayBaseline.sample()
    try await journal.commit([.baseline(baseline)])
    baseline.hasStopped = hasStopped
    baseline.hasReachedTarget = hasReachedTarget
    try await journal.commit([
      .baseline(baseline), .lock(Lock(kind: .day, reason: "daily stop −5.03%", since: .noon)),
    ])
    try await journal.commit([.unlock(.day)])

    let next = try await scratch.afterCrash().restored(at: .noon)
    #expect(next.locks.isEmpty)
    #expect(next.baseline == baseline)
  }

  @Test func `a clean stop is told from a crash, until the next life begins`() async throws {
    let scratch = try Scratch("life-clean")
    let journal = try scratch.journal()
    try await journal.begin(boot: 1, at: .noon)
    #expect(try await !journal.restored(at: .noon).stoppedCleanly)
    journal.note(.roundTrip(.sample()))
    try await journal.markCleanStop(at: .noon + .seconds(9))
    try journal.close()

    let next = try scratch.journal()
    let state = try await next.restored(at: .noon)
    #expect(state.stoppedCleanly)
    #expect(state.lastSeenAliveAt == .noon + .seconds(9))
    #expect(state.openRoundTrips.count == 1)
    try await next.begin(boot: 2, at: .noon + .seconds(20))
    #expect(try await !next.restored(at: .noon).stoppedCleanly)
  }

  @Test func `what was said yes to and not reported is in flight after a crash`() async throws {
    let scratch = try Scratch("life-in-flight")
    let journal = try scratch.journal()
    for stage in CommandStage.allCases {
      _ = try await journal.add(.sample("\(stage)", stage: stage))
    }
    var bare = CommandRow.sample("panic", stage: .executing)
    bare.arguments = ""
    _ = try await journal.add(bare)
    #expect(
      try await scratch.afterCrash().restored(at: .noon).inFlight == [
        "/confirmed btc", "/executing btc", "/verified btc", "/panic",
      ])
  }

  @Test func `after a clean stop the file is whole and nothing lies beside it`() async throws {
    let scratch = try Scratch("life-closed-whole")
    let journal = try scratch.journal()
    try await journal.begin(boot: 7, at: .noon)
    _ = try await journal.pending()  // A reader was there, too.
    try await journal.markCleanStop(at: .noon)
    try journal.close()
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.directory) == [
        "quarterdeck.sqlite"
      ])
    #expect(try await scratch.journal().restored(at: .noon).stoppedCleanly)
  }

  @Test func `the log stays while another program reads`() async throws {
    let scratch = try Scratch("life-read")
    let journal = try scratch.journal()
    let other = try scratch.otherProgram()
    try await other.read { _ = try Int.fetchOne($0, sql: "SELECT count(*) FROM locks") }
    try await journal.commit([.lock(Lock(kind: .halted, reason: "", since: .noon))])
    try journal.close()
    let count = try await other.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM locks") }
    #expect(count == 1)
  }

  @Test func `a closed journal refuses in words`() async throws {
    let scratch = try Scratch("life-closed")
    let journal = try scratch.journal()
    try journal.close()
    await #expect(throws: JournalError.self) { try await journal.commit([.unlock(.day)]) }
    await #expect(throws: JournalError.self) { try await journal.restored(at: .noon) }
  }

  @Test func `what is still open of a trip comes back to the last digit, what is closed has none`()
    async throws
  {
    let scratch = try Scratch("life-open-part")
    let journal = try scratch.journal()
    var open = RoundTrip.sample("open")
    open.open = OpenPart(
      quantity: "0.06", cost: "3852.60000001", entered: "0.18", exited: "0.12")
    let before = RoundTrip.sample("before", opened: .noon + .seconds(1))
    try await journal.commit([.roundTrip(open), .roundTrip(before)])
    let state = try await scratch.afterCrash().restored(at: .noon)
    #expect(state.openRoundTrips == [open, before])
    open.closedAt = .noon
    open.open = nil
    try await journal.commit([.roundTrip(open)])
    #expect(try await scratch.afterCrash().restored(at: .noon).closedToday == [open])
  }

  @Test func `an exit waits until it is counted, and the executions before it stay known`()
    async throws
  {
    let scratch = try Scratch("life-waiting")
    let journal = try scratch.journal()
    var exit = Fill.sample("exit", at: .noon - .hours(1))
    exit.closedQuantity = exit.quantity
    try await journal.commit([
      .fill(.sample("long ago", at: .noon - .minutes(71))),
      .fill(.sample("before", at: .noon - .minutes(69))), .waitingFill(exit),
      .fill(.sample("after", at: .noon)),
    ])
    let state = try await scratch.afterCrash().restored(at: .noon)
    #expect(state.waitingFills == [exit])
    #expect(state.recentFills == ["before", "exit", "after"] && state.lastFillAt == .noon)

    try await journal.commit([.fill(exit)])
    // Told once more, as by a reading, it is counted still.
    try await journal.commit([.waitingFill(exit)])
    let later = try await scratch.afterCrash().restored(at: .noon)
    #expect(later.waitingFills.isEmpty && later.recentFills == ["after"])
  }

  @Test func `funding is kept once, and an exit from long before the last execution waits in vain`()
    async throws
  {
    let scratch = try Scratch("life-funding")
    let journal = try scratch.journal()
    func payment(_ id: String, at time: Timestamp) -> FundingPayment {
      FundingPayment(id: id, symbol: "BTCUSDT", paid: "-0.00000001", time: time)
    }
    let recent = payment("recent", at: .noon - .hours(4))
    try await journal.begin(boot: 1, at: .noon)
    try await journal.commit([
      .funding(recent, trips: ["liq-1-1"]), .funding(recent, trips: ["liq-1-1"]),
      .funding(payment("old", at: .noon - .hours(48) - .milliseconds(1)), trips: []),
      .waitingFill(.sample("exit", at: .noon - .hours(25))), .fill(.sample("last", at: .noon)),
    ])
    let state = try await scratch.afterCrash().restored(at: .noon)
    #expect(
      state.countedFunding == [CountedFunding(id: "recent", paid: "-0.00000001", time: recent.time)]
    )
    #expect(state.waitingFills.isEmpty)
  }

  @Test func `reductions in a row and the transfers of the day outlive a crash`() async throws {
    let scratch = try Scratch("life-rows")
    let journal = try scratch.journal()
    var baseline = DayBaseline.sample()
    baseline.transfers = [
      Transfer(id: "a/TRANSFER_IN", amount: "0.00000001", time: .noon),
      Transfer(id: "b", amount: "-12.50000001", time: .noon + .seconds(1)),
    ]
    let base = StartBase(
      equity: "1000.00000001", takenAt: .noon, transfers: baseline.transfers)
    try await journal.commit([
      .baseline(baseline), .marginReductions(ReductionsInARow(count: 3, at: .noon)),
      .startBase(StartBase(equity: "1", takenAt: .noon)), .startBase(base),
    ])
    let state = try await scratch.afterCrash().restored(at: .noon)
    #expect(state.startBase == base)
    #expect(state.baseline == baseline)
    #expect(state.marginReductions == ReductionsInARow(count: 3, at: .noon))
    try await journal.commit([.startBase(nil)])
    #expect(try await scratch.afterCrash().restored(at: .noon).startBase == nil)
  }
}
