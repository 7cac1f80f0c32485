import TradingModel

/// What the trades of one UTC day came to.
struct DayFigures: Sendable {
  private(set) var day: UTCDay
  private(set) var realised = Notional.zero
  private(set) var fees = Notional.zero
  /// Paid is positive.
  private(set) var funding = Notional.zero
  private(set) var won = 0
  private(set) var lost = 0
  private(set) var best: RoundTrip?
  private(set) var worst: RoundTrip?
  private var netByOwner: [Owner: Notional] = [:]
  /// Those that ended, in that order.
  private var closed: [RoundTrip] = []

  init(day: UTCDay) { self.day = day }

  var byOwner: [DayView.OwnerResult] {
    netByOwner.map { DayView.OwnerResult(owner: $0.key, net: $0.value) }
      .sorted { $0.owner.title < $1.owner.title }
  }

  /// An execution has moved a trip from `before` to `after`.
  mutating func add(before: RoundTrip?, after: RoundTrip) {
    realised += after.realised - (before?.realised ?? .zero)
    fees += after.fees - (before?.fees ?? .zero)
  }

  mutating func pay(_ amount: Notional) { funding += amount }

  mutating func close(_ trip: RoundTrip) {
    closed.append(trip)
    tally(trip)
  }

  /// A trip that ended has another result than it was closed with.
  mutating func correct(_ trip: RoundTrip) {
    guard let place = closed.lastIndex(where: { $0.id == trip.id && $0.key == trip.key }) else {
      return
    }
    closed[place] = trip
    (won, lost, best, worst, netByOwner) = (0, 0, nil, nil, [:])
    for trip in closed { tally(trip) }
  }

  private mutating func tally(_ trip: RoundTrip) {
    if trip.net > .zero { won += 1 } else { lost += 1 }
    if best.map({ trip.net > $0.net }) ?? true { best = trip }
    if worst.map({ trip.net < $0.net }) ?? true { worst = trip }
    netByOwner[trip.owner, default: .zero] += trip.net
  }
}
