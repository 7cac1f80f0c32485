import Journal
import TradingModel

/// The state files of a process that only closes: the locks are written and lifted, the day's
/// figures are the bot's own.
struct PanicFiles: StateFileStore {
  private let files: StateFiles

  init(_ files: StateFiles) { self.files = files }

  func write(_ file: StateFile) async throws(JournalError) {
    switch file {
    case .panicLock, .panicUnlocked, .tradingEnabled: try await files.write(file)
    case .dailyPnL, .dayResult, .moment, .tradingDisabled: break
    }
  }

  func readFlag() async -> FlagFile? { nil }
  func readPanicLock() async -> PanicFile? { nil }
}

/// Nothing is kept: executions and trades are read from the venue by the next bot, `panic.lock` tells
/// it the rest, and a disk that hangs holds no close up.
struct NoJournal: JournalWriter {
  func note(_ record: JournalRecord) {}
  func commit(_ records: [JournalRecord]) async throws(JournalError) {}
}

/// Only what lifts a lock is kept: the baseline that this process sees is no baseline of the day.
struct UnlockJournal: JournalWriter {
  private let journal: Journal

  init(_ journal: Journal) { self.journal = journal }

  func note(_ record: JournalRecord) {}

  func commit(_ records: [JournalRecord]) async throws(JournalError) {
    let unlocks = records.filter { if case .unlock = $0 { true } else { false } }
    if !unlocks.isEmpty { try await journal.commit(unlocks) }
  }
}
