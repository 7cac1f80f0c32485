import Foundation
import GRDB
import Synchronization
import TradingModel

/// What happened, in SQLite: the memory of trading and chat in one file.
///
/// Owns the file's only writer. Durable records and everything of the chat are committed before
/// the call returns; the rest waits in `note` for `run()`, which writes it in batches.
public final class Journal: Sendable {
  public let settings: JournalSettings
  /// What was found when the file was opened.
  public let opening: OpenReport

  let store: Store
  let clock: any WallClock
  let waiting: PendingRecords
  /// Something waits, or a write failed: `run()` looks after it.
  let attention: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)
  /// A write failed since the last one that succeeded.
  let hasFailed = Mutex(false)

  /// Opens the file, makes it when it is missing and brings it to the present form.
  ///
  /// Blocks on the disk: call it once, at the start. Only one journal may have the file open.
  /// - Throws: `JournalOpenError` when a newer program wrote the file, or when it can't be used. A
  ///   damaged file is no error: it is set aside, and `opening` tells where.
  public init(_ settings: JournalSettings, clock: any WallClock) throws(JournalOpenError) {
    self.settings = settings
    self.clock = clock
    (store, opening) = try Store.open(settings, at: clock.now)
    waiting = PendingRecords(limit: settings.pendingLimit)
    attention = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Ends all connections: the file is whole, and its log is gone unless another program reads.
  /// What still waits is lost unless `run()` or `markCleanStop` wrote it.
  public func close() throws(JournalError) {
    do {
      try store.close()
    } catch { throw StoreFailure(writing: error).asJournalError }
  }

  /// One transaction for a port; a failure brings `run()` to look whether the file still works.
  func write<Value: Sendable>(
    _ work: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreFailure) -> Value {
    do {
      return try await store.write(work)
    } catch {
      noteFailure(error)
      throw error
    }
  }

  func noteFailure(_ failure: StoreFailure) {
    guard case .unwritable = failure else { return }
    hasFailed.withLock { $0 = true }
    attention.continuation.yield()
  }
}
