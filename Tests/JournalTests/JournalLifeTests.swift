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
    try await journal.begin(boot: 217_598_400, at: .noon)
    try await journal.commit([
      .allowlist([AllowlistEntry(symbol: "OLDUSDT", by: "", at: .noon, until: nil, isDenied: false)]
      ),
      .allowlist(allowlist), .baseline(.sample()), .roundTrip(open), .roundTrip(early),
      .roundTrip(.sample("yesterday", closed: midnight - .milliseconds(1))),
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
          openRoundTrips: [open], closedToday: [early], recentSignals: [SignalID("new")],
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
}
