import GRDB

extension Migration {
  /// The first form of the file.
  ///
  /// Amounts are exact decimal text, times UTC milliseconds. Every table is STRICT, so that SQLite
  /// refuses what is not of its column's type.
  static let first = Migration("001-first") { db in
    try db.execute(sql: life)
    try db.execute(sql: trading)
    try db.execute(sql: chat)
  }

  private static let life = """
    CREATE TABLE meta (
      key TEXT PRIMARY KEY,
      value INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE system_events (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      detail TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX system_events_at ON system_events (at);

    CREATE TABLE daily_baseline (
      day TEXT PRIMARY KEY,
      equity TEXT NOT NULL,
      taken_at INTEGER NOT NULL,
      is_late INTEGER NOT NULL CHECK (is_late IN (0, 1))
    ) STRICT;

    CREATE TABLE pnl_log (
      day TEXT PRIMARY KEY,
      baseline_equity TEXT NOT NULL,
      equity TEXT NOT NULL,
      net TEXT NOT NULL,
      result TEXT NOT NULL,
      realised TEXT NOT NULL,
      unrealised TEXT NOT NULL,
      fees TEXT NOT NULL,
      funding TEXT NOT NULL,
      won INTEGER NOT NULL,
      lost INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE locks (
      kind TEXT PRIMARY KEY,
      reason TEXT NOT NULL,
      since INTEGER NOT NULL,
      until INTEGER,
      is_flat INTEGER NOT NULL CHECK (is_flat IN (0, 1))
    ) STRICT;

    CREATE TABLE allowlist (
      symbol TEXT PRIMARY KEY,
      by TEXT NOT NULL,
      at INTEGER NOT NULL,
      until INTEGER,
      is_denied INTEGER NOT NULL CHECK (is_denied IN (0, 1))
    ) STRICT;
    """

  private static let trading = """
    CREATE TABLE signals (
      id TEXT PRIMARY KEY,
      engine TEXT NOT NULL,
      symbol TEXT NOT NULL,
      side TEXT NOT NULL CHECK (side IN ('long', 'short')),
      price TEXT NOT NULL,
      stop TEXT NOT NULL,
      target TEXT,
      size TEXT NOT NULL,
      leverage TEXT NOT NULL,
      reasons TEXT NOT NULL,
      refusals TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX signals_at ON signals (at);

    -- `id` is our client id, or `venue:` and the venue's id for orders that the venue made itself.
    CREATE TABLE orders (
      id TEXT PRIMARY KEY,
      venue_id TEXT,
      signal_id TEXT,
      symbol TEXT NOT NULL,
      slot INTEGER NOT NULL,
      side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
      quantity TEXT NOT NULL,
      filled TEXT NOT NULL,
      average_price TEXT,
      kind TEXT NOT NULL CHECK (kind IN ('market', 'limit')),
      limit_price TEXT,
      time_in_force TEXT,
      reduce_only INTEGER NOT NULL CHECK (reduce_only IN (0, 1)),
      trigger_price TEXT,
      stop TEXT,
      target TEXT,
      role TEXT NOT NULL,
      status TEXT NOT NULL,
      reason TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER
    ) STRICT;
    CREATE INDEX orders_created_at ON orders (created_at);

    CREATE TABLE executions (
      execution_id TEXT NOT NULL,
      symbol TEXT NOT NULL,
      slot INTEGER NOT NULL,
      order_id TEXT NOT NULL,
      venue_order_id TEXT NOT NULL,
      side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
      price TEXT NOT NULL,
      quantity TEXT NOT NULL,
      fee TEXT NOT NULL,
      is_maker INTEGER NOT NULL CHECK (is_maker IN (0, 1)),
      closed_quantity TEXT NOT NULL,
      role TEXT NOT NULL,
      time INTEGER NOT NULL,
      PRIMARY KEY (symbol, execution_id)
    ) STRICT;
    CREATE INDEX executions_time ON executions (time);

    CREATE TABLE trades (
      id TEXT PRIMARY KEY,
      engine TEXT NOT NULL,
      symbol TEXT NOT NULL,
      slot INTEGER NOT NULL,
      side TEXT NOT NULL CHECK (side IN ('long', 'short')),
      signal_id TEXT,
      entries INTEGER NOT NULL,
      exits INTEGER NOT NULL,
      quantity TEXT NOT NULL,
      entry_price TEXT NOT NULL,
      exit_price TEXT,
      realised_pnl TEXT NOT NULL,
      fees TEXT NOT NULL,
      funding TEXT NOT NULL,
      reason_in TEXT NOT NULL,
      reason_out TEXT NOT NULL,
      entry_time INTEGER NOT NULL,
      exit_time INTEGER
    ) STRICT;
    CREATE INDEX trades_exit_time ON trades (exit_time);

    CREATE TABLE positions (
      symbol TEXT NOT NULL,
      slot INTEGER NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('OPEN', 'CLOSING', 'CLOSED')),
      owner TEXT NOT NULL,
      side TEXT NOT NULL CHECK (side IN ('long', 'short')),
      quantity TEXT NOT NULL,
      entry_price TEXT NOT NULL,
      mark_price TEXT,
      liquidation_price TEXT,
      leverage TEXT NOT NULL,
      unrealised TEXT,
      initial_margin TEXT,
      maintenance_margin TEXT,
      stop TEXT,
      target TEXT,
      is_stop_confirmed INTEGER NOT NULL CHECK (is_stop_confirmed IN (0, 1)),
      price TEXT,
      profit TEXT,
      opened_at INTEGER,
      created_at INTEGER,
      updated_at INTEGER NOT NULL,
      PRIMARY KEY (symbol, slot)
    ) STRICT;
    """

  private static let chat = """
    -- `identity` names the message or the tap itself; `update_id` may start again.
    CREATE TABLE updates (
      row INTEGER PRIMARY KEY AUTOINCREMENT,
      identity TEXT NOT NULL UNIQUE,
      update_id INTEGER NOT NULL,
      body TEXT NOT NULL,
      received_at INTEGER NOT NULL,
      handled_at INTEGER
    ) STRICT;
    CREATE INDEX updates_received_at ON updates (received_at);
    CREATE INDEX updates_unhandled ON updates (row) WHERE handled_at IS NULL;

    CREATE TABLE commands (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      update_id INTEGER NOT NULL,
      person INTEGER,
      person_name TEXT NOT NULL,
      chat INTEGER NOT NULL,
      topic INTEGER,
      request_chat INTEGER,
      request_message INTEGER,
      answer_chat INTEGER,
      answer_message INTEGER,
      name TEXT NOT NULL,
      arguments TEXT NOT NULL,
      deed TEXT,
      stage TEXT NOT NULL,
      detail TEXT NOT NULL,
      received_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX commands_stage ON commands (stage);

    -- `content` is the whole command as it stood after the step; `hash` is SHA-256 over the hash of
    -- the step before, a line feed and the content.
    CREATE TABLE command_steps (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      command INTEGER NOT NULL REFERENCES commands (number),
      stage TEXT NOT NULL,
      at INTEGER NOT NULL,
      content TEXT NOT NULL,
      hash TEXT NOT NULL
    ) STRICT;
    CREATE INDEX command_steps_command ON command_steps (command);

    CREATE TABLE users (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      role INTEGER NOT NULL,
      chat INTEGER NOT NULL,
      since INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE outbox (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      chat INTEGER NOT NULL,
      topic INTEGER,
      reply TEXT NOT NULL,
      lane INTEGER NOT NULL,
      key TEXT NOT NULL,
      editing_chat INTEGER,
      editing_message INTEGER,
      created_at INTEGER NOT NULL,
      expires_at INTEGER,
      may_be_repeat INTEGER NOT NULL CHECK (may_be_repeat IN (0, 1))
    ) STRICT;

    -- Which message stands for a key in a chat.
    CREATE TABLE outbox_messages (
      chat INTEGER NOT NULL,
      key TEXT NOT NULL,
      message_chat INTEGER NOT NULL,
      message INTEGER NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (chat, key)
    ) STRICT;
    """
}
