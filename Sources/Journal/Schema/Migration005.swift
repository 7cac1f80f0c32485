import GRDB

extension Migration {
  /// Which average entry a position's stop and target were set for. What is open already had them set
  /// for the one it has.
  static let protectedEntry = Migration("005-protected-entry") { db in
    try db.execute(
      sql: """
        ALTER TABLE positions ADD COLUMN protected_entry TEXT;
        UPDATE positions SET protected_entry = entry_price WHERE status <> 'CLOSED';
        """)
  }
}
