import TradingModel

/// Round trips in the journal beside what the venue's fills came to, and the venue's own ledger.
struct MoneyAddsUp: Invariant {
  static let name = "money-adds-up"
  static let sentence =
    "The result, the fees and the funding of a round trip are those of the venue's fills and ledger, to "
    + "the cent; the wallet is what its ledger says."

  private var checked: Set<String> = []
  /// When the journal first had a round trip as closed, by the true clock.
  private var writtenAt: [String: Timestamp] = [:]
  private var journalLostAt: Timestamp?

  init(_ plan: DayPlan) {}

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    switch happening {
    case .killed(losingJournal: true):
      checked = []
      journalLostAt = day.now
    case .committed(.roundTrip(let trip)) where trip.closedAt != nil:
      writtenAt[trip.id] = writtenAt[trip.id] ?? day.now
    default: break
    }
    return nil
  }

  mutating func rest(in day: BotDay) -> String? {
    let paper = day.venue.paper
    let balance = paper.wallet(at: day.venue.now).balance
    if let last = paper.ledger(since: day.now - .hours(48)).last, last.balance != balance {
      return "the wallet holds \(balance), its ledger ends with \(last.balance)"
    }
    for trip in day.store.trips {
      guard let closed = trip.closedAt, day.clock.now - closed > .minutes(6),
        checked.insert(trip.id).inserted, let truth = day.ledger.closed[trip.id],
        !isExcused(trip, truth, in: day)
      else { continue }
      guard isSame(trip.realised, truth.realised), isSame(trip.fees, truth.fees) else {
        return "\(trip.id) \(trip.key): the journal has result \(trip.realised) and fees "
          + "\(trip.fees), the venue \(truth.realised) and \(truth.fees)"
      }
      let funding = funding(of: truth, in: day)
      guard isSame(trip.funding, funding) else {
        return
          "\(trip.id) \(trip.key): the journal has funding \(trip.funding), the venue \(funding)"
      }
    }
    return nil
  }

  /// What the venue booked while it was held; paid is positive.
  private func funding(of truth: TruthLedger.Trip, in day: BotDay) -> Notional {
    day.venue.paper.ledger(since: truth.openedAt).reduce(Notional.zero) { sum, entry in
      guard entry.kind == .funding, entry.key == truth.key,
        truth.closedAt.map({ entry.time <= $0 }) ?? true
      else { return sum }
      return sum - entry.funding
    }
  }

  /// Closed on the venue's word alone, and the bot could not know better: no reading that told of its
  /// last execution came before that was written down, or its journal was lost meanwhile.
  private func isExcused(
    _ trip: RoundTrip, _ truth: TruthLedger.Trip, in day: BotDay
  ) -> Bool {
    guard let ended = truth.closedAt else { return true }
    if let journalLostAt, journalLostAt >= truth.openedAt { return true }
    guard ["taken over", "found"].contains(where: trip.reasonOut.contains) else { return false }
    let written = writtenAt[trip.id] ?? day.now
    return !day.ledger.fillReadings.contains {
      $0.since <= ended && $0.at >= ended && $0.heard < written
    }
  }

  private func isSame(_ one: Notional, _ other: Notional) -> Bool {
    (one - other).magnitude < Notional(uncheckedCount: 1_000_000)
  }
}
