import Risk
import TradingModel

// What we believe, compared with what the venue shows.

extension TradingEngine {
  // MARK: The venue wins

  /// Compares what we believe with what the last reading showed. A difference must be seen twice,
  /// because an execution may still be on its way.
  mutating func compareBook() {
    guard reconciliation.isDone else { return }
    for key in comparableKeys {
      guard differs(key) else {
        reconciliation.agree(key)
        compareEntry(key)
        continue
      }
      let difference = reconciliation.disagree(
        key, in: account.lastReading, isSettled: history.isSettled, at: now)
      if difference.isNew { readFills(since: now - .minutes(10)) }
      guard difference.stands else { continue }
      let ours = book.holding(at: key).map { "\($0.side.rawValue) \($0.quantity)" } ?? "flat"
      let theirs = account.positions[key].map { "\($0.side.rawValue) \($0.quantity)" } ?? "flat"
      adopt(key, reason: "taken over from the venue")
      reconciliation.agree(key)
      record(.event(kind: "mismatch", detail: "\(key): ours \(ours), venue \(theirs)", at: now))
      tell(.p0, .mismatch(key.symbol, ours: ours, theirs: theirs))
    }
  }

  /// The average entry as the venue has it, where ours lies more than a tick away: it wins, and the
  /// difference is written down.
  private mutating func compareEntry(_ key: PositionKey) {
    guard let position = account.positions[key], let trip = book.trip(of: key),
      let tick = instruments[key.symbol]?.tickSize,
      abs(position.entryPrice.wideCount - trip.averageEntry.wideCount) > tick.wideCount,
      position.updatedAt >= trip.openedAt
    else { return }
    record(
      .event(
        kind: "entry-differs",
        detail: "\(key): ours \(trip.averageEntry), venue \(position.entryPrice)", at: now))
    adopt(key, reason: "average entry taken over from the venue")
  }

  /// After the start and after a gap: the differences are taken over at once, in one report.
  mutating func reconcileIfDue() {
    guard reconciliation.isReady(at: now, isSettled: history.isSettled),
      account.lastReading > standing.lostAtTicket
    else { return }
    if comparableKeys.contains(where: { differs($0) }), reconciliation.doubt(at: now) {
      readFills(since: now - .minutes(10))
      return
    }
    let isFirst = reconciliation.isFirst
    // What their executions told of is no difference any more, but news all the same.
    var lines = reconciliation.closedAway.map { closedLine($0) }
    var matching = 0
    for key in comparableKeys {
      guard differs(key) else {
        if account.positions[key] != nil { matching += 1 }
        continue
      }
      lines.append(adoptionLine(key))
      adopt(key, reason: isFirst ? "found at the start" : "found after a gap")
    }
    reconciliation.finish()
    let report = ["\(matching) positions as expected"] + lines + foreignLine
    record(.event(kind: "reconciled", detail: report.joined(separator: "; "), at: now))
    if !lines.isEmpty { tell(.p2, .reconciled(lines)) }
    if isFirst {
      standing.startUntold = matching
      tellStartIfDue()
      seekOwners()
      resumeLockedFlatten()
    }
  }

  private mutating func adopt(_ key: PositionKey, reason: String) {
    let position = account.positions[key]
    let owner = book.trip(of: key)?.owner ?? position.flatMap { sender(of: $0) } ?? .manual
    note(book.adopt(position, at: key, owner: owner, reason: reason, now: now))
  }

  /// The engine that sent an entry on this side, though no execution of it was told.
  func sender(of position: Position) -> Owner? {
    entries.latest(position.symbol, side: position.side.opening)?.owner
  }

  /// Orders of nobody here: they are left alone.
  private var foreignLine: [String] {
    let foreign = account.orders.values.count { $0.id.owner == nil && $0.role == .placed }
    return foreign == 0 ? [] : ["\(foreign) orders of others left alone"]
  }

  /// The result is the venue's: prices and fees of its executions.
  func closedLine(_ trip: RoundTrip) -> String {
    let exit = trip.averageExit.map { " at \($0)" } ?? ""
    let sign = trip.net > .zero ? "+" : ""
    return "\(trip.key): \(trip.side.rawValue) \(trip.quantity) closed while away\(exit), "
      + "\(sign)\(trip.net.text(decimals: 2)) USDT (\(trip.reasonOut))"
  }

  private func adoptionLine(_ key: PositionKey) -> String {
    switch (book.holding(at: key), account.positions[key]) {
    case (let ours?, nil):
      "\(key): \(ours.side.rawValue) \(ours.quantity) closed meanwhile, result not told"
    case (nil, let theirs?): "\(key): \(theirs.side.rawValue) \(theirs.quantity) taken over"
    case (let ours?, let theirs?):
      "\(key): \(theirs.side.rawValue) \(theirs.quantity), expected \(ours.side.rawValue) "
        + "\(ours.quantity)"
    case (nil, nil): "\(key): flat"
    }
  }

  /// Positions about which the last reading knows as much as we do.
  private var comparableKeys: [PositionKey] {
    Set(book.keys + account.positions.keys).sorted().filter {
      !settings.longterm.contains($0.symbol) && !book.wasHeard($0, since: account.lastReading)
    }
  }

  func differs(_ key: PositionKey) -> Bool {
    let ours = book.holding(at: key)
    let theirs = account.positions[key]
    return ours?.side != theirs?.side || ours?.quantity != theirs?.quantity
  }
}
