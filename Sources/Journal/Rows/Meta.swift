import GRDB
import TradingModel

/// Single numbers that the journal keeps.
enum Meta: String {
  /// The boot stamp of the life that runs, or ran last.
  case boot
  case startedAt = "started_at"
  case lastAliveAt = "last_alive_at"
  /// 1 once a life ended as it should.
  case stoppedCleanly = "stopped_cleanly"
  /// Where the chat service's updates go on.
  case pollingOffset = "polling_offset"
  /// How often positions were reduced for margin in a row, and when last.
  case marginReductions = "margin_reductions"
  case marginReducedAt = "margin_reduced_at"

  static func set(_ key: Meta, to value: Int64, in db: Database) throws {
    try db.save(["key": key.rawValue, "value": value], in: "meta", key: ["key"])
  }

  static func save(_ row: ReductionsInARow, in db: Database) throws {
    try set(.marginReductions, to: Int64(clamping: row.count), in: db)
    try set(.marginReducedAt, to: row.at.milliseconds, in: db)
  }

  /// Nil where none was ever written.
  static func marginReductions(in db: Database) throws -> ReductionsInARow? {
    guard let count = try value(of: .marginReductions, in: db),
      let time = try value(of: .marginReducedAt, in: db)
    else { return nil }
    return ReductionsInARow(
      count: Int(clamping: max(0, count)), at: Timestamp(milliseconds: time))
  }

  static func value(of key: Meta, in db: Database) throws -> Int64? {
    try db.rows(of: "meta", key: "key", "WHERE key = ?", [key.rawValue]) {
      try $0.integer("value")
    }.first
  }
}
