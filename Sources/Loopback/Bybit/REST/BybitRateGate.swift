import Synchronization
import TradingModel

/// Counts the calls of each endpoint within a rolling second.
final class BybitRateGate: Sendable {
  /// What the `X-Bapi-Limit` headers say.
  struct Allowance: Hashable {
    var limit: Int
    var left: Int
    /// In ms: when a call is free again; about now while there is one left.
    var reset: Int64
    var isExceeded: Bool
  }

  private static let window = Duration.seconds(1)
  private let calls = Mutex<[String: [Timestamp]]>([:])

  func pass(_ endpoint: String, limit: Int, at now: Timestamp) -> Allowance {
    calls.withLock { calls in
      var recent = (calls[endpoint] ?? []).filter { now - $0 < Self.window && $0 <= now }
      let isExceeded = recent.count >= limit
      if !isExceeded { recent.append(now) }
      calls[endpoint] = recent
      let oldest = recent.first ?? now
      return Allowance(
        limit: limit, left: max(0, limit - recent.count),
        // Rounded up: a client that waits until then is not refused again.
        reset: isExceeded ? (oldest + Self.window).milliseconds + 1 : now.milliseconds,
        isExceeded: isExceeded)
    }
  }
}
