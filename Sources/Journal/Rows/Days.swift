import GRDB
import TradingModel

/// `daily_baseline` and `pnl_log`: a row per UTC day each.
enum Days {
  static func save(_ baseline: DayBaseline, in db: Database) throws {
    try db.save(
      [
        "day": baseline.day.description, "equity": baseline.equity.description,
        "transferred": baseline.transferred.description,
        "transfers": try JSONText.text(of: baseline.transfers),
        "taken_at": baseline.takenAt.milliseconds, "is_late": baseline.isLate,
        "has_stopped": baseline.hasStopped, "has_reached_target": baseline.hasReachedTarget,
      ], in: "daily_baseline", key: ["day"])
  }

  static func baseline(of day: UTCDay, in db: Database) throws -> DayBaseline? {
    try db.rows(of: "daily_baseline", key: "day", "WHERE day = ?", [day.description]) {
      DayBaseline(
        day: day, equity: try $0.amount("equity"),
        transferred: try $0.amount("transferred"), transfers: try $0.json("transfers"),
        takenAt: try $0.time("taken_at"),
        isLate: try $0.flag("is_late"), hasStopped: try $0.flag("has_stopped"),
        hasReachedTarget: try $0.flag("has_reached_target"))
    }.first
  }

  static func save(_ day: DayView, at time: Timestamp, in db: Database) throws {
    try db.save(
      [
        "day": day.baseline.day.description,
        "baseline_equity": day.baseline.equity.description,
        "equity": day.equity.description, "net": day.net.description,
        "result": day.result.description, "realised": day.realised.description,
        "unrealised": day.unrealised.description, "fees": day.fees.description,
        "funding": day.funding.description, "won": day.won, "lost": day.lost,
        "updated_at": time.milliseconds,
      ], in: "pnl_log", key: ["day"])
  }
}
