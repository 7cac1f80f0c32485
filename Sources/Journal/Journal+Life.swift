import GRDB
import TradingModel

/// The marks of one life of the program: from them the next one knows how this one ended.
extension Journal {
  /// How far back signals are remembered at a restart; the gate refuses older ones anyhow.
  private static let recentSignals: Duration = .minutes(10)
  /// How far before the last execution ids are remembered: one may have been told after a later one.
  private static let recentFills: Duration = .minutes(10)
  /// An exit waits no longer for its entry.
  private static let longestWait: Duration = .hours(24)
  /// The longest pause after a loss that the settings allow; funding is booked sooner.
  private static let lately: Duration = .hours(24)
  /// Funding is asked for again from some hours before the last sign of life.
  private static let recentFunding: Duration = .hours(48)

  /// Everything that the engine needs to go on where the last life ended. Read it before `begin`,
  /// and hand that the boot stamp which is decided here.
  public func restored(at now: Timestamp) async throws(JournalError) -> RestoredState {
    do {
      return try await store.read { db in
        let lastBoot = try Meta.value(of: .boot, in: db)
        let hasStopped = try Meta.value(of: .stoppedCleanly, in: db) == 1
        let aliveAt = try Meta.value(of: .lastAliveAt, in: db).map(Timestamp.init(milliseconds:))
        let lastFillAt = try Executions.lastTime(in: db)
        let waiting = try Executions.waiting(Self.longestWait, in: db)
        // What an exit waits for lies before that exit.
        let knownUntil = (waiting.map(\.time) + [lastFillAt].compactMap(\.self)).min()
        var state = RestoredState(
          baseline: try Days.baseline(of: now.day, in: db), locks: try Locks.all(in: db),
          allowlist: try Allowlist.all(in: db), openRoundTrips: try Trades.open(in: db),
          closedToday: try Trades.closed(on: now.day, in: db),
          closedLately: try Trades.closed(
            since: now - Self.lately, before: now.day.start, in: db),
          recentSignals: try Signals.ids(since: now - Self.recentSignals, in: db),
          boot: BootStamp.next(after: lastBoot.map(UInt64.init(clamping:)), at: now),
          lastFillAt: lastFillAt,
          recentFills: try knownUntil.map {
            try Executions.ids(Self.recentFills, before: $0, in: db)
          } ?? [],
          waitingFills: waiting,
          countedFunding: try Funding.counted(
            since: min(now.day.start, (aliveAt ?? now) - Self.recentFunding), in: db),
          marginReductions: try Meta.marginReductions(in: db),
          startBase: try StartBases.last(in: db), lastSeenAliveAt: aliveAt,
          // Before the first life there was none that could have crashed.
          stoppedCleanly: lastBoot == nil || hasStopped,
          inFlight: try Commands.inFlight(in: db))
        state.positions = try Positions.open(in: db)
        return state
      }
    } catch {
      throw error.asJournalError
    }
  }

  /// A life begins: until `markCleanStop` it counts as crashed.
  /// - Parameter boot: The stamp that stands in this life's client order ids.
  public func begin(boot: UInt64, at now: Timestamp) async throws(JournalError) {
    do {
      try await write { db in
        try Meta.set(.boot, to: Int64(clamping: boot), in: db)
        try Meta.set(.startedAt, to: now.milliseconds, in: db)
        try Meta.set(.lastAliveAt, to: now.milliseconds, in: db)
        try Meta.set(.stoppedCleanly, to: 0, in: db)
        try SystemEvents.add("start", "boot \(boot)", at: now, in: db)
      }
    } catch {
      throw error.asJournalError
    }
  }

  /// A sign of life, written behind.
  public func alive(at now: Timestamp) {
    if waiting.noteAlive(at: now) { attention.continuation.yield() }
  }

  /// The life ended as it should. Writes what still waits, too.
  public func markCleanStop(at now: Timestamp) async throws(JournalError) {
    do {
      try await flush()
      try await write { db in
        try Meta.set(.lastAliveAt, to: now.milliseconds, in: db)
        try Meta.set(.stoppedCleanly, to: 1, in: db)
        try SystemEvents.add("stop", "clean", at: now, in: db)
      }
    } catch {
      throw error.asJournalError
    }
  }
}
