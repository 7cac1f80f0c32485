import TradingModel

/// Partial targets beside the position that they are to take off.
struct TargetsFitPositions: Invariant {
  static let name = "targets-fit"
  static let sentence =
    "Partial targets that rest together never exceed their position for more than seconds, and none "
    + "is left beside a position that is closed."

  /// A reading, a cancellation with its repeats, and the ticks on which that is judged.
  private let allowed: Duration
  private var wrongSince: [PositionKey: Timestamp] = [:]

  init(_ plan: DayPlan) { allowed = .seconds(20) + plan.tick * 3 }

  mutating func look(at day: BotDay) -> String? {
    var resting: [PositionKey: Int128] = [:]
    for order in day.venue.paper.openOrders() where order.limitPrice != nil && order.isReducing {
      guard case .engine? = order.link?.owner else { continue }
      resting[PositionKey(order.symbol, order.slot), default: 0] +=
        order.quantity.wideCount - order.filled.wideCount
    }
    guard !resting.isEmpty || !wrongSince.isEmpty else { return nil }
    var still: [PositionKey: Timestamp] = [:]
    var facts: String?
    for key in resting.keys.sorted() {
      guard let wanted = resting[key] else { continue }
      let held = day.venue.paper.position(key)?.quantity ?? .zero
      guard wanted > held.wideCount else { continue }
      let since = wrongSince[key] ?? day.now
      still[key] = since
      let calmSince = day.now - day.calmFor
      guard facts == nil, day.isBotAlive, day.venue.spells.isReachable, day.clock.offset == .zero,
        // Halted, the engines leave what rests where it is.
        day.store.lock(.halted) == nil,
        day.now - max(since, calmSince) > allowed
      else { continue }
      facts =
        "targets for \(Quantity(uncheckedCount: wanted)) rest beside \(key) \(held) since "
        + "\(since.clockText), undisturbed since \(calmSince.clockText)"
    }
    wrongSince = still
    return facts
  }
}
