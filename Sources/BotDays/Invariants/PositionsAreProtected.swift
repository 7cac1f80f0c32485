import TradingModel

/// By the venue's truth: how long a position of an engine is without a stop.
struct PositionsAreProtected: Invariant {
  static let name = "positions-protected"
  static let sentence =
    "A position of an engine has a stop on the venue, or is closed, within seconds; longer only while "
    + "the venue can't be reached or no process runs."

  /// Two seconds and three tries once it is known, five until a reading shows it, a close, and the
  /// ticks on which all that is judged.
  private let allowed: Duration
  private let protectsManual: Bool
  private let longterm: Symbol?
  private var nakedSince: [PositionKey: Timestamp] = [:]

  init(_ plan: DayPlan) {
    allowed = .seconds(13) + plan.tick * 3
    protectsManual = plan.engine.protectManual
    longterm = plan.longterm
  }

  mutating func look(at day: BotDay) -> String? {
    let open = day.venue.paper.openPositions()
    if open.isEmpty {
      if !nakedSince.isEmpty { nakedSince = [:] }
      return nil
    }
    var still: [PositionKey: Timestamp] = [:]
    var facts: String?
    for position in open
    where position.stop == nil && position.trailing == nil && position.key.symbol != longterm {
      let isManual = day.ledger.owner(of: position.key) == .manual
      guard protectsManual || !isManual else { continue }
      let since = nakedSince[position.key] ?? day.now
      still[position.key] = since
      let calmSince = day.now - day.calmFor
      let counted = max(since, calmSince)
      guard facts == nil, day.isBotAlive, day.venue.spells.isReachable, day.clock.offset == .zero,
        day.now - counted > allowed
      else { continue }
      facts =
        "\(position.key) \(position.quantity) has had no stop since \(since.clockText), undisturbed "
        + "since \(calmSince.clockText)"
    }
    nakedSince = still
    return facts
  }
}
