import Synchronization
import TradingModel

/// Counts changes and wakes those who wait for the next one.
public final class ChangeSignal: Sendable {
  private struct State {
    var revision = 0
    var waiters: [OneShot<Void>] = []
  }

  private let state = Mutex(State())

  public init() {}

  public var revision: Int { state.withLock { $0.revision } }

  public func bump() {
    let woken = state.withLock { state in
      state.revision += 1
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in woken { waiter.resolve(()) }
  }

  /// Returns as soon as the revision is above `seen`, at the deadline, or when cancelled.
  public func wait(past seen: Int, until deadline: Timestamp, on clock: any WallClock) async {
    let waiter: OneShot<Void>? = state.withLock { state in
      guard state.revision <= seen else { return nil }
      let waiter = OneShot<Void>()
      state.waiters.append(waiter)
      return waiter
    }
    guard let waiter else { return }
    _ = await waiter.value(until: deadline, on: clock)
    state.withLock { state in state.waiters.removeAll { $0 === waiter } }
  }
}
