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
    /// How many of the calls, or of the orders of a batch, may pass.
    var granted: Int
    var isExceeded: Bool { granted == 0 }
  }

  private static let window = Duration.seconds(1)
  private let calls = Mutex<[String: [Timestamp]]>([:])

  /// - Parameter weight: The orders of a batch; one for everything else.
  func pass(_ endpoint: String, limit: Int, weight: Int = 1, at now: Timestamp) -> Allowance {
    calls.withLock { calls in
      var recent = (calls[endpoint] ?? []).filter { now - $0 < Self.window && $0 <= now }
      let granted = min(max(1, weight), max(0, limit - recent.count))
      recent += Array(repeating: now, count: granted)
      calls[endpoint] = recent
      let oldest = recent.first ?? now
      return Allowance(
        limit: limit, left: max(0, limit - recent.count),
        // Rounded up: a client that waits until then is not refused again.
        reset: granted == 0 ? (oldest + Self.window).milliseconds + 1 : now.milliseconds,
        granted: granted)
    }
  }
}

/// Counts the requests of the one address that there is.
///
/// Source: Bybit V5, rate limit rules: 600 requests in 5 s, then HTTP 403 for ten minutes.
final class BybitAddressGate: Sendable {
  private static let window = Duration.seconds(5)
  private static let limit = 600
  private static let ban = Duration.minutes(10)

  private struct State {
    var recent: [Timestamp] = []
    var bannedUntil: Timestamp?
  }

  private let state = Mutex(State())

  func lets(in now: Timestamp) -> Bool {
    state.withLock { state in
      if let until = state.bannedUntil {
        guard now >= until else { return false }
        state.bannedUntil = nil
      }
      state.recent = state.recent.filter { now - $0 < Self.window && $0 <= now }
      state.recent.append(now)
      guard state.recent.count > Self.limit else { return true }
      state.recent = []
      state.bannedUntil = now + Self.ban
      return false
    }
  }
}
