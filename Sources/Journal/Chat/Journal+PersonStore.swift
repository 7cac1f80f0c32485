import Chat
import GRDB

extension Journal: PersonStore {
  /// Sorted by id.
  public func persons() async throws(ChatStoreError) -> [Person] {
    do { return try await store.read(Users.all) } catch { throw error.asChatStoreError }
  }

  public func save(_ person: Person) async throws(ChatStoreError) {
    do { try await write { try Users.save(person, in: $0) } } catch {
      throw error.asChatStoreError
    }
  }

  public func remove(_ person: PersonID) async throws(ChatStoreError) {
    do { try await write { try Users.remove(person, in: $0) } } catch {
      throw error.asChatStoreError
    }
  }
}

/// `users`: who may.
enum Users {
  static func save(_ person: Person, in db: Database) throws {
    try db.save(
      [
        "id": person.id.number, "name": person.name, "role": person.role.rawValue,
        "chat": person.chat.number, "since": person.since,
      ], in: "users", key: ["id"])
  }

  static func remove(_ person: PersonID, in db: Database) throws {
    try db.execute(sql: "DELETE FROM users WHERE id = ?", arguments: [person.number])
  }

  static func all(in db: Database) throws -> [Person] {
    try db.rows(of: "users", key: "id", "ORDER BY id") {
      Person(
        id: PersonID(try $0.integer("id")), name: try $0.text("name"),
        role: try $0.numberedChoice("role"), chat: ChatID(try $0.integer("chat")),
        since: try $0.integer("since"))
    }
  }
}
