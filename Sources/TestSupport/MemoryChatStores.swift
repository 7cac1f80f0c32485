import Chat
import Synchronization

/// Persons that last as long as the test.
public final class MemoryPersonStore: PersonStore {
  private let state: Mutex<[Person]>

  public init(_ persons: [Person] = []) { state = Mutex(persons) }

  public func persons() async throws(ChatStoreError) -> [Person] { state.withLock { $0 } }

  public func save(_ person: Person) async throws(ChatStoreError) {
    state.withLock { persons in
      persons.removeAll { $0.id == person.id }
      persons.append(person)
    }
  }

  public func remove(_ person: PersonID) async throws(ChatStoreError) {
    state.withLock { $0.removeAll { $0.id == person } }
  }
}

/// An update ledger that lasts as long as the test.
public final class MemoryUpdateLedger: UpdateLedger {
  private struct State {
    var offset: Int64?
    var waiting: [ChatUpdate] = []
    var seen: Set<ChatUpdate> = []
  }

  private let state = Mutex(State())

  /// - Parameter waiting: Committed by an earlier run and not handled.
  public init(waiting: [ChatUpdate] = []) {
    state.withLock {
      $0.waiting = waiting
      $0.seen = Set(waiting)
    }
  }

  public func offset() async throws(ChatStoreError) -> Int64? { state.withLock { $0.offset } }

  public func commit(
    _ updates: [ChatUpdate], nextOffset: Int64
  ) async throws(ChatStoreError) -> [ChatUpdate] {
    state.withLock { state in
      let fresh = updates.filter { state.seen.insert($0).inserted }
      state.waiting += fresh
      state.offset = nextOffset
      return fresh
    }
  }

  public func unhandled() async throws(ChatStoreError) -> [ChatUpdate] {
    state.withLock { $0.waiting }
  }

  public func markHandled(_ update: ChatUpdate) async throws(ChatStoreError) {
    state.withLock { $0.waiting.removeAll { $0 == update } }
  }
}
