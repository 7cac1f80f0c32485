import Foundation
import GRDB
import TradingModel

/// A look into the journal of a bot that runs, or has died, by somebody who can only read.
struct CrashJournal {
  private let database: DatabaseQueue

  init(in folder: StageFolder) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(2)
    database = try DatabaseQueue(
      path: folder.url.appending(path: "state/quarterdeck.sqlite").path,
      configuration: configuration)
  }

  struct Execution: Hashable {
    let order: String
    let symbol: String
    let quantity: Quantity
  }

  struct Trips: Hashable {
    var entered = Quantity.zero
    var open = 0
    var realised = Notional.zero
    var fees = Notional.zero
  }

  /// Everything that is compared, at one moment.
  struct Look {
    /// What SQLite finds wrong with the file; empty when it is whole.
    var damage: [String]
    /// By the id of the execution.
    var executions: [String: Execution]
    /// By symbol.
    var trips: [String: Trips]
    var openTrips: [String: Quantity]
    var locks: Set<String>
    /// Day and what it began with.
    var baselines: [String: String]
    /// Number, name and stage of commands that have no end.
    var unfinished: [String]
    /// Messages of persons that more than one command came of.
    var doubled: [Int64]
    /// Signals that more than one entry was filled for.
    var doubledSignals: [String]
    /// Updates that were taken in and not handled.
    var unhandled: Int
    var denied: Set<String>
  }

  /// - Parameter start: When the bot that lives was started: its own previews wait for an answer.
  func look(since start: Timestamp = Timestamp(milliseconds: .max / 2_000_000)) throws -> Look {
    try database.read { db in
      let damage =
        try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
        + Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { "foreign key: \($0)" }
      return Look(
        damage: damage, executions: try Self.executions(db), trips: try Self.trips(db),
        openTrips: try Self.openTrips(db),
        locks: Set(try String.fetchAll(db, sql: "SELECT kind FROM locks")),
        baselines: try Self.pairs(
          db, "SELECT day, equity || ' at ' || taken_at FROM daily_baseline"),
        unfinished: try String.fetchAll(
          db,
          sql: """
            SELECT number || ' /' || name || ' ' || arguments || ' ' || stage FROM commands
            WHERE stage IN ('received', 'confirmed', 'executing', 'verified')
              OR stage = 'previewed' AND changed_at < ?
            """, arguments: [start.milliseconds]),
        doubled: try Int64.fetchAll(
          db,
          sql: """
            SELECT request_message FROM commands WHERE request_message IS NOT NULL
              AND stage <> 'notDone'
            GROUP BY request_message HAVING COUNT(*) > 1
            """),
        doubledSignals: try String.fetchAll(
          db,
          sql: """
            SELECT signal_id FROM orders
            WHERE signal_id IS NOT NULL AND reduce_only = 0 AND filled <> '0'
            GROUP BY signal_id HAVING COUNT(*) > 1
            """),
        unhandled: try Int.fetchOne(
          db, sql: "SELECT COUNT(*) FROM updates WHERE handled_at IS NULL") ?? 0,
        denied: Set(
          try String.fetchAll(db, sql: "SELECT symbol FROM allowlist WHERE is_denied = 1")))
    }
  }

  /// Who gave a command and how it ended: `Ana reported`, by name.
  func ends(of command: String) throws -> [String] {
    try database.read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT person_name || ' ' || stage FROM commands WHERE name = ? ORDER BY person_name
          """, arguments: [command])
    }
  }

  private static func executions(_ db: Database) throws -> [String: Execution] {
    var found: [String: Execution] = [:]
    for row in try Row.fetchAll(
      db, sql: "SELECT execution_id, venue_order_id, symbol, quantity FROM executions")
    {
      found[row["execution_id"]] = Execution(
        order: row["venue_order_id"], symbol: row["symbol"],
        quantity: try Quantity(row["quantity"] as String))
    }
    return found
  }

  private static func trips(_ db: Database) throws -> [String: Trips] {
    var found: [String: Trips] = [:]
    for row in try Row.fetchAll(
      db, sql: "SELECT symbol, quantity, realised_pnl, fees, exit_time FROM trades")
    {
      var trips = found[row["symbol"]] ?? Trips()
      trips.entered = try trips.entered + Quantity(row["quantity"] as String)
      trips.realised = try trips.realised + Notional(row["realised_pnl"] as String)
      trips.fees = try trips.fees + Notional(row["fees"] as String)
      if row["exit_time"] as Int64? == nil { trips.open += 1 }
      found[row["symbol"]] = trips
    }
    return found
  }

  private static func openTrips(_ db: Database) throws -> [String: Quantity] {
    var found: [String: Quantity] = [:]
    for row in try Row.fetchAll(
      db, sql: "SELECT symbol, quantity FROM positions WHERE status <> 'CLOSED'")
    { found[row["symbol"]] = try Quantity(row["quantity"] as String) }
    return found
  }

  private static func pairs(_ db: Database, _ sql: String) throws -> [String: String] {
    var pairs: [String: String] = [:]
    for row in try Row.fetchAll(db, sql: sql) { pairs[row[0]] = row[1] }
    return pairs
  }
}
