import GRDB
import TradingModel

/// Whether the file takes what is written.
public enum JournalHealth: Sendable, Hashable {
  case works
  /// Disk full, read-only, locked or damaged; the text says which.
  case failing(String)
}

extension Journal: JournalWriter {
  /// Queues a record for `run()`. Never waits; when too many wait, the oldest that nobody will miss
  /// are counted in a `journal.overflow` event instead of being written.
  public func note(_ record: JournalRecord) {
    if waiting.append(record) { attention.continuation.yield() }
  }

  /// As `note`, for records that are written in one transaction.
  public func note(_ records: [JournalRecord]) {
    if waiting.append(records) { attention.continuation.yield() }
  }

  /// Commits the records, behind all that was noted before, in one transaction.
  ///
  /// A record whose commit failed is forgotten: note it to have it written when the file works again.
  public func commit(_ records: [JournalRecord]) async throws(JournalError) {
    do { try await writePending(and: records) } catch { throw error.asJournalError }
  }

  /// Writes what is noted until the task is cancelled, then what is left. Run it once.
  /// - Parameter report: Told when writing begins to fail and when it works again.
  public func run(report: @escaping @Sendable (JournalHealth) -> Void = { _ in }) async {
    var isFailing = false
    for await _ in attention.stream {
      // A cancelled sleep is no reason to lose what waits.
      try? await clock.sleep(for: isFailing ? settings.retryDelay : settings.gatheringTime)
      // Whoever met the failure first may have told it elsewhere.
      let hadFailed = hasFailed.withLock { $0 }
      do {
        try await flush()
        if isFailing || hadFailed { report(.works) }
        isFailing = false
      } catch {
        if !isFailing { report(.failing(error.words)) }
        isFailing = true
        attention.continuation.yield()
      }
    }
    // Nobody is left to hear of a failure: the venue can tell these records again.
    try? await flush()
  }

  /// Writes what waits; after a failure a sign of life at least, to see whether the file works.
  func flush() async throws(StoreFailure) {
    if hasFailed.withLock({ $0 }) { _ = waiting.noteAlive(at: clock.now) }
    guard !waiting.isEmpty else { return }
    try await writePending(and: [])
  }

  private func writePending(and records: [JournalRecord]) async throws(StoreFailure) {
    do {
      try await store.write(taking: waiting.take, puttingBack: waiting.putBack) {
        [clock] db, batch in
        try batch.write(to: db, at: clock.now)
        for record in records { try record.write(to: db) }
      }
      hasFailed.withLock { $0 = false }
    } catch {
      noteFailure(error)
      throw error
    }
  }
}

extension PendingRecords.Batch {
  fileprivate func write(to db: Database, at now: Timestamp) throws {
    for record in records {
      do {
        try record.write(to: db)
      } catch  where StoreFailure.isOfTheRecord(error) {
        // One record that the file can't hold must not keep all others from it.
        let why = StoreFailure(writing: error).words
        try SystemEvents.add("journal.refused", "\(record.kindName): \(why)", at: now, in: db)
      }
    }
    if let lossReport {
      try SystemEvents.add("journal.overflow", "not written: \(lossReport)", at: now, in: db)
    }
    if let aliveAt { try Meta.set(.lastAliveAt, to: aliveAt.milliseconds, in: db) }
  }
}
