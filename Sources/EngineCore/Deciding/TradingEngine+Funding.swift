import TradingModel

// Funding that the venue has booked, in the round trips that it was for.

extension TradingEngine {
  /// A row comes into the ledger within this time: so much of it is read again and again.
  private static let lateness = Duration.hours(2)
  /// At a start, what may not have been read in the last life because the ledger could not be.
  private static let latenessAtStart = Duration.hours(6)
  private static let longestReach = Duration.hours(7 * 24)
  /// How long a payment waits for the executions of its round trip.
  private static let patience = Duration.minutes(10)

  /// Funding since then may not be counted yet; nil is none. Payments are told again by every
  /// reading, and counted by their ids.
  var fundingSince: Timestamp? {
    // A paper venue that was down, too, books what it owes when the first prices have come.
    if let start = standing.fundingSince, now - standing.bootedAt < Self.lateness { return start }
    return moneyMoves.readAt.map { $0 - Self.lateness } ?? standing.fundingSince
  }

  mutating func restoreFunding(_ state: RestoredState) {
    for payment in state.countedFunding { countedFunding.insert(payment.id) }
    let trips = state.openRoundTrips + state.closedToday + state.closedLately
    guard let alive = state.lastSeenAliveAt, let first = trips.map(\.openedAt).min() else { return }
    standing.fundingSince = max(alive - Self.latenessAtStart, first, now - Self.longestReach)
  }

  /// Not before the book agrees with the venue: whose it was may not be known yet.
  mutating func count(_ payments: [FundingPayment]) {
    guard reconciliation.isDone else { return }
    for payment in payments where !countedFunding.contains(payment.id) {
      let trips = book.pay(payment)
      if trips.isEmpty {
        guard now - payment.time >= Self.patience else { continue }
        book.payWithoutTrip(payment)
      }
      countedFunding.insert(payment.id)
      record(.funding(payment, trips: trips.map(\.id)))
      for trip in trips { record(.roundTrip(trip)) }
    }
  }
}
