import Chat
import Synchronization

/// An outbox that lasts as long as the test, and can be out of order.
public final class MemoryOutbox: Outbox {
  private struct Place: Hashable {
    let key: String
    let chat: ChatID
  }

  private struct State {
    var entries: [OutboxEntry] = []
    var events: [(kind: String, detail: String)] = []
    var messages: [Place: MessageRef] = [:]
    var dropped: [String] = []
    var lastID: Int64 = 0
    var isBroken = false
  }

  private let state = Mutex(State())

  public init() {}

  public var events: [(kind: String, detail: String)] { state.withLock { $0.events } }
  /// Why entries were given up.
  public var dropped: [String] { state.withLock { $0.dropped } }
  public func setBroken(_ isBroken: Bool) { state.withLock { $0.isBroken = isBroken } }

  public func append(
    _ entries: [OutboxEntry], event: (kind: String, detail: String)
  ) async throws(ChatStoreError) -> [OutboxEntry] {
    let numbered: [OutboxEntry]? = state.withLock { state in
      guard !state.isBroken else { return nil }
      state.events.append(event)
      let numbered = entries.map { entry in
        state.lastID += 1
        var copy = entry
        copy.id = state.lastID
        return copy
      }
      state.entries += numbered
      return numbered
    }
    guard let numbered else { throw .unwritable("disk full") }
    return numbered
  }

  public func pending() async throws(ChatStoreError) -> [OutboxEntry] {
    state.withLock { state in
      state.entries.sorted { ($0.lane, $0.createdAt, $0.id) < ($1.lane, $1.createdAt, $1.id) }
    }
  }

  public func delivered(_ entry: OutboxEntry, as message: MessageRef) async throws(ChatStoreError) {
    let isDone: Bool = state.withLock { state in
      guard !state.isBroken else { return false }
      state.entries.removeAll { $0.id == entry.id }
      state.messages[Place(key: entry.key, chat: entry.address.chat)] = message
      return true
    }
    if !isDone { throw .unwritable("disk full") }
  }

  public func markRepeat(_ entry: OutboxEntry) async throws(ChatStoreError) {
    state.withLock { state in
      guard let index = state.entries.firstIndex(where: { $0.id == entry.id }) else { return }
      state.entries[index].mayBeRepeat = true
    }
  }

  public func drop(_ entry: OutboxEntry, why: String) async throws(ChatStoreError) {
    state.withLock { state in
      state.entries.removeAll { $0.id == entry.id }
      state.dropped.append(why)
    }
  }

  public func message(
    for key: String, in chat: ChatID
  ) async throws(ChatStoreError) -> MessageRef? {
    state.withLock { $0.messages[Place(key: key, chat: chat)] }
  }
}
