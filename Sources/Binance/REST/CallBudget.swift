import Synchronization
import TradingModel
import Transport

/// What may still be sent: weights per minute of the address, orders per 10 s and per minute of the
/// account. Of each a part is kept for closing, protecting, and finding out what became of an order; of
/// the weights another part for readings of the account, which slow down before they run out.
///
/// The venue's word, in headers and in the replies of the WebSocket API, corrects the count.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info, `LIMITS`
final class CallBudget: Sendable {
  private struct State {
    var weight = RateBudget(
      .init(limit: 2400, per: .fixed(.seconds(60)), reserve: 400, readingReserve: 800))
    var ordersPerTenSeconds = RateBudget(.init(limit: 300, per: .fixed(.seconds(10)), reserve: 100))
    var ordersPerMinute = RateBudget(.init(limit: 1200, per: .fixed(.seconds(60)), reserve: 300))
    /// Moves of stops that rest: each is two or three orders and three of the weight, and fifty positions
    /// that follow the price would leave nothing to entries and readings.
    var moves = RateBudget(.init(limit: 24, per: .rolling(.seconds(10)), reserve: 0))
    var lastReadingAt: Timestamp?
  }

  private let state = Mutex(State())

  /// Spends what the call costs.
  /// - Throws: `VenueError.rateLimited` when it must wait; then nothing was spent.
  func admit(_ call: BinanceCall, at now: Timestamp) throws(VenueError) {
    let lane: RateBudget.Lane =
      switch call.urgency {
      case .closing: .closing
      case .verifying: .reading
      case .ordinary: .other
      }
    let wait: Duration? = state.withLock { state in
      let waits = [
        state.weight.wait(for: call.weight, lane: lane, at: now),
        call.orders.perTenSeconds == 0
          ? nil
          : state.ordersPerTenSeconds.wait(for: call.orders.perTenSeconds, lane: lane, at: now),
        call.orders.perMinute == 0
          ? nil : state.ordersPerMinute.wait(for: call.orders.perMinute, lane: lane, at: now),
      ].compactMap(\.self)
      if let longest = waits.max() { return longest }
      state.weight.spend(call.weight, at: now)
      state.ordersPerTenSeconds.spend(call.orders.perTenSeconds, at: now)
      state.ordersPerMinute.spend(call.orders.perMinute, at: now)
      return nil
    }
    if let wait { throw .rateLimited(retryAfter: wait) }
  }

  /// Counts a move of a stop that rests. It is no hurry: the old one stands until the new one does.
  /// - Throws: `VenueError.rateLimited` when there were too many lately.
  func admitMove(at now: Timestamp) throws(VenueError) {
    let wait = state.withLock { $0.moves.admit(lane: .closing, at: now) }
    if let wait { throw .rateLimited(retryAfter: wait) }
  }

  /// Spends at once what several calls are going to cost, of all that is not kept for closing.
  /// - Throws: `VenueError.rateLimited` when it must wait; then nothing was spent.
  func pay(weight: Int, orders: Int, at now: Timestamp) throws(VenueError) {
    try admit(
      .change(.post, "", weight: weight, orders: (orders, orders), urgency: .verifying), at: now)
  }

  /// A reading of the account is wanted: how long it is to wait so that the readings of this minute
  /// last to its end. Counts as read when that has passed.
  /// - Parameter weight: What the reading is going to cost.
  /// - Throws: `VenueError.rateLimited` when the wait is longer than `limit`.
  func pause(
    beforeReading weight: Int, within limit: Duration, at now: Timestamp
  ) throws(VenueError) -> Duration {
    let pause = state.withLock { state -> Duration in
      let interval = state.weight.interval(for: weight, lane: .reading, at: now)
      let full = state.weight.wait(for: weight, lane: .reading, at: now) ?? .zero
      let next = max(now + full, (state.lastReadingAt ?? now - interval) + interval)
      guard next - now <= limit else { return next - now }
      state.lastReadingAt = next
      return next - now
    }
    guard pause <= limit else { throw .rateLimited(retryAfter: pause) }
    return pause
  }

  /// Takes in the counts of an answer's headers; answers that refuse may lack them.
  func learn(_ headers: HeaderFields, sentAt: Timestamp, at now: Timestamp) {
    state.withLock { state in
      if let used = headers["X-MBX-USED-WEIGHT-1M"].flatMap({ Int($0) }) {
        state.weight.learn(used: used, sentAt: sentAt, at: now)
      }
      if let used = headers["X-MBX-ORDER-COUNT-10S"].flatMap({ Int($0) }) {
        state.ordersPerTenSeconds.learn(used: used, sentAt: sentAt, at: now)
      }
      if let used = headers["X-MBX-ORDER-COUNT-1M"].flatMap({ Int($0) }) {
        state.ordersPerMinute.learn(used: used, sentAt: sentAt, at: now)
      }
    }
  }

  /// Takes in `rateLimits`, of `exchangeInfo` or of a reply of the WebSocket API, where counts stand
  /// beside the limits. Limits and counts of −1 say nothing.
  func learn(_ limits: [JSONValue], sentAt: Timestamp, at now: Timestamp) {
    for row in limits {
      guard let kind = row["rateLimitType"]?.stringValue,
        let interval = row["interval"]?.stringValue, let number = row.count("intervalNum"),
        let limit = row.count("limit")
      else { continue }
      let left = row.count("count").map { limit - $0 }
      state.withLock { state in
        switch (kind, interval, number) {
        case ("REQUEST_WEIGHT", "MINUTE", 1):
          state.weight.learn(limit: limit, left: left, sentAt: sentAt, at: now)
        case ("ORDERS", "SECOND", 10):
          state.ordersPerTenSeconds.learn(limit: limit, left: left, sentAt: sentAt, at: now)
        case ("ORDERS", "MINUTE", 1):
          state.ordersPerMinute.learn(limit: limit, left: left, sentAt: sentAt, at: now)
        default: break
        }
      }
    }
  }

  /// The venue wants to hear nothing before then: asking on turns a refusal into a ban.
  func keepQuiet(until end: Timestamp) { state.withLock { $0.weight.ban(until: end) } }
}

extension JSONValue {
  fileprivate func count(_ name: String) -> Int? {
    guard case .number(let digits)? = self[name], let count = Int(digits), count >= 0 else {
      return nil
    }
    return count
  }
}
