import GRDB
import TradingModel

/// Something that happened, as the journal keeps it.
public struct JournalEvent: Sendable, Hashable {
  public var number: Int64
  public var kind: String
  public var detail: String
  public var at: Timestamp

  public init(number: Int64, kind: String, detail: String, at: Timestamp) {
    self.number = number
    self.kind = kind
    self.detail = detail
    self.at = at
  }
}

enum SystemEvents {
  static func add(_ kind: String, _ detail: String, at time: Timestamp, in db: Database) throws {
    try db.add(["kind": kind, "detail": detail, "at": time.milliseconds], to: "system_events")
  }

  static func latest(_ limit: Int, in db: Database) throws -> [JournalEvent] {
    try db.rows(of: "system_events", key: "id", "ORDER BY id DESC LIMIT ?", [limit]) {
      JournalEvent(
        number: try $0.integer("id"), kind: try $0.text("kind"), detail: try $0.text("detail"),
        at: try $0.time("at"))
    }
  }
}
