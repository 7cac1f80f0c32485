import GRDB
import TradingModel

/// `locks`: what stands now, a row each.
enum Locks {
  static func save(_ lock: Lock, in db: Database) throws {
    try db.save(
      [
        "kind": lock.kind.word, "reason": lock.reason, "since": lock.since.milliseconds,
        "until": lock.until?.milliseconds, "is_flat": lock.isFlat,
        "takes_longterm": lock.takesLongterm,
      ], in: "locks", key: ["kind"])
  }

  static func remove(_ kind: Lock.Kind, in db: Database) throws {
    try db.execute(sql: "DELETE FROM locks WHERE kind = ?", arguments: [kind.word])
  }

  static func all(in db: Database) throws -> [Lock] {
    try db.rows(of: "locks", key: "kind") { fields in
      let word = try fields.text("kind")
      guard let kind = Lock.Kind(word: word) else { throw fields.error("kind", "is '\(word)'") }
      return Lock(
        kind: kind, reason: try fields.text("reason"), since: try fields.time("since"),
        until: try fields.optionalTime("until"), isFlat: try fields.flag("is_flat"),
        takesLongterm: try fields.flag("takes_longterm"))
    }.sorted { $0.kind < $1.kind }
  }
}
