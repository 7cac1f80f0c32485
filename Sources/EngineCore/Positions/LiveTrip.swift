import TradingModel

/// A round trip that is under way, kept from executions at average cost.
struct LiveTrip: Sendable, Hashable {
  private(set) var trip: RoundTrip
  /// Size still open.
  private(set) var remaining: Quantity
  /// What the open size cost, exact.
  private var openCost: Notional
  private var entered: Quantity
  private var enteredCost: Notional
  private var exited: Quantity
  private var exitedCost: Notional

  /// A trip that begins with the next `enter`.
  init(_ trip: RoundTrip) {
    self.trip = trip
    remaining = .zero
    openCost = .zero
    entered = .zero
    enteredCost = .zero
    exited = .zero
    exitedCost = .zero
  }

  /// A trip that the journal remembers.
  init(restored trip: RoundTrip) {
    self.init(trip, remaining: trip.open?.quantity ?? trip.probablyOpen)
    guard let open = trip.open else { return }
    self.trip = trip
    openCost = open.cost
    entered = open.entered
    enteredCost = trip.averageEntry * open.entered
    exited = open.exited
    exitedCost = trip.averageExit.map { $0 * open.exited } ?? .zero
  }

  /// A trip that the venue shows, `remaining` of it still open.
  init(_ trip: RoundTrip, remaining: Quantity) {
    self.trip = trip
    self.remaining = remaining
    openCost = trip.averageEntry * remaining
    entered = trip.quantity
    enteredCost = trip.averageEntry * trip.quantity
    exited = .zero
    exitedCost = .zero
    if let averageExit = trip.averageExit, remaining < trip.quantity,
      let gone = difference(trip.quantity, remaining)
    {
      exited = gone
      exitedCost = averageExit * gone
    }
    noteOpen()
  }

  mutating func enter(
    _ quantity: Quantity, price: Price, fee: Notional, at time: Timestamp
  ) throws(AmountError) {
    let larger = try remaining + quantity
    let all = try entered + quantity
    let cost = price * quantity
    trip.averageEntry = try (enteredCost + cost).price(per: all)
    remaining = larger
    entered = all
    openCost += cost
    enteredCost += cost
    trip.quantity = max(trip.quantity, remaining)
    trip.fees += fee
    trip.entries += 1
    trip.openedAt = min(trip.openedAt, time)
    noteOpen()
  }

  /// Takes off at most what is open.
  mutating func leave(_ quantity: Quantity, price: Price, fee: Notional) throws(AmountError) {
    let part = min(quantity, remaining)
    guard part > .zero else { return }
    let smaller = try remaining - part
    let all = try exited + part
    let cost = smaller.isZero ? openCost : try openCost.share(part, of: remaining)
    let proceeds = price * part
    trip.averageExit = try (exitedCost + proceeds).price(per: all)
    trip.realised += trip.side == .long ? proceeds - cost : cost - proceeds
    openCost -= cost
    exitedCost += proceeds
    exited = all
    remaining = smaller
    trip.fees += fee
    trip.exits += 1
    noteOpen()
  }

  /// An execution is told late that took off what the venue's figures, taken over, lack already.
  mutating func explain(_ quantity: Quantity, price: Price, fee: Notional) throws(AmountError) {
    let all = try exited + quantity
    let (cost, proceeds) = (trip.averageEntry * quantity, price * quantity)
    trip.averageExit = try (exitedCost + proceeds).price(per: all)
    trip.realised += trip.side == .long ? proceeds - cost : cost - proceeds
    exitedCost += proceeds
    exited = all
    trip.fees += fee
    trip.exits += 1
  }

  /// The venue's figures in place of ours.
  mutating func correct(to position: Position) {
    remaining = position.quantity
    openCost = position.entryPrice * position.quantity
    trip.averageEntry = position.entryPrice
    trip.quantity = max(trip.quantity, position.quantity)
    entered = trip.quantity
    enteredCost = trip.averageEntry * trip.quantity
    noteOpen()
  }

  mutating func claim(for owner: Owner) { trip.owner = owner }

  /// - Parameter amount: Paid is positive.
  mutating func charge(_ amount: Notional) { trip.funding += amount }

  private mutating func noteOpen() {
    trip.open = OpenPart(quantity: remaining, cost: openCost, entered: entered, exited: exited)
  }

  func closed(at time: Timestamp, reason: String) -> RoundTrip {
    var trip = trip
    trip.closedAt = time
    trip.reasonOut = reason
    trip.open = nil
    return trip
  }
}

extension RoundTrip {
  /// What a row leaves open that was written down before that was kept: exact while nothing was
  /// taken off, else derived from the result so far; the first reading corrects it.
  fileprivate var probablyOpen: Quantity {
    guard let averageExit, averageExit != averageEntry, exits > 0 else { return quantity }
    do {
      let perUnit = try averageExit - averageEntry
      let gone = try realised.magnitude.quantity(at: perUnit.magnitude)
      return difference(quantity, gone) ?? quantity
    } catch {
      return quantity
    }
  }
}

extension Notional {
  /// The part of this cost that falls on `part` of `whole`.
  fileprivate func share(_ part: Quantity, of whole: Quantity) throws(AmountError) -> Notional {
    try scaled(by: part.ratio(to: whole))
  }
}

/// What is left of `whole`; nil when `part` is the larger.
func difference(_ whole: Quantity, _ part: Quantity) -> Quantity? {
  guard part <= whole else { return nil }
  do { return try whole - part } catch { return nil }
}
