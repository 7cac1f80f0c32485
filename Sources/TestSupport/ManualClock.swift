import Synchronization
import TradingModel

/// A clock that a test moves. Sleepers wake when it passes their deadline.
public final class ManualClock: WallClock {
  private struct Sleeper {
    let deadline: Timestamp
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now: Timestamp
    var sleepers: [UInt64: Sleeper] = [:]
    var nextID: UInt64 = 0
    var cancelled: Set<UInt64> = []
    var watchers: [Watcher] = []

    mutating func takeWatchers(of deadline: Timestamp) -> [Watcher] {
      let found = watchers.filter { $0.deadline == deadline }
      watchers.removeAll { $0.deadline == deadline }
      return found
    }
  }

  private struct Watcher {
    let deadline: Timestamp
    let latch: Latch
  }

  private let state: Mutex<State>

  /// 2026-11-20T12:00:00Z unless told otherwise.
  public init(_ now: Timestamp = .noon) { state = Mutex(State(now: now)) }

  public var now: Timestamp { state.withLock { $0.now } }

  /// How many tasks wait for it.
  public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

  /// Returns once a task sleeps until exactly `deadline`, or when this one is cancelled.
  public func waitForSleeper(until deadline: Timestamp) async {
    let latch = Latch()
    let isThere = state.withLock { state in
      if state.sleepers.values.contains(where: { $0.deadline == deadline }) { return true }
      state.watchers.append(Watcher(deadline: deadline, latch: latch))
      return false
    }
    if !isThere { await latch.wait() }
  }

  /// Waits for a task that sleeps for `duration` from now, and wakes it.
  public func passSleep(of duration: Duration) async {
    await waitForSleeper(until: now + duration)
    advance(by: duration)
  }

  public func advance(by duration: Duration) {
    let woken = state.withLock { state in
      state.now = state.now + duration
      let due = state.sleepers.filter { $0.value.deadline <= state.now }
      for id in due.keys { state.sleepers[id] = nil }
      return due.values.sorted { $0.deadline < $1.deadline }
    }
    for sleeper in woken { sleeper.continuation.resume() }
  }

  /// The machine's time is put right: who sleeps wakes after the time that was left, however the
  /// clock stands then.
  public func putBack(by duration: Duration) {
    state.withLock { state in
      state.now = state.now - duration
      state.sleepers = state.sleepers.mapValues {
        Sleeper(deadline: $0.deadline - duration, continuation: $0.continuation)
      }
    }
  }

  public func sleep(until deadline: Timestamp) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        enum Verdict {
          case wait([Watcher])
          case wake, cancel
        }
        let verdict: Verdict = state.withLock { state in
          if state.cancelled.remove(id) != nil { return .cancel }
          if deadline <= state.now { return .wake }
          state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
          return .wait(state.takeWatchers(of: deadline))
        }
        switch verdict {
        case .wait(let watchers): for watcher in watchers { watcher.latch.open() }
        case .wake: continuation.resume()
        case .cancel: continuation.resume(throwing: CancellationError())
        }
      }
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        if let sleeper = state.sleepers.removeValue(forKey: id) { return sleeper }
        state.cancelled.insert(id)
        return nil
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }
}

extension Timestamp {
  /// 2026-11-20T12:00:00Z.
  public static let noon = Timestamp(seconds: 1_795_176_000)
}
