import TradingModel

/// Positions and their owners as our own executions tell them, and the round trips they make.
///
/// An execution counts once, by its id, and in whatever order it comes: one that closes what no
/// entry has opened yet waits for that entry. The venue's figures win over ours (see `adopt`).
struct PositionBook: Sendable {
  /// What became of a round trip.
  enum Change: Sendable, Hashable {
    case opened(RoundTrip)
    case changed(RoundTrip)
    case closed(RoundTrip)
    /// It was closed without the result of all its executions, and has more of it now, or all.
    case corrected(RoundTrip, isWhole: Bool)
  }

  /// What is known of an execution beside what the venue says.
  struct Story: Sendable, Hashable {
    var owner: Owner
    var signal: SignalID?
    var reason: String
  }

  struct TripKey: Sendable, Hashable, Comparable {
    let key: PositionKey
    let side: PositionSide

    static func < (left: TripKey, right: TripKey) -> Bool {
      (left.key, left.side.rawValue) < (right.key, right.side.rawValue)
    }
  }

  private struct EarlyExit: Sendable {
    let key: TripKey
    let fill: Fill
    let story: Story

    var quantity: Quantity { min(fill.closedQuantity, fill.quantity) }
  }

  private static let foundPrefix = "found-"
  private static let earlyCapacity = 64
  private static let endedCapacity = 64

  var figures: DayFigures
  /// Results, funding included, less fees of all that was counted in this process, whatever day it is of.
  var earned = Notional.zero
  var live: [TripKey: LiveTrip] = [:]
  /// The newest last.
  var ended: [RoundTrip] = []
  private var seen = RecentKeys<String>(capacity: 8192)
  /// Exits told before their entries.
  private var early: [EarlyExit] = []
  /// Exits that wait no longer: they are in a round trip, or in figures that were taken over.
  private var settled: [Fill] = []
  /// An execution may be told minutes after later ones, or by the history alone: those so close to
  /// the last one are told apart by their ids, all of which the journal hands over.
  static let overlap = Duration.minutes(10)

  /// Executions up to here are in the restored figures.
  private var countedUntil: Timestamp?
  /// Executions of a slot up to here are in the venue's figures that were taken over.
  private var adoptedUntil: [PositionKey: Timestamp] = [:]
  /// Trips that the venue's figures ended, and what they were: their executions may come yet.
  private var endedUntold: [TripKey: (live: LiveTrip, closed: RoundTrip)] = [:]
  /// What the venue's figures took off trips that go on, likewise.
  private var leftUntold: [TripKey: Quantity] = [:]
  /// Which reading was the last asked for when an execution of the slot was told.
  private var words: [PositionKey: UInt64] = [:]

  init(day: UTCDay) { figures = DayFigures(day: day) }

  // MARK: What is held

  func trip(of key: PositionKey) -> RoundTrip? { liveTrip(at: key)?.trip }

  /// The trip that is under way on this side, else the one that ended last.
  func latestTrip(of key: PositionKey, side: PositionSide) -> RoundTrip? {
    let key = TripKey(key: key, side: side)
    return live[key]?.trip ?? ended.last { TripKey(key: $0.key, side: $0.side) == key }
  }

  /// The engine or person that holds a symbol.
  func owner(of symbol: Symbol) -> Owner? {
    live.keys.sorted().first { $0.key.symbol == symbol }.flatMap { live[$0]?.trip.owner }
  }

  /// What we believe to be open: nil is flat.
  func holding(at key: PositionKey) -> (side: PositionSide, quantity: Quantity)? {
    liveTrip(at: key).map { ($0.trip.side, $0.remaining) }
  }

  /// Taken over from the venue, and nobody has said whose it is.
  func isFound(_ key: PositionKey) -> Bool {
    liveTrip(at: key).map { $0.trip.owner == .manual && $0.trip.id.hasPrefix(Self.foundPrefix) }
      ?? false
  }

  /// - Returns: The round trip with its owner; nil when there is none that was found.
  mutating func claim(_ key: PositionKey, for owner: Owner) -> RoundTrip? {
    guard isFound(key) else { return nil }
    for side in PositionSide.allCases {
      guard var found = live[TripKey(key: key, side: side)], found.remaining > .zero else {
        continue
      }
      found.claim(for: owner)
      live[TripKey(key: key, side: side)] = found
      return found.trip
    }
    return nil
  }

  var keys: [PositionKey] { Set(live.keys.map(\.key)).sorted() }

  private func liveTrip(at key: PositionKey) -> LiveTrip? {
    PositionSide.allCases.compactMap { live[TripKey(key: key, side: $0)] }
      .first { $0.remaining > .zero }
  }

  /// Whether an execution was told after the reading of that number was asked for.
  func wasHeard(_ key: PositionKey, since ticket: UInt64) -> Bool { (words[key] ?? 0) >= ticket }

  func knows(_ fill: Fill) -> Bool { isCounted(fill) || isAdopted(fill) }

  private func isCounted(_ fill: Fill) -> Bool {
    seen.contains(fill.executionID) || countedUntil.map { fill.time <= $0 } ?? false
  }

  private func isAdopted(_ fill: Fill) -> Bool {
    adoptedUntil[PositionKey(fill.symbol, fill.slot)].map { fill.time <= $0 } ?? false
  }

  /// Whether an execution is told for the first time of which the venue's figures, taken over, have
  /// the effect: it is not counted again.
  mutating func passOver(_ fill: Fill) -> Bool {
    guard isAdopted(fill), !isCounted(fill) else { return false }
    return seen.insert(fill.executionID)
  }

  // MARK: What is told

  mutating func hear(_ fill: Fill, lastTicket: UInt64) {
    words[PositionKey(fill.symbol, fill.slot)] = lastTicket
  }

  mutating func restore(_ state: RestoredState) {
    countedUntil = state.fillsKnownUntil.map { $0 - Self.overlap }
    for id in state.recentFills { seen.insert(id) }
    for trip in state.openRoundTrips {
      live[TripKey(key: trip.key, side: trip.side)] = LiveTrip(restored: trip)
      if trip.openedAt.day == figures.day { figures.add(before: nil, after: trip) }
    }
    for trip in state.closedToday {
      figures.add(before: nil, after: trip)
      figures.close(trip)
    }
    for payment in state.countedFunding where payment.time.day == figures.day {
      figures.pay(payment.paid)
    }
    for trip in state.closedLately + state.closedToday { remember(trip) }
  }

  /// An exit that an earlier life heard of before its entry: it waits on.
  mutating func restore(_ fill: Fill, story: Story) {
    seen.insert(fill.executionID)
    let closed: PositionSide = fill.side == .buy ? .short : .long
    wait(TripKey(key: PositionKey(fill.symbol, fill.slot), side: closed), fill, story)
  }

  /// It was told before its entry, and is in no round trip yet.
  func isWaiting(_ fill: Fill) -> Bool {
    early.contains { $0.fill.executionID == fill.executionID }
  }

  /// Exits that have ceased to wait since this was last asked.
  mutating func takeSettled() -> [Fill] {
    defer { settled = [] }
    return settled
  }

  /// - Throws: `AmountError` when the sums leave the range of exact amounts: it is not counted.
  mutating func take(_ fill: Fill, story: Story) throws(AmountError) -> [Change] {
    guard fill.quantity > .zero, !knows(fill) else { return [] }
    seen.insert(fill.executionID)
    let key = PositionKey(fill.symbol, fill.slot)
    let opens: PositionSide = fill.side == .buy ? .long : .short
    let closes = min(fill.closedQuantity, fill.quantity)
    let opened = try fill.quantity - closes

    var changes: [Change] = []
    if closes > .zero {
      changes += try leave(
        TripKey(key: key, side: opens.opposite), closes, fill: fill, story: story)
    }
    if opened > .zero {
      changes += try enter(TripKey(key: key, side: opens), opened, fill: fill, story: story)
    }
    return changes
  }

  /// Takes the venue's word for a slot; nil is flat.
  mutating func adopt(
    _ position: Position?, at key: PositionKey, owner: Owner, reason: String, now: Timestamp
  ) -> [Change] {
    settle { $0.key.key == key }
    adoptedUntil[key] = now
    var changes: [Change] = []
    for side in PositionSide.allCases where side != position?.side {
      guard let gone = live.removeValue(forKey: TripKey(key: key, side: side)) else { continue }
      let trip = gone.closed(at: now, reason: reason)
      remember(trip)
      figures.close(trip)
      endedUntold[TripKey(key: key, side: side)] = (gone, trip)
      leftUntold[TripKey(key: key, side: side)] = nil
      changes.append(.closed(trip))
    }
    guard let position else { return changes }
    let tripKey = TripKey(key: key, side: position.side)
    if var known = live[tripKey] {
      if let gone = difference(known.remaining, position.quantity), gone > .zero {
        leftUntold[tripKey] = gone
      }
      known.correct(to: position)
      live[tripKey] = known
      changes.append(.changed(known.trip))
    } else {
      let trip = RoundTrip(
        id: "\(Self.foundPrefix)\(key.symbol)-\(key.slot.rawValue)-\(now.milliseconds)", key: key,
        side: position.side, owner: owner, openedAt: position.createdAt ?? now,
        quantity: position.quantity, averageEntry: position.entryPrice, reasonIn: reason)
      live[tripKey] = LiveTrip(trip, remaining: position.quantity)
      changes.append(.opened(trip))
    }
    return changes
  }

  /// Gives a trip the result of an execution whose effect was taken over from the venue before it was
  /// told: what it closed, as far as just that was missing.
  mutating func explain(_ fill: Fill, story: Story) -> [Change] {
    let side: PositionSide = fill.side == .buy ? .short : .long
    let key = TripKey(key: PositionKey(fill.symbol, fill.slot), side: side)
    let part = min(fill.closedQuantity, fill.quantity)
    guard part > .zero else { return [] }
    do {
      if var known = live[key], let missing = leftUntold[key], let rest = difference(missing, part),
        fill.time >= known.trip.openedAt
      {
        let before = known.trip
        try known.explain(part, price: fill.price, fee: fill.fee(on: part))
        live[key] = known
        leftUntold[key] = rest.isZero ? nil : rest
        count(from: before, to: known.trip, at: fill.time)
        return [.changed(known.trip)]
      }
      guard let known = endedUntold[key] else { return [] }
      var gone = known.live
      let before = known.closed
      guard gone.remaining >= part,
        fill.time >= gone.trip.openedAt
      else { return [] }
      try gone.leave(part, price: fill.price, fee: fill.fee(on: part))
      let isWhole = gone.remaining.isZero
      let trip = gone.closed(
        at: isWhole ? fill.time : before.closedAt ?? fill.time,
        reason: isWhole ? story.reason : before.reasonOut)
      endedUntold[key] = isWhole ? nil : (gone, trip)
      if let place = ended.lastIndex(where: { $0.id == trip.id }) { ended[place] = trip }
      count(from: before, to: trip, at: fill.time)
      figures.correct(trip)
      return [.corrected(trip, isWhole: isWhole)]
    } catch {
      return []
    }
  }

  /// The figures of a new day begin at zero.
  mutating func begin(_ day: UTCDay) { figures = DayFigures(day: day) }

  // MARK: One side

  private mutating func enter(
    _ key: TripKey, _ quantity: Quantity, fill: Fill, story: Story
  ) throws(AmountError) -> [Change] {
    let before = live[key]
    var trip =
      before
      ?? LiveTrip(
        RoundTrip(
          id: fill.orderID.text.isEmpty ? fill.venueOrderID : fill.orderID.text, key: key.key,
          side: key.side, owner: story.owner, signal: story.signal, openedAt: fill.time,
          quantity: .zero, averageEntry: fill.price, reasonIn: story.reason))
    try trip.enter(
      quantity, price: fill.price, fee: fill.fee(on: quantity), at: fill.time)
    live[key] = trip
    count(from: before?.trip, to: trip.trip, at: fill.time)
    let change: Change = before == nil ? .opened(trip.trip) : .changed(trip.trip)
    return [change] + (try leaveEarly(key))
  }

  private mutating func leave(
    _ key: TripKey, _ quantity: Quantity, fill: Fill, story: Story
  ) throws(AmountError) -> [Change] {
    guard var trip = live[key], trip.remaining >= quantity else {
      wait(key, fill, story)
      return []
    }
    let before = trip.trip
    try trip.leave(quantity, price: fill.price, fee: fill.fee(on: quantity))
    count(from: before, to: trip.trip, at: fill.time)
    guard trip.remaining.isZero else {
      live[key] = trip
      return [.changed(trip.trip)]
    }
    live[key] = nil
    leftUntold[key] = nil
    let closed = trip.closed(at: fill.time, reason: story.reason)
    remember(closed)
    if fill.time.day == figures.day { figures.close(closed) }
    return [.closed(closed)]
  }

  private mutating func remember(_ trip: RoundTrip) {
    if ended.count == Self.endedCapacity { ended.removeFirst() }
    ended.append(trip)
  }

  private mutating func wait(_ key: TripKey, _ fill: Fill, _ story: Story) {
    if early.count == Self.earlyCapacity { settled.append(early.removeFirst().fill) }
    early.append(EarlyExit(key: key, fill: fill, story: story))
  }

  private mutating func settle(_ isOver: (EarlyExit) -> Bool) {
    settled += early.filter(isOver).map(\.fill)
    early.removeAll(where: isOver)
  }

  /// Exits that waited for their entries, once all of them fit: none can be older than its trip.
  private mutating func leaveEarly(_ key: TripKey) throws(AmountError) -> [Change] {
    guard let trip = live[key] else { return [] }
    let waiting = early.filter { $0.key == key && $0.fill.time >= trip.trip.openedAt }
      .sorted { ($0.fill.time, $0.fill.executionID) < ($1.fill.time, $1.fill.executionID) }
    var all = Quantity.zero
    for exit in waiting { all = try all + exit.quantity }
    guard !waiting.isEmpty, all <= trip.remaining else { return [] }
    settle { exit in waiting.contains { $0.fill.executionID == exit.fill.executionID } }
    var changes: [Change] = []
    for exit in waiting {
      changes += try leave(key, exit.quantity, fill: exit.fill, story: exit.story)
    }
    return changes
  }

  /// Executions of another day, read late, are not of this one.
  private mutating func count(from before: RoundTrip?, to after: RoundTrip, at time: Timestamp) {
    earned += after.net - (before?.net ?? .zero)
    if time.day == figures.day { figures.add(before: before, after: after) }
  }
}

extension Fill {
  /// The part of the fee that falls on `part`.
  fileprivate func fee(on part: Quantity) throws(AmountError) -> Notional {
    part == quantity ? fee : try fee.scaled(by: part.ratio(to: quantity))
  }
}

extension RestoredState {
  /// Executions up to here are known, but for those of the last minutes before it; nil where the
  /// journal remembers none. What an exit waits for lies before that exit.
  var fillsKnownUntil: Timestamp? {
    guard let lastFillAt else { return nil }
    return waitingFills.map(\.time).reduce(lastFillAt, min)
  }
}
