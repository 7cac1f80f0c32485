import GRDB
import TradingModel

/// `allowlist`: always written whole.
enum Allowlist {
  static func replace(with entries: [AllowlistEntry], in db: Database) throws {
    try db.execute(sql: "DELETE FROM allowlist")
    for entry in entries {
      try db.save(
        [
          "symbol": entry.symbol.name, "by": entry.by, "at": entry.at.milliseconds,
          "until": entry.until?.milliseconds, "is_denied": entry.isDenied,
        ], in: "allowlist", key: ["symbol"])
    }
  }

  static func all(in db: Database) throws -> [AllowlistEntry] {
    try db.rows(of: "allowlist", key: "symbol", "ORDER BY symbol") {
      AllowlistEntry(
        symbol: Symbol(venueName: try $0.text("symbol")), by: try $0.text("by"),
        at: try $0.time("at"), until: try $0.optionalTime("until"),
        isDenied: try $0.flag("is_denied"))
    }
  }
}
