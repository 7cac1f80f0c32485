import GRDB

extension Migration {
  /// Whether long-term symbols are still to be closed for a lock.
  static let lockScope = Migration("006-lock-scope") { db in
    try db.execute(
      sql: """
        ALTER TABLE locks ADD COLUMN takes_longterm INTEGER NOT NULL DEFAULT 0
        CHECK (takes_longterm IN (0, 1))
        """)
  }
}
