import Chat
import GRDB
import TradingModel

extension Journal: UpdateLedger {
  /// The service delivers nothing again that is older.
  private static let remembered: Duration = .hours(24)
  /// After so long without an update the service's numbers begin anew, perhaps lower.
  private static let offsetLife: Duration = .hours(24 * 7)

  public func offset() async throws(ChatStoreError) -> Int64? {
    let oldest = clock.now - Self.offsetLife
    do {
      return try await store.read { db in
        if let newest = try Updates.newest(in: db), newest < oldest { return nil }
        return try Meta.value(of: .pollingOffset, in: db)
      }
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

  /// When the last one came; nil when none is remembered.
  static func newest(in db: Database) throws -> Timestamp? {
    try Int64.fetchOne(db, sql: "SELECT max(received_at) FROM updates")
      .map(Timestamp.init(milliseconds:))
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
