import Synchronization

/// Requests and callers turned away, by reason.
final class RefusalCounts: Sendable {
  static let address = "address"
  private let counts = Mutex<[String: UInt64]>([:])

  func note(_ reason: String) { counts.withLock { $0[reason, default: 0] &+= 1 } }

  var all: [(label: String, count: UInt64)] {
    counts.withLock { counts in counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
  }
}
