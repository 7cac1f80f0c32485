import Synchronization
import TradingModel

/// Records that wait to be written, in order. Bounded: what does not fit is counted, by kind.
final class PendingRecords: Sendable {
  struct Batch: Sendable {
    var records: [JournalRecord] = []
    /// Records given up since the last successful write, by kind.
    var lost: [String: Int] = [:]
    var aliveAt: Timestamp?

    var isEmpty: Bool { records.isEmpty && lost.isEmpty && aliveAt == nil }

    /// `12 event, 3 order`; nil when nothing was lost.
    var lossReport: String? {
      guard !lost.isEmpty else { return nil }
      return lost.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        .joined(separator: ", ")
    }
  }

  private let limit: Int
  private let batch = Mutex(Batch())

  init(limit: Int) { self.limit = max(2, limit) }

  var isEmpty: Bool { batch.withLock(\.isEmpty) }

  /// - Returns: Whether nothing waited before.
  func append(_ record: JournalRecord) -> Bool { append([record]) }

  /// Together: a batch has all of them or none.
  /// - Returns: Whether nothing waited before.
  func append(_ records: [JournalRecord]) -> Bool {
    batch.withLock { batch in
      let wasEmpty = batch.isEmpty && !records.isEmpty
      batch.records += records
      if batch.records.count > limit { shorten(&batch) }
      return wasEmpty
    }
  }

  /// Only the last sign of life counts.
  /// - Returns: Whether nothing waited before.
  func noteAlive(at time: Timestamp) -> Bool {
    batch.withLock { batch in
      let wasEmpty = batch.isEmpty
      batch.aliveAt = time
      return wasEmpty
    }
  }

  func take() -> Batch {
    batch.withLock { batch in
      let taken = batch
      batch = Batch()
      return taken
    }
  }

  /// What could not be written goes before what came meanwhile.
  func putBack(_ taken: Batch) {
    batch.withLock { batch in
      batch.records.insert(contentsOf: taken.records, at: 0)
      batch.lost.merge(taken.lost) { $0 + $1 }
      batch.aliveAt = batch.aliveAt ?? taken.aliveAt
      if batch.records.count > limit { shorten(&batch) }
    }
  }

  /// The older half gives up what is expendable, and all of it when that frees nothing: in halves,
  /// so that a full queue does not cost a search for every record that comes.
  private func shorten(_ batch: inout Batch) {
    let older = batch.records.prefix(batch.records.count - limit / 2)
    let kept = older.filter { !$0.isExpendable }
    let survivors = kept.count < older.count ? kept : []
    let given = survivors.isEmpty ? Array(older) : older.filter(\.isExpendable)
    for record in given { batch.lost[record.kindName, default: 0] += 1 }
    batch.records.replaceSubrange(..<older.count, with: survivors)
  }
}
