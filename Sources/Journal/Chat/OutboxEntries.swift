import Chat
import GRDB
import TradingModel

/// `outbox`: messages that the chat service has not confirmed yet.
enum OutboxEntries {
  static func add(_ entry: OutboxEntry, in db: Database) throws -> Int64 {
    try db.add(
      [
        "chat": entry.address.chat.number, "topic": entry.address.topic,
        "reply": JSONText.text(of: entry.reply), "lane": entry.lane.rawValue, "key": entry.key,
        "editing_chat": entry.editing?.chat.number, "editing_message": entry.editing?.message,
        "created_at": entry.createdAt, "expires_at": entry.expiresAt,
        "may_be_repeat": entry.mayBeRepeat,
      ], to: "outbox")
    return db.lastInsertedRowID
  }

  /// By lane, then age.
  static func all(in db: Database) throws -> [OutboxEntry] {
    try db.rows(of: "outbox", key: "id", "ORDER BY lane, created_at, id") {
      OutboxEntry(
        id: try $0.integer("id"), address: try $0.address(), reply: try $0.json("reply"),
        lane: try $0.numberedChoice("lane"), key: try $0.text("key"),
        editing: try $0.message("editing_chat", "editing_message"),
        createdAt: try $0.integer("created_at"), expiresAt: try $0.optionalInteger("expires_at"),
        mayBeRepeat: try $0.flag("may_be_repeat"))
    }
  }

  static func remove(_ entry: OutboxEntry, in db: Database) throws {
    try db.execute(sql: "DELETE FROM outbox WHERE id = ?", arguments: [entry.id])
  }

  static func markRepeat(_ entry: OutboxEntry, in db: Database) throws {
    try db.execute(
      sql: "UPDATE outbox SET may_be_repeat = 1 WHERE id = ?", arguments: [entry.id])
  }
}

/// `outbox_messages`: which message stands for a key.
enum OutboxMessages {
  static func save(
    _ message: MessageRef, for entry: OutboxEntry, at time: Timestamp, in db: Database
  ) throws {
    try db.save(
      [
        "chat": entry.address.chat.number, "key": entry.key, "message_chat": message.chat.number,
        "message": message.message, "at": time.milliseconds,
      ], in: "outbox_messages", key: ["chat", "key"])
  }

  static func message(
    for key: String, in chat: ChatID, from db: Database
  ) throws -> MessageRef? {
    try db.rows(
      of: "outbox_messages", key: "key", "WHERE chat = ? AND key = ?", [chat.number, key]
    ) { try $0.message("message_chat", "message") }.first ?? nil
  }
}
