import Synchronization
import TradingModel

/// A journal that remembers, fails or hangs, as the test says. Each record is a line in the
/// chronicle: `note intent` or `commit lock`.
public final class ScriptedJournal: JournalWriter {
  public enum Mood: Sendable {
    case works
    case fails(JournalError)
    case hangs
  }

  private struct State {
    var mood = Mood.works
    var noted: [JournalRecord] = []
    var groups: [[JournalRecord]] = []
    var committed: [JournalRecord] = []
  }

  private let state = Mutex(State())
  private let chronicle: Chronicle

  public init(chronicle: Chronicle = Chronicle()) { self.chronicle = chronicle }

  public func set(_ mood: Mood) { state.withLock { $0.mood = mood } }
  public var noted: [JournalRecord] { state.withLock { $0.noted } }
  /// What was noted together.
  public var groups: [[JournalRecord]] { state.withLock { $0.groups } }
  public var committed: [JournalRecord] { state.withLock { $0.committed } }

  public func note(_ records: [JournalRecord]) {
    state.withLock { $0.groups.append(records) }
    for record in records { note(record) }
  }

  public func note(_ record: JournalRecord) {
    state.withLock { $0.noted.append(record) }
    chronicle.write("note \(record.word)")
  }

  public func commit(_ records: [JournalRecord]) async throws(JournalError) {
    let mood = state.withLock { $0.mood }
    switch mood {
    case .works: break
    case .fails(let error):
      chronicle.write("commit failed")
      throw error
    case .hangs:
      chronicle.write("commit hangs")
      await Latch().wait()
      throw .unwritable("cancelled")
    }
    state.withLock { $0.committed += records }
    for record in records { chronicle.write("commit \(record.word)") }
  }
}

extension JournalRecord {
  /// The kind of the record.
  fileprivate var word: String {
    switch self {
    case .baseline: "baseline"
    case .lock: "lock"
    case .unlock: "unlock"
    case .allowlist: "allowlist"
    case .marginReductions: "marginReductions"
    case .startBase: "startBase"
    case .intent: "intent"
    case .order: "order"
    case .orderFailed: "orderFailed"
    case .fill: "fill"
    case .waitingFill: "waitingFill"
    case .funding: "funding"
    case .roundTrip: "roundTrip"
    case .position: "position"
    case .flat: "flat"
    case .signal: "signal"
    case .event(let kind, _, _): "event \(kind)"
    case .day: "day"
    }
  }
}
