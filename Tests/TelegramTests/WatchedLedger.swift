import Chat
import Synchronization
import TestSupport

/// A ledger that writes down what is asked of it, and can be out of order.
final class WatchedLedger: UpdateLedger {
  private let memory = MemoryUpdateLedger()
  private let chronicle: Chronicle
  private let isBroken = Mutex(false)
  private let isForgetful = Mutex(false)

  init(chronicle: Chronicle) { self.chronicle = chronicle }

  func setBroken(_ value: Bool) { isBroken.withLock { $0 = value } }
  func forgetOffset() { isForgetful.withLock { $0 = true } }

  func offset() async throws(ChatStoreError) -> Int64? {
    isForgetful.withLock { $0 } ? nil : try await memory.offset()
  }

  func commit(
    _ updates: [ChatUpdate], nextOffset: Int64
  ) async throws(ChatStoreError) -> [ChatUpdate] {
    if isBroken.withLock({ $0 }) {
      chronicle.write("not committed")
      throw .unwritable("disk full")
    }
    let fresh = try await memory.commit(updates, nextOffset: nextOffset)
    chronicle.write("committed \(fresh.count) of \(updates.count)")
    return fresh
  }

  func unhandled() async throws(ChatStoreError) -> [ChatUpdate] { try await memory.unhandled() }

  func markHandled(_ update: ChatUpdate) async throws(ChatStoreError) {
    try await memory.markHandled(update)
  }
}
