import Strategies
import TradingModel

/// Partial targets on their way: sent and not seen yet, or being cancelled.
///
/// What rests is read off the account: an order of the owning engine that can only reduce is a
/// target, also after a restart and without a journal. Here is only what the account can't show yet.
struct TargetOrders: Sendable {
  private struct Sending: Sendable {
    let key: PositionKey
    let at: Timestamp
    /// The ticket after which a reading must show the order; nil while it has no answer.
    var answeredAtTicket: UInt64?
  }

  private struct Cancelling: Sendable {
    let key: PositionKey
    let at: Timestamp
  }

  /// A look at a position that must last before it is acted on: order, fill and position are told
  /// apart from each other.
  struct Sight: Sendable, Hashable {
    var open: Quantity
    var taken: Quantity
    var resting: [TargetStep]
    var wanted: [TargetStep]
  }

  private struct Steady: Sendable {
    let sight: Sight
    let since: Timestamp
  }

  private struct Refused: Sendable {
    var count: Int
    var until: Timestamp
  }

  private static let settling = Duration.seconds(1)
  private static let answerLimit = Duration.seconds(60)
  private static let cancelLimit = Duration.seconds(10)
  private static let firstRetry = Duration.seconds(5)
  private static let longestRetry = Duration.minutes(5)

  private var sending: [ClientOrderID: Sending] = [:]
  private var cancelling: [String: Cancelling] = [:]
  private var steady: [PositionKey: Steady] = [:]
  private var refusals: [PositionKey: Refused] = [:]

  /// Whether `order` is a partial target of a position on that side: of an engine, a limit, and one
  /// that can only reduce.
  static func isTarget(_ order: Order) -> Bool {
    guard case .limit = order.kind, order.role == .placed, order.triggerPrice == nil,
      case .engine? = order.id.owner
    else { return false }
    switch order.slot {
    case .oneWay: return order.reduceOnly
    case .hedgeLong: return order.side == .sell
    case .hedgeShort: return order.side == .buy
    }
  }

  func isSending(_ id: ClientOrderID) -> Bool { sending[id] != nil }

  func isCancelling(_ order: Order) -> Bool { cancelling[order.venueID] != nil }

  /// Something of this position has no end yet.
  func isBusy(_ key: PositionKey) -> Bool {
    sending.values.contains { $0.key == key } || cancelling.values.contains { $0.key == key }
  }

  /// Whether the venue refused the last one so recently that it is left alone.
  func mustWait(_ key: PositionKey, at now: Timestamp) -> Bool {
    refusals[key].map { now < $0.until } ?? false
  }

  /// Whether a position has looked like this for long enough to act on it.
  mutating func isSteady(_ key: PositionKey, _ sight: Sight, at now: Timestamp) -> Bool {
    guard let known = steady[key], known.sight == sight else {
      steady[key] = Steady(sight: sight, since: now)
      return false
    }
    return now - known.since >= Self.settling
  }

  /// Forgets positions that are gone.
  mutating func keep(_ open: Set<PositionKey>) {
    steady = steady.filter { open.contains($0.key) }
    refusals = refusals.filter { open.contains($0.key) }
  }

  // MARK: What is sent

  mutating func send(_ id: ClientOrderID, for key: PositionKey, at now: Timestamp) {
    sending[id] = Sending(key: key, at: now)
  }

  mutating func cancel(_ order: Order, of key: PositionKey, at now: Timestamp) {
    cancelling[order.venueID] = Cancelling(key: key, at: now)
  }

  // MARK: What came of it

  mutating func accepted(_ id: ClientOrderID, lastTicket: UInt64) {
    sending[id]?.answeredAtTicket = lastTicket
  }

  /// - Returns: The position, when it was a target of one.
  mutating func refused(_ id: ClientOrderID, at now: Timestamp) -> (
    key: PositionKey, isFirst: Bool
  )? {
    guard let one = sending.removeValue(forKey: id) else { return nil }
    return (one.key, putOff(one.key, at: now) == 1)
  }

  /// - Returns: How many in a row were refused.
  private mutating func putOff(_ key: PositionKey, at now: Timestamp) -> Int {
    let count = (refusals[key]?.count ?? 0) + 1
    let wait = min(Self.firstRetry * (1 << min(count - 1, 6)), Self.longestRetry)
    refusals[key] = Refused(count: count, until: now + wait)
    return count
  }

  /// The private stream tells of it: what it says stands in the account.
  mutating func hear(_ order: Order, at now: Timestamp) {
    sending[order.id] = nil
    guard !order.status.isOpen else { return }
    let wasCancelledHere = cancelling.removeValue(forKey: order.venueID) != nil
    // The venue took it away: asked for again at once it would do so again.
    if !wasCancelledHere, order.status != .filled, Self.isTarget(order) {
      _ = putOff(PositionKey(order.symbol, order.slot), at: now)
    }
  }

  mutating func hear(_ fill: Fill) {
    sending[fill.orderID] = nil
    refusals[PositionKey(fill.symbol, fill.slot)] = nil
  }

  /// A reading that was asked for with that ticket.
  mutating func read(_ orders: [Order], ticket: UInt64) {
    let resting = Set(orders.map(\.id))
    sending = sending.filter { id, one in
      guard !resting.contains(id) else { return false }
      return one.answeredAtTicket.map { $0 >= ticket } ?? true
    }
    let open = Set(orders.map(\.venueID))
    cancelling = cancelling.filter { open.contains($0.key) }
  }

  /// Without an answer for so long the readings alone tell.
  mutating func age(at now: Timestamp) {
    sending = sending.filter { now - $0.value.at < Self.answerLimit }
    cancelling = cancelling.filter { now - $0.value.at < Self.cancelLimit }
  }
}
