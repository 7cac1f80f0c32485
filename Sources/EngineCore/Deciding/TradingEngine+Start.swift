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
    ids = ClientOrderIDs(boot: state.boot)
    handled = HandledSignals(state.recentSignals)
    book = PositionBook(day: now.day)
    book.restore(state)
    locks = LockBook(state.locks)
    // A lock from the files, or from the start itself, may not be in the journal yet.
    for lock in locks.locks { record(.lock(lock)) }
    day = DayWatch(settings: settings.risk, restored: state.baseline)
    restoreAllowlist(state.allowlist)
    expireLocks()
    if let flag = standing.flagAtStart {
      obeyFlag(isPresent: flag.isPresent, reason: flag.reason)
    }
    reconciliation.begin(isFirst: true, at: now)
    readFills(
      since: state.lastFillAt.map { $0 - PositionBook.overlap } ?? now - Self.lostJournalReach)
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
    instruments = Dictionary(list.map { ($0.symbol, $0) }, uniquingKeysWith: { $1 })
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
    for entry in entries.open { emit(.cancel(entry.reference)) }
    tell(.p2, .stopping)
  }

  mutating func noteJournal(isWorking: Bool, detail: String) {
    guard standing.isJournalWorking != isWorking else { return }
    standing.isJournalWorking = isWorking
    standing.journalTrouble = detail
    tell(isWorking ? .p2 : .p0, isWorking ? .journalWorks : .journalFailing(why: detail))
  }

  /// In the first seconds links come up one after the other: "degraded" would be news only after that.
  mutating func tellStartIfDue() {
    guard let matching = standing.startUntold,
      state != .degraded || now - standing.bootedAt >= Self.startingUp
    else { return }
    standing.startUntold = nil
    let report = StartReport(
      version: settings.version, mode: settings.modeTitle, positions: account.positions.count,
      matching: matching, state: state, downFor: standing.downFor, wasClean: standing.wasClean,
      inFlight: standing.inFlight)
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
