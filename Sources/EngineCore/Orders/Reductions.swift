import Strategies
import TradingModel

/// Closing orders under way, so that none is sent on data from before the last one was settled.
///
/// Settled means that the order can change the position no more: it was refused, it ended, or a
/// reading asked for well after its acknowledgement no longer shows it.
struct Reductions: Sendable {
  /// Who sent it.
  enum Purpose: Sendable, Hashable {
    case flatten(number: Int)
    /// A position that could not be protected.
    case emergency
    /// The plan of the position asked for it.
    case exit(ExitReason)
  }

  struct Reduction: Sendable, Hashable {
    let request: OrderRequest
    /// The position it closes; the request's own slot may differ.
    let key: PositionKey
    let purpose: Purpose
    let sentAt: Timestamp
    var acceptedAt: Timestamp?
    var filled = Quantity.zero
  }

  /// How long after its acknowledgement a market order may take to show.
  static let settling = Duration.milliseconds(500)
  /// The desk answers long before.
  static let answerLimit = Duration.seconds(60)

  private var underway: [ClientOrderID: Reduction] = [:]
  private var settledAtTicket: [PositionKey: UInt64] = [:]

  /// Of the last ones that are settled: an execution may be told late.
  private var settled: [(id: ClientOrderID, purpose: Purpose)] = []
  private static let settledCapacity = 64

  subscript(id: ClientOrderID) -> Reduction? { underway[id] }

  func purpose(of id: ClientOrderID) -> Purpose? {
    underway[id]?.purpose ?? settled.last { $0.id == id }?.purpose
  }

  var all: [Reduction] { underway.keys.sorted().compactMap { underway[$0] } }

  /// Whether a close may follow on what the reading of that number has shown.
  func isFree(_ key: PositionKey, after reading: UInt64) -> Bool {
    !underway.values.contains { $0.key == key } && (settledAtTicket[key] ?? 0) < reading
  }

  /// Whether no close of the position is under way.
  func isSettled(_ key: PositionKey) -> Bool { !underway.values.contains { $0.key == key } }

  /// Whether the venue has answered every close of the position, though it may not show yet.
  func isAnswered(_ key: PositionKey) -> Bool {
    !underway.values.contains { $0.key == key && $0.acceptedAt == nil }
  }

  mutating func add(_ reduction: Reduction) { underway[reduction.request.id] = reduction }

  mutating func accepted(_ id: ClientOrderID, at now: Timestamp) {
    underway[id]?.acceptedAt = now
  }

  /// - Returns: The reduction, when it was under way.
  @discardableResult
  mutating func settle(_ id: ClientOrderID, lastTicket: UInt64) -> Reduction? {
    guard let reduction = underway.removeValue(forKey: id) else { return nil }
    if settled.count == Self.settledCapacity { settled.removeFirst() }
    settled.append((id, reduction.purpose))
    settledAtTicket[reduction.key] = max(settledAtTicket[reduction.key] ?? 0, lastTicket)
    return reduction
  }

  mutating func take(_ fill: Fill, lastTicket: UInt64) {
    guard var reduction = underway[fill.orderID] else { return }
    do { reduction.filled = try reduction.filled + fill.quantity } catch { return }
    underway[fill.orderID] = reduction
    if reduction.filled >= reduction.request.quantity {
      settle(fill.orderID, lastTicket: lastTicket)
    }
  }

  /// A reading that was asked for at `askedAt` shows these open orders.
  mutating func compare(with orders: [Order], ticket: UInt64, askedAt: Timestamp) {
    let resting = Set(orders.map(\.id))
    for reduction in all where !resting.contains(reduction.request.id) {
      guard let accepted = reduction.acceptedAt, askedAt - accepted >= Self.settling else {
        continue
      }
      // This very reading already shows the position without it.
      settle(reduction.request.id, lastTicket: ticket - 1)
    }
  }

  mutating func age(at now: Timestamp, lastTicket: UInt64) {
    for reduction in all
    where reduction.acceptedAt == nil && now - reduction.sentAt > Self.answerLimit {
      settle(reduction.request.id, lastTicket: lastTicket)
    }
  }
}
