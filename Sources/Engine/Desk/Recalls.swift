import Synchronization
import TradingModel

/// Entries that must not leave any more. Written by whoever decides, at once and without waiting for
/// the desk; asked by the desk before each send.
final class Recalls: Sendable {
  /// An entry has its answer after seconds; so many are not under way by far.
  private static let capacity = 1024

  private struct State {
    var known: Set<ClientOrderID> = []
    var inOrder = Fifo<ClientOrderID>()
  }

  private let state = Mutex(State())

  func note(_ id: ClientOrderID) {
    state.withLock { state in
      guard state.known.insert(id).inserted else { return }
      state.inOrder.append(id)
      guard state.inOrder.count > Self.capacity, let oldest = state.inOrder.popFirst() else {
        return
      }
      state.known.remove(oldest)
    }
  }

  func contains(_ id: ClientOrderID) -> Bool { state.withLock { $0.known.contains(id) } }
}
