import Synchronization
import TradingModel
import Transport

/// Counts weights of the one address that asks, and orders of the one account.
///
/// Source: Binance USD-M futures, limits: 2400 weight per minute and address, 1200 orders per minute
/// and 300 per ten seconds and account; who goes on after 429 is banned, from two minutes to three
/// days.
final class BinanceRateGate: Sendable {
  static let weightLimit = 2_400
  static let minuteLimit = 1_200
  static let tenSecondsLimit = 300
  private static let fundingLimit = 500
  /// Calls after the first 429 that are forgiven.
  private static let patience = 5
  private static let shortestBan = Duration.minutes(2)
  private static let longestBan = Duration.hours(72)

  /// What a call counts for.
  struct Cost: Sendable, Hashable {
    var weight = 1
    var tenSeconds = 0
    var minute = 0
    /// Whether it belongs to the calls for funding, which have a limit of their own.
    var isFunding = false
  }

  private struct Counter {
    let length: Int64
    var window: Int64 = -1
    var count = 0

    mutating func roll(to now: Timestamp) {
      guard now.seconds / length != window else { return }
      window = now.seconds / length
      count = 0
    }

    /// Seconds until the window ends.
    func rest(at now: Timestamp) -> Int64 { length - now.seconds % length }
  }

  private struct State {
    var weight = Counter(length: 60)
    var tenSeconds = Counter(length: 10)
    var minute = Counter(length: 60)
    var funding = Counter(length: 300)
    var warnings = 0
    var bans = 0
    var bannedUntil: Timestamp?

    mutating func roll(to now: Timestamp) {
      let window = weight.window
      weight.roll(to: now)
      if window != weight.window { warnings = 0 }
      tenSeconds.roll(to: now)
      minute.roll(to: now)
      funding.roll(to: now)
    }
  }

  private let isOn: Bool
  private let state = Mutex(State())

  init(isOn: Bool) { self.isOn = isOn }

  /// Bans the address.
  func ban(for duration: Duration, at now: Timestamp) {
    state.withLock { $0.bannedUntil = now + duration }
  }

  /// Takes a ban and all counts back.
  func forgive() { state.withLock { $0 = State() } }

  /// Counts a call.
  /// - Throws: 418 while banned; 429 above a limit.
  func pass(_ cost: Cost, at now: Timestamp) throws(BinanceRefusal) {
    let refusal = state.withLock { state -> BinanceRefusal? in
      state.roll(to: now)
      if let until = state.bannedUntil {
        guard now >= until else { return Self.banned(until, now) }
        state.bannedUntil = nil
      }
      state.weight.count += cost.weight
      guard isOn else {
        state.tenSeconds.count += cost.tenSeconds
        state.minute.count += cost.minute
        return nil
      }
      guard state.weight.count <= Self.weightLimit else { return Self.warn(&state, now) }
      if cost.isFunding {
        state.funding.count += 1
        if state.funding.count > Self.fundingLimit { return Self.warn(&state, now) }
      }
      return Self.count(cost, &state, now)
    }
    if let refusal { throw refusal }
  }

  private static func count(
    _ cost: Cost, _ state: inout State, _ now: Timestamp
  ) -> BinanceRefusal? {
    if cost.tenSeconds > 0, state.tenSeconds.count + cost.tenSeconds > tenSecondsLimit {
      return .tooManyOrders(
        limit: tenSecondsLimit, per: "10 SECOND", retryAfter: state.tenSeconds.rest(at: now))
    }
    if cost.minute > 0, state.minute.count + cost.minute > minuteLimit {
      return .tooManyOrders(
        limit: minuteLimit, per: "1 MINUTE", retryAfter: state.minute.rest(at: now))
    }
    state.tenSeconds.count += cost.tenSeconds
    state.minute.count += cost.minute
    return nil
  }

  /// 429, and a ban for who does not listen; each is longer than the one before.
  private static func warn(_ state: inout State, _ now: Timestamp) -> BinanceRefusal {
    state.warnings += 1
    guard state.warnings > patience else {
      return .tooMuchWeight(limit: weightLimit, retryAfter: state.weight.rest(at: now))
    }
    state.warnings = 0
    let ban = min(longestBan, shortestBan * Int(1 << min(state.bans, 12)))
    state.bans += 1
    state.bannedUntil = now + ban
    return banned(now + ban, now)
  }

  private static func banned(_ until: Timestamp, _ now: Timestamp) -> BinanceRefusal {
    .banned(until: until, retryAfter: max(1, (until - now).wholeSeconds))
  }

  /// What the headers of an answer say of the limits.
  func headers(withOrders: Bool, at now: Timestamp) -> [ServerRequest.Header] {
    state.withLock { state in
      state.roll(to: now)
      var headers = [
        ServerRequest.Header(name: "X-MBX-USED-WEIGHT-1M", value: "\(state.weight.count)")
      ]
      if withOrders {
        headers += [
          .init(name: "X-MBX-ORDER-COUNT-10S", value: "\(state.tenSeconds.count)"),
          .init(name: "X-MBX-ORDER-COUNT-1M", value: "\(state.minute.count)"),
        ]
      }
      return headers
    }
  }

  /// What the WebSocket API says of the limits.
  func rows(withOrders: Bool, at now: Timestamp) -> JSONValue {
    state.withLock { state in
      state.roll(to: now)
      var rows: [JSONValue] = []
      if withOrders {
        rows = [
          Self.row("ORDERS", "SECOND", 10, Self.tenSecondsLimit, count: state.tenSeconds.count),
          Self.row("ORDERS", "MINUTE", 1, Self.minuteLimit, count: state.minute.count),
        ]
      }
      rows.append(
        Self.row("REQUEST_WEIGHT", "MINUTE", 1, Self.weightLimit, count: state.weight.count))
      return .array(rows)
    }
  }

  /// A limit as `exchangeInfo`, `rateLimit/order` and the WebSocket API write it.
  static func row(
    _ kind: String, _ interval: String, _ number: Int, _ limit: Int, count: Int? = nil
  ) -> JSONValue {
    var row: JSONObject = [
      "rateLimitType": .string(kind), "interval": .string(interval),
      "intervalNum": .integer(number), "limit": .integer(limit),
    ]
    if let count { row["count"] = .integer(count) }
    return .object(row)
  }
}
