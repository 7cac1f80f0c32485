import TradingModel
import Transport

/// Keeps the account's limit of each endpoint and the address's limit of all, with room for closing
/// orders at all times. Shared by REST and the trade connection, as the venue's own count is.
///
/// Source: https://bybit-exchange.github.io/docs/v5/rate-limit
final class BybitPace: Sendable {
  /// How long an address is shut out at least that asked too often.
  static let addressBan = Duration.minutes(10)
  /// All REST requests of an address, whoever's.
  private static let address = "address"
  static let create = "/v5/order/create"
  /// How much longer than a second a request may count.
  static let margin = Duration.milliseconds(20)
  /// The longest wait before a request is given back to who asked.
  static let patience = Duration.seconds(10)

  private let limiter: RateLimiter<String>
  private let clock: any WallClock

  /// - Parameter ordersPerSecond: The account's, for placing.
  init(ordersPerSecond: Int, clock: any WallClock) {
    self.clock = clock
    var limits = Self.perSecond
    for path in [Self.create, OrderBatch.Operation.create.path] { limits[path] = ordersPerSecond }
    var policies = limits.mapValues { limit in
      RateBudget.Policy(
        limit: limit, per: .rolling(.seconds(1)), reserve: limit / 3, margin: Self.margin)
    }
    // 600 in 5 s.
    policies[Self.address] = RateBudget.Policy(
      limit: 600, per: .rolling(.seconds(5)), reserve: 150, margin: .milliseconds(100))
    limiter = RateLimiter(policies, clock: clock)
  }

  /// Requests in a second for linear contracts; accounts of a higher tier learn theirs from answers.
  static let perSecond: [String: Int] = [
    "/v5/order/create": 10, "/v5/order/amend": 10, "/v5/order/cancel": 10,
    "/v5/order/cancel-all": 10, "/v5/order/create-batch": 10, "/v5/order/amend-batch": 10,
    "/v5/order/cancel-batch": 10, "/v5/order/pre-check": 10,
    "/v5/order/disconnected-cancel-all": 5, "/v5/order/realtime": 50, "/v5/order/history": 50,
    "/v5/execution/list": 50, "/v5/position/list": 50, "/v5/position/closed-pnl": 50,
    "/v5/position/set-leverage": 10, "/v5/position/switch-mode": 10,
    "/v5/position/trading-stop": 10, "/v5/position/set-auto-add-margin": 10,
    "/v5/position/add-margin": 10, "/v5/account/wallet-balance": 50, "/v5/account/info": 50,
    "/v5/account/transaction-log": 25, "/v5/account/fee-rate": 5,
    "/v5/account/set-margin-mode": 5, "/v5/account/query-dcp-info": 5,
    "/v5/user/query-api": 10,
  ]

  /// Requests that get a position out or safe, or that tell whether it is.
  private static let closing: Set<String> = [
    "/v5/order/cancel", "/v5/order/cancel-all", "/v5/order/cancel-batch", "/v5/order/realtime",
    "/v5/order/history", "/v5/position/list", "/v5/position/trading-stop",
    "/v5/account/wallet-balance", "/v5/account/info", "/v5/execution/list", "/v5/market/time",
  ]

  /// What a request counts as.
  static func lane(_ path: String, reducesOnly: Bool = false) -> RateBudget.Lane {
    reducesOnly || closing.contains(path) ? .closing : .other
  }

  /// How many items one batch may hold without a part of it being refused.
  func mostItems(_ path: String) -> Int {
    min(OrderBatch.mostItems, limiter.budget(path)?.limit ?? OrderBatch.mostItems)
  }

  /// Waits until the request may go, without leaving the thread where it may go at once.
  /// - Parameters:
  ///   - cost: Items of a batch count one each, but are one request of the address.
  ///   - isREST: The address's limit is that of the REST hosts: the trade connection goes on when
  ///     it is used up, or the address is shut out.
  nonisolated(nonsending) func pass(
    _ path: String, cost: Int = 1, lane: RateBudget.Lane, isREST: Bool = true
  ) async throws(VenueError) {
    let charges = charges(path, cost, isREST: isREST)
    guard limiter.admit(charges, lane: lane) != nil else { return }
    do throws(RateRefusal) {
      try await limiter.pass(charges, lane: lane, before: clock.now + Self.patience)
    } catch {
      switch error {
      case .tooLate(let wait): throw .rateLimited(retryAfter: wait)
      case .cancelled: throw .unreachable("cancelled before it was sent")
      }
    }
  }

  /// As `pass`, but nothing waits.
  /// - Returns: Nil when it may go; else how long to wait before asking again.
  func admit(
    _ path: String, cost: Int = 1, lane: RateBudget.Lane, isREST: Bool
  ) -> Duration? {
    limiter.admit(charges(path, cost, isREST: isREST), lane: lane)
  }

  /// How many orders that reduce may go there at once.
  func room(_ path: String) -> Int { limiter.room(path, lane: .closing) ?? 0 }

  private func charges(
    _ path: String, _ cost: Int, isREST: Bool
  ) -> [RateLimiter<String>.Charge] {
    let own = RateLimiter.Charge(path, cost)
    return isREST ? [own, RateLimiter.Charge(Self.address)] : [own]
  }

  /// Takes in what an answer says.
  /// - Parameter offset: How far the venue's clock is ahead.
  func learn(
    _ path: String, _ headers: LimitHeaders, sentAt: Timestamp, clockOffset offset: Duration
  ) {
    limiter.answered(path, sentAt: sentAt)
    limiter.learn(
      path, limit: headers.limit, left: headers.left, resetAt: headers.reset.map { $0 - offset },
      sentAt: sentAt)
  }

  /// Takes in a refusal.
  func heed(_ error: VenueError, of path: String) {
    guard case .rateLimited(let wait) = error else { return }
    // Only the address is shut out for so long.
    limiter.ban(wait >= Self.addressBan ? Self.address : path, until: clock.now + wait)
  }
}
