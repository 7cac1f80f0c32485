import TradingModel

/// So many at once, then one per interval.
struct TokenBucket {
  let capacity: Int
  let interval: Duration
  private var tokens: Int
  private var refilledAt: Timestamp

  init(capacity: Int, interval: Duration, at now: Timestamp) {
    self.capacity = capacity
    self.interval = interval
    tokens = capacity
    refilledAt = now
  }

  /// Nil when a token is there; else when the next one comes.
  mutating func wait(at now: Timestamp) -> Timestamp? {
    refill(at: now)
    return tokens > 0 ? nil : refilledAt + interval
  }

  mutating func take() { tokens -= 1 }

  /// Full again: it may be forgotten.
  mutating func isFull(at now: Timestamp) -> Bool {
    refill(at: now)
    return tokens >= capacity
  }

  private mutating func refill(at now: Timestamp) {
    // A clock that was set back must not stop the flow until it has caught up.
    refilledAt = min(refilledAt, now)
    let passed = (now - refilledAt).wholeNanoseconds / max(1, interval.wholeNanoseconds)
    guard passed > 0 else { return }
    tokens = Int(min(Int64(capacity), Int64(tokens) + min(passed, Int64(capacity))))
    refilledAt =
      tokens >= capacity
      ? now : refilledAt + .nanoseconds(passed * interval.wholeNanoseconds)
  }
}
