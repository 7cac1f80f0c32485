/// The only source of time. Made once in `main`; tests hand in one that they move.
public protocol WallClock: Sendable {
  var now: Timestamp { get }

  /// Returns at `deadline` or as soon after as possible.
  /// - Throws: `CancellationError` when the task is cancelled first.
  func sleep(until deadline: Timestamp) async throws
}

extension WallClock {
  public func sleep(for duration: Duration) async throws {
    try await sleep(until: now + duration)
  }
}

/// The only source of chance: back-off jitter, nonces, pairing codes, the seeded market.
public protocol RandomSource: Sendable {
  /// Uniform over all 64 bits.
  func next() -> UInt64
}

extension RandomSource {
  /// A number in `0..<bound`, without modulo bias; 0 when `bound` is 0.
  public func next(below bound: UInt64) -> UInt64 {
    guard bound > 1 else { return 0 }
    let threshold = (0 &- bound) % bound
    while true {
      let product = next().multipliedFullWidth(by: bound)
      if product.low >= threshold { return product.high }
    }
  }
}
