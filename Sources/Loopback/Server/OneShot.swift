import TradingModel

/// A value that comes once, and someone who waits for it, but not for ever.
final class OneShot<Value: Sendable>: Sendable {
  private let stream: AsyncStream<Value>
  private let continuation: AsyncStream<Value>.Continuation

  init() {
    (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
  }

  /// Only the first value counts.
  func resolve(_ value: Value) {
    continuation.yield(value)
    continuation.finish()
  }

  /// The value, or nil when the deadline passed or the task was cancelled before it came.
  func value(until deadline: Timestamp, on clock: any WallClock) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
      group.addTask { [stream] in
        for await value in stream { return value }
        return nil
      }
      group.addTask {
        do { try await clock.sleep(until: deadline) } catch {}
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }
}
