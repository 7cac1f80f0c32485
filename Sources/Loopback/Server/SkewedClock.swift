import Synchronization
import TradingModel

/// The clock of one venue, which goes before or after that of the others by command.
public final class SkewedClock: WallClock {
  private let base: any WallClock
  private let offset = Mutex(Duration.zero)

  public init(following base: any WallClock) { self.base = base }

  /// Above zero it is ahead.
  public var skew: Duration {
    get { offset.withLock { $0 } }
    set { offset.withLock { $0 = newValue } }
  }

  public var now: Timestamp { base.now + skew }

  /// How long it waits is settled when it begins: a skew that changes meanwhile moves no sleeper.
  public func sleep(until deadline: Timestamp) async throws {
    try await base.sleep(until: deadline - skew)
  }
}
