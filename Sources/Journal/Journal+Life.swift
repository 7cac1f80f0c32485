import GRDB
import TradingModel

/// The marks of one life of the program: from them the next one knows how this one ended.
extension Journal {
  /// How far back signals are remembered at a restart; the gate refuses older ones anyhow.
  private static let recentSignals: Duration = .minutes(10)
  /// How far before the last execution ids are remembered: one may have been told after a later one.
  private static let recentFills: Duration = .minutes(10)

  /// Everything that the engine needs to go on where the last life ended. Read it before `begin`,
  /// and hand that the boot stamp which is decided here.
  public func restored(at now: Timestamp) async throws(JournalError) -> RestoredState {
    do {
      return try await store.read { db in
        let lastBoot = try Meta.value(of: .boot, in: db)
        let hasStopped = try Meta.value(of: .stoppedCleanly, in: db) == 1
        var state = RestoredState(
          baseline: try Days.baseline(of: now.day, in: db), locks: try Locks.all(in: db),
          allowlist: try Allowlist.all(in: db), openRoundTrips: try Trades.open(in: db),
          closedToday: try Trades.closed(on: now.day, in: db),
          recentSignals: try Signals.ids(since: now - Self.recentSignals, in: db),
          boot: BootStamp.next(after: lastBoot.map(UInt64.init(clamping:)), at: now),
          lastFillAt: try Executions.lastTime(in: db),
          recentFills: try Executions.idsOfLast(Self.recentFills, in: db),
          lastSeenAliveAt: try Meta.value(of: .lastAliveAt, in: db)
            .map(Timestamp.init(milliseconds:)),
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
