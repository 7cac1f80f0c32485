import Foundation
import GRDB
import TestSupport
import Testing
import TradingModel

@testable import Journal

struct JournalOpeningTests {
  @Test func `a missing file and its directory are made, later openings change nothing`() throws {
    let scratch = try Scratch("opening-new")
    let path = scratch.directory + "/state/deep/journal.sqlite"
    let first = try scratch.journal(path: path)
    #expect(first.opening.isNew)
    #expect(
      first.opening.migrations == [
        "001-first", "002-day-limits", "003-transferred", "004-money", "005-protected-entry",
        "006-lock-scope",
      ])
    try first.close()
    let second = try scratch.journal(path: path)
    #expect(second.opening == OpenReport(isNew: false))
  }

  @Test func `a file of the first form is brought forward with what it holds`() async throws {
    let scratch = try Scratch("opening-forward")
    var old = DatabaseMigrator()
    old.registerMigration(Migration.first.identifier, migrate: Migration.first.apply)
    let file = try DatabaseQueue(path: scratch.path)
    try old.migrate(file)
    try await file.write { db in
      try db.execute(sql: "INSERT INTO daily_baseline VALUES ('2026-11-20', '350', 0, 1)")
      try db.execute(
        sql: """
          INSERT INTO positions (symbol, slot, status, owner, side, quantity, entry_price, leverage,
            is_stop_confirmed, updated_at)
          VALUES ('BTCUSDT', 0, 'OPEN', 'liquidation', 'long', '0.12', '64210', '5', 1, 0);
          INSERT INTO trades (id, engine, symbol, slot, side, entries, exits, quantity, entry_price,
            realised_pnl, fees, funding, reason_in, reason_out, entry_time)
          VALUES ('liq-1-1', 'liquidation', 'BTCUSDT', 0, 'long', 1, 0, '0.12', '64210', '0', '1',
            '0', '', '', 0)
          """)
    }
    try file.close()
    let journal = try scratch.journal()
    #expect(
      journal.opening
        == OpenReport(
          isNew: false,
          migrations: [
            "002-day-limits", "003-transferred", "004-money", "005-protected-entry",
            "006-lock-scope",
          ]))
    let restored = try await journal.restored(at: .noon)
    let baseline = try #require(restored.baseline)
    #expect(baseline.equity == "350" && baseline.isLate)
    #expect(!baseline.hasStopped && !baseline.hasReachedTarget && baseline.transfers.isEmpty)
    #expect(restored.openRoundTrips.map(\.quantity) == ["0.12"])
    #expect(restored.openRoundTrips.first?.open == nil)
    let positions = try await journal.openPositions()
    #expect(positions.map(\.protectedEntry) == ["64210"], "its stop was set for the entry it has")
  }

  @Test(arguments: 1..<Migration.all.count)
  func `a file of any earlier form is brought forward, and what it could not know is unknown`(
    count: Int
  ) async throws {
    let scratch = try Scratch("opening-from-\(count)")
    var old = DatabaseMigrator()
    for migration in Migration.all.prefix(count) {
      old.registerMigration(migration.identifier, migrate: migration.apply)
    }
    let file = try DatabaseQueue(path: scratch.path)
    try old.migrate(file)
    try await file.write { db in
      try db.execute(
        sql: """
          INSERT INTO daily_baseline (day, equity, taken_at, is_late)
          VALUES ('2026-11-20', '350', 0, 1);
          INSERT INTO executions (execution_id, symbol, slot, order_id, venue_order_id, side, price,
            quantity, fee, is_maker, closed_quantity, role, time)
          VALUES ('e1', 'BTCUSDT', 0, 'liq-1-1', 'v1', 'sell', '64210', '1', '0', 0, '1', 'stop', 9);
          """)
    }
    try file.close()
    let journal = try scratch.journal()
    #expect(journal.opening.migrations == Migration.all.dropFirst(count).map(\.identifier))
    let state = try await journal.restored(at: .noon)
    #expect(state.baseline?.equity == "350" && state.baseline?.transfers == [])
    #expect(state.recentFills == ["e1"] && state.waitingFills.isEmpty)
    #expect(state.startBase == nil && state.marginReductions == nil)
  }

  @Test func `every table is strict, the log is written ahead and synced`() async throws {
    let scratch = try Scratch("opening-strict")
    let journal = try scratch.journal()
    let pragmas = try await journal.store.pool.writeWithoutTransaction { db in
      try ["journal_mode", "synchronous", "foreign_keys"].map {
        try String.fetchOne(db, sql: "PRAGMA \($0)")
      }
    }
    #expect(pragmas == ["wal", "2", "1"], "2 is FULL")
    try await journal.store.pool.read { db in
      let lax = try String.fetchAll(
        db,
        sql: """
          SELECT name FROM pragma_table_list
          WHERE schema = 'main' AND type = 'table' AND strict = 0
            AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'grdb_%'
          """)
      #expect(lax == [])
    }
  }

  @Test func `a path that no file can have is refused with the path and the reason`() throws {
    let scratch = try Scratch("opening-unusable")
    try Data("x".utf8).write(to: URL(fileURLWithPath: scratch.directory + "/plain"))
    let path = scratch.directory + "/plain/journal.sqlite"
    do {
      _ = try scratch.journal(path: path)
      Issue.record("it was opened")
    } catch let error as JournalOpenError {
      guard case .unusable(path, let why) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(!why.isEmpty)
    }
    #expect(throws: JournalOpenError.self) { try scratch.journal(path: scratch.directory) }
  }

  @Test func `a file of a newer program is refused and left as it is`() throws {
    let scratch = try Scratch("opening-newer")
    try scratch.journal().close()
    try scratch.execute("INSERT INTO grdb_migrations VALUES ('900-future')")
    let before = try Data(contentsOf: URL(fileURLWithPath: scratch.path))
    #expect(
      throws: JournalOpenError.newer(path: scratch.path, unknownMigrations: ["900-future"])
    ) { try scratch.journal() }
    #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path)) == before)
  }

  @Test func `a file that is no database is set aside, not deleted, and a new one begun`() throws {
    let scratch = try Scratch("opening-garbage")
    let garbage = Data(repeating: 0x2A, count: 5000)
    try garbage.write(to: URL(fileURLWithPath: scratch.path))
    let journal = try scratch.journal()
    let aside = try #require(journal.opening.setAside)
    #expect(journal.opening.isNew)
    #expect(aside.path == scratch.path + ".damaged-20261120T120000.000Z")
    #expect(aside.why.contains("damaged"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: aside.path)) == garbage)
  }

  @Test func `damage in the middle of a journal is found at the start`() async throws {
    let scratch = try Scratch("opening-damage")
    let journal = try scratch.journal()
    try await journal.commit(
      (0..<2000).map { .event(kind: "filler", detail: "event \($0)", at: .noon) })
    try journal.close()
    let file = try #require(FileHandle(forUpdatingAtPath: scratch.path))
    try file.seek(toOffset: try file.seekToEnd() / 2)
    try file.write(contentsOf: Data(repeating: 0xFF, count: 8192))
    try file.close()

    let reopened = try scratch.journal()
    #expect(reopened.opening.setAside != nil)
    #expect(try await reopened.events(limit: 10).isEmpty)
    try await reopened.commit([.lock(Lock(kind: .halted, reason: "works", since: .noon))])
  }

  @Test func `a second damaged file in the same instant does not replace the first`() throws {
    let scratch = try Scratch("opening-twice")
    let file = URL(fileURLWithPath: scratch.path)
    for content in ["first damaged file", "second damaged file"] {
      try Data(content.utf8).write(to: file)
      try scratch.journal().close()
    }
    let stem = scratch.path + ".damaged-20261120T120000.000Z"
    #expect(try String(contentsOfFile: stem, encoding: .utf8) == "first damaged file")
    #expect(try String(contentsOfFile: stem + "-2", encoding: .utf8) == "second damaged file")
  }
}
