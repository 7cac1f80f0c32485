import Synchronization
import TradingModel

/// The clock of the loopback servers: it follows another one and can be set forward by command,
/// so that a day passes without waiting for it.
public final class LoopbackClock: WallClock {
  /// What it follows: the host's clock, or one that a test moves. Patience of people who wait
  /// for an answer is measured on it, because a jump must not end it.
  public let base: any WallClock
  private let offset = Mutex(Duration.zero)
  private let jumps = ChangeSignal()

  public init(following base: any WallClock) { self.base = base }

  public var now: Timestamp { base.now + offset.withLock { $0 } }

  /// Sets the clock forward and wakes everyone whose time has come.
  public func advance(by step: Duration) {
    guard step > .zero else { return }
    offset.withLock { $0 += step }
    jumps.bump()
  }

  public func sleep(until deadline: Timestamp) async throws {
    while true {
      let seen = jumps.revision
      let current = now
      if current >= deadline { return }
      try Task.checkCancellation()
      await jumps.wait(past: seen, until: base.now + (deadline - current), on: base)
      try Task.checkCancellation()
    }
  }
}
