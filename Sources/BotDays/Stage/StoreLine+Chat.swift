import Chat
import TradingModel

// The chat's part of the store.

extension StoreLine {
  private func chatTransact<Value: Sendable>(
    _ write: @escaping (inout StoreMemory) -> Value
  ) async throws(ChatStoreError) -> Value {
    guard let value = await transact(write) else { throw .unwritable("disk full") }
    return value
  }
}

extension StoreLine: UpdateLedger {
  func offset() async throws(ChatStoreError) -> Int64? { nil }

  func commit(
    _ updates: [ChatUpdate], nextOffset: Int64
  ) async throws(ChatStoreError) -> [ChatUpdate] {
    try await chatTransact { memory in
      let fresh = updates.filter { memory.updates.insert(Self.identity(of: $0)).inserted }
      memory.unhandled += fresh
      return fresh
    }
  }

  func unhandled() async throws(ChatStoreError) -> [ChatUpdate] { store.memory.unhandled }

  func markHandled(_ update: ChatUpdate) async throws(ChatStoreError) {
    try await chatTransact { $0.unhandled.removeAll { $0 == update } }
  }

  /// As the journal has it: a message by its chat, number and text, a tap by its own number.
  private static func identity(of update: ChatUpdate) -> String {
    switch update.body {
    case .message(let message):
      "message \(message.ref.chat) \(message.ref.message) \(message.sentAt) \(message.text)"
    case .tap(let tap): "tap \(tap.id) \(tap.sender.id) \(tap.data)"
    case .membership, .migrated, .ignored: "\(update.id) \(update.body)"
    }
  }
}

extension StoreLine: CommandLog {
  func add(_ row: CommandRow) async throws(ChatStoreError) -> Int64 {
    try await chatTransact { [store] memory in
      var row = row
      row.number = Int64(memory.rows.count) + 1
      memory.rows.append(row)
      store.note(.command(row))
      return row.number
    }
  }

  func update(_ row: CommandRow) async throws(ChatStoreError) {
    let isKnown = try await chatTransact { [store] memory in
      guard memory.rows.indices.contains(Int(row.number) - 1) else { return false }
      memory.rows[Int(row.number) - 1] = row
      store.note(.command(row))
      return true
    }
    if !isKnown { throw .unwritable("no such command") }
  }

  func unfinished() async throws(ChatStoreError) -> [CommandRow] {
    store.memory.rows.filter { !$0.stage.isEnd }
  }

  func latest(_ count: Int) async throws(ChatStoreError) -> [CommandRow] {
    Array(store.memory.rows.reversed().prefix(count))
  }
}

extension StoreLine: PersonStore {
  func persons() async throws(ChatStoreError) -> [Person] { store.memory.persons }

  func save(_ person: Person) async throws(ChatStoreError) {
    try await chatTransact { memory in
      memory.persons.removeAll { $0.id == person.id }
      memory.persons.append(person)
    }
  }

  func remove(_ person: PersonID) async throws(ChatStoreError) {
    try await chatTransact { $0.persons.removeAll { $0.id == person } }
  }
}

extension StoreLine: Outbox {
  func append(
    _ entries: [OutboxEntry], event: (kind: String, detail: String)
  ) async throws(ChatStoreError) -> [OutboxEntry] {
    try await chatTransact { [store, flaws] memory in
      let numbered = entries.map { entry in
        memory.lastEntry += 1
        var copy = entry
        copy.id = memory.lastEntry
        store.note(.outbox(copy, .written))
        return copy
      }
      memory.entries += flaws.outbox(numbered)
      return numbered
    }
  }

  func pending() async throws(ChatStoreError) -> [OutboxEntry] {
    store.memory.entries.sorted { ($0.lane, $0.createdAt, $0.id) < ($1.lane, $1.createdAt, $1.id) }
  }

  func delivered(_ entry: OutboxEntry, as message: MessageRef) async throws(ChatStoreError) {
    try await chatTransact { [store] memory in
      memory.entries.removeAll { $0.id == entry.id }
      memory.messages[StoreMemory.OutboxPlace(key: entry.key, chat: entry.address.chat)] = message
      store.note(.outbox(entry, .delivered(message)))
    }
  }

  func markRepeat(_ entry: OutboxEntry) async throws(ChatStoreError) {
    try await chatTransact { [store] memory in
      for place in memory.entries.indices where memory.entries[place].id == entry.id {
        memory.entries[place].mayBeRepeat = true
      }
      store.note(.outbox(entry, .repeated))
    }
  }

  func drop(_ entry: OutboxEntry, why: String) async throws(ChatStoreError) {
    try await chatTransact { [store] memory in
      memory.entries.removeAll { $0.id == entry.id }
      store.note(.outbox(entry, .dropped(why)))
    }
  }

  func message(
    for key: String, in chat: ChatID
  ) async throws(ChatStoreError) -> MessageRef? {
    store.memory.messages[StoreMemory.OutboxPlace(key: key, chat: chat)]
  }
}
