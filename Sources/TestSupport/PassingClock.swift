import Synchronization
import TradingModel

/// A clock on which every sleep is over at once, and the time has passed.
public final class PassingClock: WallClock {
  private let state: Mutex<Timestamp>

  /// 2026-11-20T12:00:00Z unless told otherwise.
  public init(_ now: Timestamp = .noon) { state = Mutex(now) }

  public var now: Timestamp { state.withLock { $0 } }

  public func sleep(until deadline: Timestamp) async throws {
    try Task.checkCancellation()
    state.withLock { $0 = max($0, deadline) }
  }
}
