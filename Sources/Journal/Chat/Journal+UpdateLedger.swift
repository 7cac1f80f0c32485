import Chat
import GRDB
import TradingModel

extension Journal: UpdateLedger {
  /// The service delivers nothing again that is older.
  private static let remembered: Duration = .hours(24)

  public func offset() async throws(ChatStoreError) -> Int64? {
    do {
      return try await store.read { try Meta.value(of: .pollingOffset, in: $0) }
    } catch {
      throw error.asChatStoreError
    }
  }

  public func commit(
    _ updates: [ChatUpdate], nextOffset: Int64
  ) async throws(ChatStoreError) -> [ChatUpdate] {
    let now = clock.now
    do {
      return try await write { db in
        try Updates.forgetHandled(before: now - Self.remembered, in: db)
        let fresh = try updates.filter { try Updates.add($0, at: now, in: db) }
        try Meta.set(.pollingOffset, to: nextOffset, in: db)
        return fresh
      }
    } catch {
      throw error.asChatStoreError
    }
  }

  public func unhandled() async throws(ChatStoreError) -> [ChatUpdate] {
    do { return try await store.read(Updates.unhandled) } catch { throw error.asChatStoreError }
  }

  public func markHandled(_ update: ChatUpdate) async throws(ChatStoreError) {
    let now = clock.now
    do { try await write { try Updates.markHandled(update, at: now, in: $0) } } catch {
      throw error.asChatStoreError
    }
  }
}

/// `updates`: what came in, until it is handled and a day old.
enum Updates {
  /// - Returns: Whether it was not known yet.
  static func add(_ update: ChatUpdate, at time: Timestamp, in db: Database) throws -> Bool {
    try db.add(
      [
        "identity": UpdateIdentity.text(of: update), "update_id": update.id,
        "body": JSONText.text(of: update.body), "received_at": time.milliseconds,
      ], to: "updates", ignoringKnown: true)
  }

  static func unhandled(in db: Database) throws -> [ChatUpdate] {
    try db.rows(of: "updates", key: "row", "WHERE handled_at IS NULL ORDER BY row") {
      ChatUpdate(id: try $0.integer("update_id"), body: try $0.json("body"))
    }
  }

  static func markHandled(_ update: ChatUpdate, at time: Timestamp, in db: Database) throws {
    try db.execute(
      sql: "UPDATE updates SET handled_at = ? WHERE identity = ? AND handled_at IS NULL",
      arguments: [time.milliseconds, UpdateIdentity.text(of: update)])
  }

  static func forgetHandled(before time: Timestamp, in db: Database) throws {
    try db.execute(
      sql: "DELETE FROM updates WHERE received_at < ? AND handled_at IS NOT NULL",
      arguments: [time.milliseconds])
  }
}
