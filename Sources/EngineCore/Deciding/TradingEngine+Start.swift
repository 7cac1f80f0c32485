import Risk
import TradingModel

// Coming up and going down.

extension TradingEngine {
  /// How far back executions are read when the journal remembers none: owners are written into
  /// their ids.
  private static let lostJournalReach = Duration.hours(24)
  private static let startingUp = Duration.seconds(10)

  mutating func restore(_ state: RestoredState) {
    guard !standing.isBooted else { return }
    standing.isBooted = true
    standing.bootedAt = now
    standing.accountUnknownSince = now
    standing.downFor = state.lastSeenAliveAt.map { now - $0 }
    standing.wasClean = state.stoppedCleanly
    standing.inFlight = state.inFlight
    standing.countsFrom = state.lastFillAt == nil ? now - Self.lostJournalReach : nil
    ids = ClientOrderIDs(boot: state.boot)
    handled = HandledSignals(state.recentSignals)
    book = PositionBook(day: now.day)
    book.restore(state)
    for fill in state.waitingFills { book.restore(fill, story: story(of: fill)) }
    restoreFunding(state)
    restoreProtection(state)
    locks = LockBook(state.locks)
    // What is from the files, or from the start itself, may not be in the journal yet.
    for lock in locks.locks { record(.lock(lock)) }
    if let baseline = state.baseline { record(.baseline(baseline)) }
    day = DayWatch(settings: settings.risk, restored: state.baseline)
    startLoss = StartLossWatch(settings: settings.risk, restored: state.startBase)
    restoreThrottle(state)
    restoreMargin(state)
    restoreAllowlist(state.allowlist)
    expireLocks()
    if let starts = state.loopingStarts {
      arm(Lock(kind: .paused(nil), reason: "\(starts) starts within 10 minutes", since: now))
      tell(.p1, .restartLoop(starts: starts))
    }
    standing.guardedFor = state.guardedFor
    showDayLock()
    if let flag = standing.flagAtStart {
      obeyFlag(isPresent: flag.isPresent, reason: flag.reason)
    }
    reconciliation.begin(isFirst: true, awaySince: state.lastSeenAliveAt, at: now)
    readFills(
      since: state.fillsKnownUntil.map { $0 - PositionBook.overlap } ?? now - Self.lostJournalReach)
  }

  /// A restart is no way around the pauses after an entry and after a loss.
  private mutating func restoreThrottle(_ state: RestoredState) {
    let closed = state.closedLately + state.closedToday
    let trips = (state.openRoundTrips + closed).sorted { $0.openedAt < $1.openedAt }
    for trip in trips {
      guard case .engine = trip.owner else { continue }
      throttle.noteOrder(trip.key.symbol, at: trip.openedAt)
      throttle.noteEntry(trip.key.symbol, at: trip.openedAt)
    }
    for trip in closed {
      guard let closedAt = trip.closedAt, trip.net < .zero else { continue }
      throttle.noteLoss(trip.key.symbol, at: closedAt)
    }
  }

  /// Where stops lay, and which average entry they were set for: of rows that are of the position that
  /// is still open.
  private mutating func restoreProtection(_ state: RestoredState) {
    for view in state.positions {
      let key = view.position.key
      guard book.trip(of: key)?.side == view.position.side else { continue }
      entryLevels.settle(key, for: view.protectedEntry)
      stopsBefore[key] = view.position.stop.map { (view.position.side, $0) }
    }
  }

  private mutating func restoreAllowlist(_ entries: [AllowlistEntry]) {
    guard entries.isEmpty else {
      allowlist = Allowlist(entries)
      expireAllowlist()
      return
    }
    allowlist = Allowlist(first: settings.allowlist, at: now)
    if !allowlist.entries.isEmpty { record(.allowlist(allowlist.entries)) }
  }

  mutating func take(_ list: [Instrument]) {
    // The newest rules win; a contract that is not told any more is no contract.
    instruments = Dictionary(
      list.map { ($0.symbol, $0) }, uniquingKeysWith: { $1 })
    standing.areLeveragesJudged = false
    for intent in retries.ready(with: instruments, at: now) { review(intent, isRepeat: true) }
  }

  /// The private stream was cut: what was heard of the account no longer counts.
  mutating func loseTrack() {
    standing.lostAtTicket = readings.lastTicket
    standing.accountUnknownSince = standing.accountUnknownSince ?? now
    standing.accountTrouble = "the private stream was cut"
    preparations.forget()
    guard standing.isBooted else { return }
    reconciliation.begin(isFirst: reconciliation.isFirst, at: now)
    readFills(since: now - .minutes(10))
    readings.want()
  }

  mutating func stop() {
    guard !standing.isStopping else { return }
    standing.isStopping = true
    // Who stops the bot begins anew with the next start; the guard, which ends too, stops nothing.
    if !settings.isStandIn, startLoss.base != nil { record(.startBase(nil)) }
    // Stops and targets stay: nobody is there to close.
    for reference in ownEntryOrders { emit(.cancel(reference)) }
    // The guard tells itself how it leaves.
    if !settings.isStandIn { tell(.p2, .stopping) }
  }

  mutating func noteJournal(isWorking: Bool, detail: String) {
    guard standing.isJournalWorking != isWorking else { return }
    standing.isJournalWorking = isWorking
    standing.journalTrouble = detail
    tell(isWorking ? .p2 : .p0, isWorking ? .journalWorks : .journalFailing(why: detail))
  }

  /// In the first seconds links come up one after the other: "degraded" would be news only after that.
  mutating func tellStartIfDue() {
    // The guard tells at once that it is there: before the account is read.
    guard !settings.isStandIn, let matching = standing.startUntold,
      state != .degraded || now - standing.bootedAt >= Self.startingUp
    else { return }
    standing.startUntold = nil
    let report = StartReport(
      version: settings.version, mode: settings.modeTitle, positions: account.positions.count,
      matching: matching, state: state, downFor: standing.downFor, wasClean: standing.wasClean,
      inFlight: standing.inFlight, guardedFor: standing.guardedFor)
    tell(standing.wasClean ? .p2 : .p1, .started(report))
  }
}

extension EngineSettings {
  /// `live`, `paper`, or the world it trades in.
  fileprivate var modeTitle: String {
    if isLive { return "live" }
    return venue == .paper ? "paper" : environment.rawValue
  }
}

extension EntryOrders.Entry {
  var reference: OrderReference {
    if case .accepted(let venueID) = state {
      return OrderReference(symbol: request.symbol, id: request.id, venueID: venueID)
    }
    return OrderReference(symbol: request.symbol, id: request.id)
  }
}
