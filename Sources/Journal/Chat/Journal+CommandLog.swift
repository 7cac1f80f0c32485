import Chat
import GRDB

extension Journal: CommandLog {
  public func add(_ row: CommandRow) async throws(ChatStoreError) -> Int64 {
    do {
      return try await write { db in
        var numbered = row
        numbered.number = try Commands.add(row, in: db)
        try AuditChain.append(numbered, in: db)
        return numbered.number
      }
    } catch {
      throw error.asChatStoreError
    }
  }

  public func update(_ row: CommandRow) async throws(ChatStoreError) {
    do {
      try await write { db in
        try Commands.update(row, in: db)
        // As the table has it: what may not change must not change in the chain either.
        guard let stored = try Commands.command(row.number, in: db) else { return }
        try AuditChain.append(stored, in: db)
      }
    } catch {
      throw error.asChatStoreError
    }
  }

  public func unfinished() async throws(ChatStoreError) -> [CommandRow] {
    do { return try await store.read(Commands.unfinished) } catch { throw error.asChatStoreError }
  }

  public func latest(_ count: Int) async throws(ChatStoreError) -> [CommandRow] {
    do { return try await store.read { try Commands.latest(Self.bounded(count), in: $0) } } catch {
      throw error.asChatStoreError
    }
  }

  /// Follows the chain of the command journal from its first step to its last.
  public func verifyCommands() async throws(ChatStoreError) -> AuditVerdict {
    do { return try await store.read(AuditChain.verify) } catch { throw error.asChatStoreError }
  }
}
