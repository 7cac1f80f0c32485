import Synchronization
import TradingModel

/// A clock on which every sleep is over at once, and the time has passed.
final class PassingClock: WallClock {
  private let state: Mutex<Timestamp>

  init(_ now: Timestamp = Timestamp(seconds: 1_795_176_000)) { state = Mutex(now) }

  var now: Timestamp { state.withLock { $0 } }

  func sleep(until deadline: Timestamp) async throws {
    try Task.checkCancellation()
    state.withLock { $0 = max($0, deadline) }
  }
}
