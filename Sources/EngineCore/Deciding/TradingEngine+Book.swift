import TradingModel

// Executions, the round trips they make, and the venue's word on them.

extension TradingEngine {
  mutating func take(_ told: [Fill], since start: Timestamp) {
    let fills = told.map { inItsSlot($0) }
    // What is older was read for the names of the owners alone.
    for fill in fills where fill.time >= standing.countsFrom ?? fill.time { take(fill) }
    claimPositions(by: fills)
    for place in flattens.indices { flattens[place].fillsRead(fills, since: start) }
    if history.answered(since: start) { reconciliation.gotFills() }
    reconcileIfDue()
  }

  mutating func take(_ told: Fill) {
    let fill = inItsSlot(told)
    for place in flattens.indices { flattens[place].take(fill) }
    guard !book.knows(fill) else {
      // Its part of the position was taken over from the venue; the execution itself was not told.
      if book.passOver(fill) {
        record(.fill(fill))
        note(book.explain(fill, story: story(of: fill)))
      }
      return
    }
    reductions.take(fill, lastTicket: readings.lastTicket)
    noteTarget(fill)
    book.hear(fill, lastTicket: readings.lastTicket)
    reconciliation.agree(PositionKey(fill.symbol, fill.slot))
    if entries[fill.orderID] != nil {
      throttle.noteEntry(fill.symbol, at: now)
      entryLevels.brought(by: fill)
    }
    var changes: [PositionBook.Change] = []
    do {
      changes = try book.take(fill, story: story(of: fill))
    } catch {
      record(.event(kind: "execution-not-counted", detail: fill.executionID, at: now))
    }
    record(book.isWaiting(fill) ? .waitingFill(fill) : .fill(fill))
    note(changes)
    // The position is read rather than guessed.
    if account.positions[PositionKey(fill.symbol, fill.slot)] == nil { readings.want() }
  }

  func story(of fill: Fill) -> PositionBook.Story {
    let entry = entries[fill.orderID]
    let owner: Owner =
      if case .engine(let name)? = fill.orderID.owner { .engine(name) } else { .manual }
    return PositionBook.Story(
      owner: owner, signal: entry?.intent.id,
      reason: fill.closedQuantity.isZero
        ? entry.map { reason(of: $0.intent) } ?? owner.title : exitReason(of: fill))
  }

  /// What the engine saw, in its own order: `liquidation 512.3 USDT · price 64210 · vwap 64800`.
  private func reason(of intent: Intent) -> String {
    intent.reasons.map { "\($0.name) \($0.value)" }.joined(separator: " · ")
  }

  private func exitReason(of fill: Fill) -> String {
    switch fill.role {
    case .stop: return exits.reason(of: PositionKey(fill.symbol, fill.slot))?.rawValue ?? "stop"
    case .target: return "target"
    case .trailing: return "trailing stop"
    case .liquidation: return RoundTrip.liquidated
    case .placed: break
    }
    if isTarget(fill) { return "partial target" }
    guard fill.orderID.owner == .risk else { return "by hand" }
    switch reductions.purpose(of: fill.orderID) {
    case .exit(let reason): return reason.rawValue
    case .emergency: return "no stop could be set"
    case .flatten, nil: return fill.orderID.command.map { "command \($0)" } ?? "risk"
    }
  }

  mutating func note(_ changes: [PositionBook.Change]) {
    for fill in book.takeSettled() { record(.fill(fill)) }
    for change in changes {
      switch change {
      case .opened(let trip):
        record(.roundTrip(trip))
        announcements[trip.key] = now + .seconds(1)
      case .changed(let trip): record(.roundTrip(trip))
      case .corrected(let trip, let isWhole):
        record(.roundTrip(trip))
        if trip.net < .zero { throttle.noteLoss(trip.key.symbol, at: now) }
        if isWhole { tell(.p2, .reconciled([closedLine(trip)])) }
      case .closed(let trip):
        record(.roundTrip(trip))
        record(.flat(trip.key, at: now))
        announcements[trip.key] = nil
        stopsBefore[trip.key] = nil
        if trip.net < .zero { throttle.noteLoss(trip.key.symbol, at: now) }
        for place in flattens.indices { flattens[place].ended(trip) }
        // What ended while nobody listened is told by the reconciliation.
        guard !reconciliation.isFirst else {
          reconciliation.noteClosed(trip)
          break
        }
        if trip.isLiquidated {
          tell(.p0, .positionLiquidated(trip))
        } else {
          tell(.p2, .positionClosed(trip))
        }
      }
    }
  }

  /// Executions of one entry are one message: a moment after the first, with the venue's figures.
  mutating func announcePositions() {
    for key in announcements.keys.sorted() {
      guard let due = announcements[key], let trip = book.trip(of: key),
        // Turned round by one order, the position may still be told as it was before.
        let exposure = exposures.first(where: { $0.key == key && $0.position.side == trip.side })
      else { continue }
      let isWhole =
        !exposure.isPresumed && !entries.open.contains { $0.key == key }
        && (exposure.plan.map { $0.stop == exposure.stop } ?? true)
      guard isWhole || now >= due else { continue }
      announcements[key] = nil
      let view = view(of: exposure)
      if !reconciliation.isFirst { tell(.p2, .positionOpened(view, trip)) }
    }
  }

  /// Writes a position down whenever it stands otherwise than it is written: not before our own
  /// executions and the venue say the same of it.
  mutating func recordPositions() {
    let exposures = exposures
    for exposure in exposures where !exposure.isPresumed && !differs(exposure.key) {
      let view = view(of: exposure)
      let standing = RecordedPosition(view)
      guard recordedPositions.updateValue(standing, forKey: exposure.key) != standing else {
        continue
      }
      record(.position(view))
    }
    for key in recordedPositions.keys.sorted() where !exposures.contains(where: { $0.key == key }) {
      recordedPositions[key] = nil
    }
  }

  // MARK: What may be missing

  mutating func readFills(since start: Timestamp) {
    emit(.readFills(since: history.ask(since: start, at: now)))
  }

  /// Executions and transfers that no stream has told.
  mutating func readHistoryIfDue() {
    if let start = history.due(at: now) { readFills(since: start) }
    if moneyMoves.isDue(at: now) { readLedger() }
  }
}
