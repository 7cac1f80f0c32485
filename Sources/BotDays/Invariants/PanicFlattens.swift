import TradingModel

/// A panic or day lock means that everything goes, and goes on to mean it after a restart.
struct PanicFlattens: Invariant {
  static let name = "lock-flattens"
  static let sentence =
    "Under a panic or day lock nothing that was open when it was armed stays open for minutes, unless "
    + "a person said to keep it."

  private static let allowed = Duration.minutes(4)
  private let longterm: Symbol?
  private var armedAt: [Lock.Kind: Timestamp] = [:]

  init(_ plan: DayPlan) { longterm = plan.longterm }

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    switch happening {
    case .committed(.lock(let lock)) where lock.kind == .panic || lock.kind == .day:
      armedAt[lock.kind] = armedAt[lock.kind] ?? day.now
    case .committed(.unlock(let kind)): armedAt[kind] = nil
    // A person said to keep what is open.
    case .committed(.lock(let lock)) where lock.kind == .halted && !lock.isFlat: armedAt = [:]
    default: break
    }
    return nil
  }

  mutating func rest(in day: BotDay) -> String? {
    guard day.calmFor > Self.allowed, let armed = armedAt.values.min(),
      day.now - armed > Self.allowed
    else { return nil }
    for position in day.venue.positions where position.symbol != longterm {
      guard let trip = day.ledger.open[position.key], trip.openedAt < armed,
        let smallest = day.venue.paper.instrument(position.symbol)?.minQuantity,
        position.quantity >= smallest
      else { continue }
      return "\(position.key) \(position.quantity) is still open, locked since \(armed.clockText)"
    }
    return nil
  }
}
