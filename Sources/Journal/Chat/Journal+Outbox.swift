import Chat
import GRDB

extension Journal: Outbox {
  public func append(
    _ entries: [OutboxEntry], event: (kind: String, detail: String)
  ) async throws(ChatStoreError) -> [OutboxEntry] {
    let now = clock.now
    do {
      return try await write { db in
        try SystemEvents.add(event.kind, event.detail, at: now, in: db)
        return try entries.map { entry in
          var numbered = entry
          numbered.id = try OutboxEntries.add(entry, in: db)
          return numbered
        }
      }
    } catch {
      throw error.asChatStoreError
    }
  }

  public func pending() async throws(ChatStoreError) -> [OutboxEntry] {
    do { return try await store.read(OutboxEntries.all) } catch { throw error.asChatStoreError }
  }

  public func delivered(
    _ entry: OutboxEntry, as message: MessageRef
  ) async throws(ChatStoreError) {
    let now = clock.now
    do {
      try await write { db in
        try OutboxEntries.remove(entry, in: db)
        try OutboxMessages.save(message, for: entry, at: now, in: db)
      }
    } catch {
      throw error.asChatStoreError
    }
  }

  public func markRepeat(_ entry: OutboxEntry) async throws(ChatStoreError) {
    do { try await write { try OutboxEntries.markRepeat(entry, in: $0) } } catch {
      throw error.asChatStoreError
    }
  }

  public func drop(_ entry: OutboxEntry, why: String) async throws(ChatStoreError) {
    let now = clock.now
    do {
      try await write { db in
        try OutboxEntries.remove(entry, in: db)
        try SystemEvents.add("outbox.dropped", "\(entry.key): \(why)", at: now, in: db)
      }
    } catch {
      throw error.asChatStoreError
    }
  }

  public func message(
    for key: String, in chat: ChatID
  ) async throws(ChatStoreError) -> MessageRef? {
    do {
      return try await store.read { try OutboxMessages.message(for: key, in: chat, from: $0) }
    } catch {
      throw error.asChatStoreError
    }
  }
}
