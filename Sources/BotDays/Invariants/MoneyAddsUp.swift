import TradingModel

/// Round trips in the journal beside what the venue's fills came to, and the venue's own ledger.
struct MoneyAddsUp: Invariant {
  static let name = "money-adds-up"
  static let sentence =
    "The result and the fees of a round trip are those of the venue's fills, to the cent; the wallet "
    + "is what its ledger says."

  private var checked: Set<String> = []

  init(_ plan: DayPlan) {}

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    if case .killed(losingJournal: true) = happening { checked = [] }
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
        !isCorrected(trip)
      else { continue }
      guard isSame(trip.realised, truth.realised), isSame(trip.fees, truth.fees) else {
        return "\(trip.id) \(trip.key): the journal has result \(trip.realised) and fees "
          + "\(trip.fees), the venue \(truth.realised) and \(truth.fees)"
      }
    }
    return nil
  }

  /// The venue's figures were taken over, so that the fills behind them are not all in it.
  private func isCorrected(_ trip: RoundTrip) -> Bool {
    for word in ["taken over", "found"]
    where trip.reasonOut.contains(word) || trip.reasonIn.contains(word) {
      return true
    }
    return false
  }

  private func isSame(_ one: Notional, _ other: Notional) -> Bool {
    (one - other).magnitude < Notional(uncheckedCount: 1_000_000)
  }
}
