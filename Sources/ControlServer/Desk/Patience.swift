import Synchronization
import TradingModel

/// What `ask` answers, or nil after `limit`. What hangs is left hanging: a stuck engine can't be
/// cancelled, and whoever presses the button must not be stuck with it.
func answer<Value: Sendable>(
  within limit: Duration, on clock: any WallClock,
  of ask: @escaping @Sendable () async -> Value
) async -> Value? {
  await withCheckedContinuation { continuation in
    let once = Once(continuation)
    let alarm = Task {
      do { try await clock.sleep(for: limit) } catch { return }
      once.resume(nil)
    }
    Task {
      once.resume(await ask())
      alarm.cancel()
    }
  }
}

/// Resumes a continuation the first time and no more.
final class Once<Value: Sendable>: Sendable {
  private let waiting: Mutex<CheckedContinuation<Value?, Never>?>

  init(_ continuation: CheckedContinuation<Value?, Never>) { waiting = Mutex(continuation) }

  func resume(_ value: Value?) {
    let continuation = waiting.withLock { waiting in
      defer { waiting = nil }
      return waiting
    }
    continuation?.resume(returning: value)
  }
}
