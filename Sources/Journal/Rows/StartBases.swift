import GRDB
import TradingModel

/// `start_base`: one row, or none while there is no base.
enum StartBases {
  static func save(_ base: StartBase?, in db: Database) throws {
    guard let base else { return try db.execute(sql: "DELETE FROM start_base") }
    try db.save(
      [
        "id": 1, "equity": base.equity.description, "taken_at": base.takenAt.milliseconds,
        "transfers": try JSONText.text(of: base.transfers),
      ], in: "start_base", key: ["id"])
  }

  static func last(in db: Database) throws -> StartBase? {
    try db.rows(of: "start_base", key: "id") {
      StartBase(
        equity: try $0.amount("equity"), takenAt: try $0.time("taken_at"),
        transfers: try $0.json("transfers"))
    }.first
  }
}
