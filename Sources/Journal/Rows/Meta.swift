import GRDB

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

  static func set(_ key: Meta, to value: Int64, in db: Database) throws {
    try db.save(["key": key.rawValue, "value": value], in: "meta", key: ["key"])
  }

  static func value(of key: Meta, in db: Database) throws -> Int64? {
    try db.rows(of: "meta", key: "key", "WHERE key = ?", [key.rawValue]) {
      try $0.integer("value")
    }.first
  }
}
