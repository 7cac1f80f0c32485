import Foundation
import Synchronization
import TradingModel

/// The machine's clock, which jumps ahead between two orders: our own keeping of the venue's limits
/// would hold the second one back, and what is measured is the way, not the wait. Its whole work is
/// still done for each order.
final class SpacedClock: WallClock {
  /// Longer than any limit's window.
  private static let gap: Int64 = 6_000_000_000
  private let ahead = Atomic<Int64>(0)

  var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(
      nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        + ahead.load(ordering: .relaxed))
  }

  func sleep(until deadline: Timestamp) async throws {
    let wait = deadline - now
    if wait > .zero { try await Task.sleep(for: wait) } else { try Task.checkCancellation() }
  }

  /// Called before each order.
  func jump() { ahead.add(Self.gap, ordering: .relaxed) }
}
