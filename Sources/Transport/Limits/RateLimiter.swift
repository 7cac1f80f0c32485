import Synchronization
import TradingModel

/// Several budgets that requests draw on together: an endpoint's own, the account's, the address's.
/// Either all of them admit a request or none is charged.
public final class RateLimiter<Key: Hashable & Sendable>: Sendable {
  public struct Charge: Sendable, Hashable {
    public var key: Key
    public var cost: Int

    public init(_ key: Key, _ cost: Int = 1) {
      self.key = key
      self.cost = cost
    }
  }

  private let budgets: Mutex<[Key: RateBudget]>
  /// Of all answers so far: the way to the venue is the same for each.
  private let shortestRoundTrip = Mutex<Duration?>(nil)
  private let clock: any WallClock

  /// - Parameter policies: A charge on any other key is free.
  public init(_ policies: [Key: RateBudget.Policy], clock: any WallClock) {
    budgets = Mutex(policies.mapValues(RateBudget.init))
    self.clock = clock
  }

  /// Spends every charge, if all may be sent now. One key stands in one charge.
  /// - Returns: Nil when it may go; else how long to wait before asking again.
  public func admit(_ charges: [Charge], lane: RateBudget.Lane) -> Duration? {
    budgets.withLock { budgets in
      let now = clock.now
      let waits = charges.compactMap { charge in
        budgets[charge.key]?.wait(for: charge.cost, lane: lane, at: now)
      }
      if let longest = waits.max() { return longest }
      for charge in charges { budgets[charge.key]?.spend(charge.cost, at: now) }
      return nil
    }
  }

  /// Waits until every charge is spent.
  /// - Parameter deadline: Later than this it is not worth sending.
  /// - Throws: `RateRefusal`, and nothing is spent.
  public func pass(
    _ charges: [Charge], lane: RateBudget.Lane, before deadline: Timestamp
  ) async throws(RateRefusal) {
    while let wait = admit(charges, lane: lane) {
      guard clock.now + wait < deadline else { throw .tooLate(wait: wait) }
      do { try await clock.sleep(for: wait) } catch { throw .cancelled }
    }
  }

  /// As `RateBudget.learn`.
  public func learn(
    _ key: Key, limit: Int? = nil, left: Int? = nil, resetAt: Timestamp? = nil,
    sentAt: Timestamp
  ) {
    budgets.withLock { budgets in
      budgets[key]?.learn(
        limit: limit, left: left, resetAt: resetAt, sentAt: sentAt, at: clock.now)
    }
  }

  public func learn(_ key: Key, used: Int, sentAt: Timestamp) {
    budgets.withLock { $0[key]?.learn(used: used, sentAt: sentAt, at: clock.now) }
  }

  /// A request that was charged to `key` is answered: as `RateBudget.answered`.
  public func answered(_ key: Key, sentAt: Timestamp) {
    let now = clock.now
    guard now >= sentAt else { return }  // The clock was set meanwhile.
    let shortest = shortestRoundTrip.withLock { shortest in
      let least = min(shortest ?? now - sentAt, now - sentAt)
      shortest = least
      return least
    }
    budgets.withLock { $0[key]?.answered(sentAt: sentAt, shortest: shortest, at: now) }
  }

  /// As `RateBudget.ban`.
  public func ban(_ key: Key, until end: Timestamp) {
    budgets.withLock { $0[key]?.ban(until: end) }
  }

  /// How much may be sent on `key` at once, as far as that limit goes; nil for a key without one.
  public func room(_ key: Key, lane: RateBudget.Lane) -> Int? {
    budgets.withLock { $0[key]?.room(lane: lane, at: clock.now) }
  }

  /// What stands of a budget, for the status page; nil for a key without one.
  public func budget(_ key: Key) -> RateBudget? { budgets.withLock { $0[key] } }
}

/// Why a request was not admitted.
public enum RateRefusal: Error, Hashable, Sendable {
  /// It would have to wait so long, and by then nobody wants it any more.
  case tooLate(wait: Duration)
  case cancelled
}

extension RateRefusal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooLate(let wait): "the venue's limit leaves no room for \(wait)"
    case .cancelled: "cancelled"
    }
  }
}
