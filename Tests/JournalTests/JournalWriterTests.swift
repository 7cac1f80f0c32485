import GRDB
import Synchronization
import TestSupport
import Testing
import TradingModel

@testable import Journal

struct JournalWriterTests {
  @Test func `what is committed survives a crash, what is only noted does not`() async throws {
    let scratch = try Scratch("writer-crash")
    let journal = try scratch.journal()
    let lock = Lock(kind: .panic, reason: "by Ana", since: .noon, isFlat: false)
    try await journal.commit([.baseline(.sample()), .lock(lock)])
    journal.note(.roundTrip(.sample()))

    let state = try await scratch.afterCrash().restored(at: .noon)
    #expect(state.locks == [lock])
    #expect(state.baseline == .sample())
    #expect(state.openRoundTrips.isEmpty)
  }

  @Test func `noted records are written together once the gathering time is over`() async throws {
    let scratch = try Scratch("writer-behind")
    let journal = try scratch.journal()
    let running = Task { await journal.run() }
    journal.note(.roundTrip(.sample("a")))
    journal.note(.roundTrip(.sample("b")))
    #expect(try await journal.restored(at: .noon).openRoundTrips.isEmpty)
    await scratch.clock.passSleep(of: .milliseconds(50))
    while try await journal.restored(at: .noon).openRoundTrips.count < 2 { await Task.yield() }
    running.cancel()
    await running.value
  }

  @Test func `stopping writes what still waits`() async throws {
    let scratch = try Scratch("writer-stop")
    let journal = try scratch.journal()
    let running = Task { await journal.run() }
    journal.note(.fill(.sample()))
    await scratch.clock.waitForSleeper(until: .noon + .milliseconds(50))
    running.cancel()
    await running.value
    #expect(try await scratch.afterCrash().restored(at: .noon).lastFillAt == .noon)
  }

  @Test func `a commit takes along what was noted before, in order`() async throws {
    let scratch = try Scratch("writer-order")
    let journal = try scratch.journal()
    journal.note(.lock(Lock(kind: .halted, reason: "by Ana", since: .noon)))
    try await journal.commit([.unlock(.halted)])
    #expect(try await journal.restored(at: .noon).locks.isEmpty)
  }

  @Test func `a held file is an error in words, and nothing of the commit stays`() async throws {
    let scratch = try Scratch("writer-held")
    let journal = try scratch.journal()
    journal.note(.roundTrip(.sample()))
    let other = try scratch.otherProgram()
    try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    await #expect {
      try await journal.commit([.lock(Lock(kind: .panic, reason: "lost", since: .noon))])
    } throws: { error in
      guard case JournalError.unwritable(let why)? = error as? JournalError else { return false }
      return why.contains("another program holds the file")
    }
    try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
    try await journal.commit([.lock(Lock(kind: .day, reason: "kept", since: .noon))])

    let state = try await journal.restored(at: .noon)
    #expect(state.locks.map(\.reason) == ["kept"])
    #expect(state.openRoundTrips.map(\.id) == ["liq-1-1"], "noted records wait for better times")
  }

  @Test func `a full disk is an error in words, and what waits is written later`() async throws {
    let scratch = try Scratch("writer-full")
    let journal = try scratch.journal()
    func limitPages(to limit: String) async throws {
      try await journal.store.pool.write {
        try $0.execute(sql: "PRAGMA max_page_count = \(limit)")
      }
    }
    try await limitPages(to: "1")  // SQLite takes the present size for the smallest limit.
    for number in 0..<500 { journal.note(.fill(.sample("e\(number)"))) }
    await #expect(
      throws: JournalError.unwritable("the disk is full (13: database or disk is full)")
    ) { try await journal.commit([]) }
    try await limitPages(to: "1000000")
    try await journal.commit([])
    let count = try await scratch.otherProgram().read {
      try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM executions")
    }
    #expect(count == 500)
  }

  @Test func `a record that the file refuses keeps no other from it`() async throws {
    let scratch = try Scratch("writer-refused")
    let journal = try scratch.journal()
    try scratch.execute(
      """
      CREATE TRIGGER broken BEFORE INSERT ON executions WHEN NEW.execution_id = 'e2'
      BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    for id in ["e1", "e2", "e3"] { journal.note(.fill(.sample(id))) }
    try await journal.commit([.lock(Lock(kind: .panic, reason: "", since: .noon))])
    let kept = try await scratch.otherProgram().read {
      try String.fetchAll($0, sql: "SELECT execution_id FROM executions ORDER BY 1")
    }
    #expect(kept == ["e1", "e3"])
    #expect(try await journal.restored(at: .noon).locks.count == 1)
    #expect(
      try await journal.events(limit: 1).map(\.detail) == ["fill: SQLite refused (19: no)"])
  }

  @Test func `settings that make no sense are all named`() {
    #expect(JournalSettings().problems.isEmpty)
    #expect(JournalSettings(gatheringTime: .milliseconds(100), pendingLimit: 100).problems == [])
    let wrong = JournalSettings(
      path: "", busyTimeout: .milliseconds(-1), gatheringTime: .milliseconds(101),
      retryDelay: .zero, pendingLimit: 99)
    #expect(wrong.problems.count == 5)
  }

  @Test func `the loop tells when writing fails and when it works again`() async throws {
    let scratch = try Scratch("writer-health")
    let journal = try scratch.journal()
    let (heard, mouth) = AsyncStream.makeStream(of: JournalHealth.self)
    let running = Task { await journal.run { mouth.yield($0) } }
    defer { running.cancel() }
    var health = heard.makeAsyncIterator()

    let other = try scratch.otherProgram()
    try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    journal.note(.fill(.sample()))
    await scratch.clock.passSleep(of: .milliseconds(50))
    guard case .failing(let why) = await health.next() else {
      Issue.record("no failure was told")
      return
    }
    #expect(why.contains("another program holds the file"))

    try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
    await scratch.clock.passSleep(of: .seconds(1))
    #expect(await health.next() == .works)
    #expect(try await journal.restored(at: .noon).lastFillAt == .noon)
  }

  @Test func `a failure of the chat's stores is found out, too`() async throws {
    let scratch = try Scratch("writer-probe")
    let journal = try scratch.journal()
    let (heard, mouth) = AsyncStream.makeStream(of: JournalHealth.self)
    let running = Task { await journal.run { mouth.yield($0) } }
    defer { running.cancel() }
    let other = try scratch.otherProgram()
    try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    await #expect(throws: (any Error).self) { try await journal.add(.sample()) }
    await scratch.clock.passSleep(of: .milliseconds(50))
    var health = heard.makeAsyncIterator()
    guard case .failing = await health.next() else {
      Issue.record("no failure was told")
      return
    }
    try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
  }

  @Test func `too many waiting records are counted, never dropped in silence`() async throws {
    let scratch = try Scratch("writer-overflow")
    let journal = try scratch.journal(pendingLimit: 100)
    for number in 0..<70 {
      journal.note(.event(kind: "skip", detail: "\(number)", at: .noon))
      journal.note(.fill(.sample("e\(number)", at: .noon + .seconds(Int64(number)))))
    }
    try await journal.commit([])
    let events = try await journal.events(limit: 1000)
    let kept = events.filter { $0.kind == "skip" }
    let lost = 70 - kept.count
    #expect(lost > 0)
    #expect(kept.first?.detail == "69", "the newest stay")
    #expect(
      events.filter { $0.kind == "journal.overflow" }.map(\.detail) == [
        "not written: \(lost) event"
      ])
    let fills = try await scratch.otherProgram().read {
      try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM executions")
    }
    #expect(fills == 70)
  }

  @Test func `memory stays bounded when nothing can be spared`() async throws {
    let scratch = try Scratch("writer-bound")
    let journal = try scratch.journal(pendingLimit: 100)
    for number in 0..<1000 { journal.note(.fill(.sample("e\(number)"))) }
    try await journal.commit([])
    let kept = try await scratch.otherProgram().read {
      try String.fetchAll($0, sql: "SELECT execution_id FROM executions ORDER BY rowid")
    }
    #expect(kept.count <= 100)
    #expect(kept.last == "e999")
    #expect(
      try await journal.events(limit: 1).map(\.detail) == [
        "not written: \(1000 - kept.count) fill"
      ])
  }
}
