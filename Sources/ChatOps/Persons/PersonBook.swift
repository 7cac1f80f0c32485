import Chat

/// Owns the list of persons. An empty list is nobody.
public actor PersonBook {
  private let store: any PersonStore
  private var known: [Person] = []

  public init(store: any PersonStore) { self.store = store }

  /// Reads the list again. What was known stays known when the store can't be read.
  public func load() async throws(ChatStoreError) {
    known = try await store.persons().sorted { $0.id < $1.id }
  }

  func person(_ id: PersonID) -> Person? { known.first { $0.id == id } }
  func everyone() -> [Person] { known }
  var hasOwner: Bool { known.contains { $0.role == .owner } }

  func add(_ person: Person) async throws(ChatStoreError) {
    try await store.save(person)
    known.removeAll { $0.id == person.id }
    known.append(person)
    known.sort { $0.id < $1.id }
  }

  /// The chat has a new number: who was reached there is reached at the new one.
  func move(from old: ChatID, to new: ChatID) async throws(ChatStoreError) {
    for var person in known where person.chat == old {
      person.chat = new
      try await add(person)
    }
  }
}
