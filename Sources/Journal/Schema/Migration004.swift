import GRDB

extension Migration {
  /// What a restart needs so that no money is lost or counted twice: the transfers behind a baseline,
  /// what of a round trip is still open, exits that wait for their entries, funding, and what the loss
  /// since the start is measured against.
  static let money = Migration("004-money") { db in
    try db.execute(
      sql: """
        ALTER TABLE daily_baseline ADD COLUMN transfers TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE trades ADD COLUMN open_quantity TEXT;
        ALTER TABLE trades ADD COLUMN open_cost TEXT;
        ALTER TABLE trades ADD COLUMN entered TEXT;
        ALTER TABLE trades ADD COLUMN exited TEXT;
        ALTER TABLE executions
          ADD COLUMN is_waiting INTEGER NOT NULL DEFAULT 0 CHECK (is_waiting IN (0, 1));

        CREATE TABLE funding (
          id TEXT PRIMARY KEY,
          symbol TEXT NOT NULL,
          side TEXT,
          paid TEXT NOT NULL,
          time INTEGER NOT NULL,
          trips TEXT NOT NULL
        ) STRICT;
        CREATE INDEX funding_time ON funding (time);

        CREATE TABLE start_base (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          equity TEXT NOT NULL,
          taken_at INTEGER NOT NULL,
          transfers TEXT NOT NULL
        ) STRICT;
        """)
  }
}
