import GRDB

extension Migration {
  /// How much of the baseline's equity was moved in or out since it was taken.
  static let transferred = Migration("003-transferred") { db in
    try db.execute(
      sql: "ALTER TABLE daily_baseline ADD COLUMN transferred TEXT NOT NULL DEFAULT '0'")
  }
}
