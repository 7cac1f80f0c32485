import GRDB

extension Migration {
  /// Which limits of the day have fired, beside its baseline.
  static let dayLimits = Migration("002-day-limits") { db in
    for column in ["has_stopped", "has_reached_target"] {
      try db.execute(
        sql: """
          ALTER TABLE daily_baseline
          ADD COLUMN \(column) INTEGER NOT NULL DEFAULT 0 CHECK (\(column) IN (0, 1))
          """)
    }
  }
}
