import TradingModel

/// Keeps the invariants: shows them what happens, and remembers the first that was broken.
final class Watchkeeper {
  private static let pace = Duration.seconds(2)
  private static let restPace = Duration.seconds(45)
  /// How long nothing may have disturbed the bot before it is asked what it believes.
  private static let calm = Duration.seconds(75)

  private var invariants: [any Invariant]
  private(set) var violation: Violation?
  /// Something happened to the account.
  var wantsToLook = false
  private var lookedAt: Timestamp
  private var restedAt: Timestamp

  init(_ plan: DayPlan) {
    invariants = InvariantCatalog.all.map { $0.init(plan) }
    lookedAt = plan.start
    restedAt = plan.start
  }

  func see(_ happening: Happening, in day: BotDay) {
    for place in invariants.indices {
      note(invariants[place].see(happening, in: day), of: place, in: day)
    }
  }

  /// After each step: cheap while nothing changed.
  func look(at day: BotDay) {
    guard wantsToLook || day.now - lookedAt >= Self.pace else { return }
    wantsToLook = false
    lookedAt = day.now
    for place in invariants.indices {
      note(invariants[place].look(at: day), of: place, in: day)
    }
    guard day.now - restedAt >= Self.restPace, day.isBotAlive, day.calmFor >= Self.calm,
      day.venue.spells == VenueSpells(), !day.store.isRefusing, !day.store.isHanging,
      day.clock.offset == .zero
    else { return }
    restedAt = day.now
    for place in invariants.indices {
      note(invariants[place].rest(in: day), of: place, in: day)
    }
  }

  private func note(_ facts: String?, of place: Int, in day: BotDay) {
    guard let facts, violation == nil else { return }
    let kind = type(of: invariants[place])
    violation = Violation(
      invariant: kind.name, sentence: kind.sentence, facts: facts, event: day.eventCount,
      time: day.now)
  }
}
