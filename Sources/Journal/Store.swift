import GRDB
import TradingModel

/// The one writer and its readers.
///
/// GRDB's own `async` calls give up when their task is cancelled. These do not: a stop that arrives
/// in the middle of a commit must not turn it into a failure.
struct Store: Sendable {
  let pool: DatabasePool

  /// One transaction: all of it or nothing.
  func write<Value: Sendable>(
    _ work: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreFailure) -> Value {
    let result: Result<Value, StoreFailure> = await withCheckedContinuation { continuation in
      pool.asyncWriteWithoutTransaction { db in
        continuation.resume(
          returning: Result { try db.inOneTransaction(work) }.mapError(StoreFailure.init(writing:)))
      }
    }
    return try result.get()
  }

  /// The same, with a say before the transaction begins and after it failed; both run on the writer,
  /// so that nothing else is written in between.
  func write<Batch: Sendable>(
    taking take: @escaping @Sendable () -> Batch,
    puttingBack putBack: @escaping @Sendable (Batch) -> Void,
    _ work: @escaping @Sendable (Database, Batch) throws -> Void
  ) async throws(StoreFailure) {
    let result: Result<Void, StoreFailure> = await withCheckedContinuation { continuation in
      pool.asyncWriteWithoutTransaction { db in
        let batch = take()
        let result = Result { try db.inOneTransaction { try work($0, batch) } }
        if case .failure = result { putBack(batch) }
        continuation.resume(returning: result.mapError(StoreFailure.init(writing:)))
      }
    }
    try result.get()
  }

  /// Ends all connections and takes the log into the file.
  ///
  /// The pool's readers outlive its writer, and SQLite lets only a writer that leaves last take the
  /// log away: so one more comes and goes.
  func close() throws {
    try pool.close()
    let last = try DatabaseQueue(path: pool.path)
    // SQLite looks at the log at the first reading.
    try last.read { _ = try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
    try last.close()
  }

  /// A consistent view; writers go on meanwhile.
  func read<Value: Sendable>(
    _ work: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreFailure) -> Value {
    let result: Result<Value, StoreFailure> = await withCheckedContinuation { continuation in
      pool.asyncRead { access in
        continuation.resume(
          returning: Result { try work(access.get()) }.mapError(StoreFailure.init(reading:)))
      }
    }
    return try result.get()
  }
}

extension Database {
  func inOneTransaction<Value>(_ work: (Database) throws -> Value) throws -> Value {
    var value: Value?
    try inTransaction(.immediate) {
      value = try work(self)
      return .commit
    }
    guard let value else { throw StoreFailure.unwritable("the transaction did not end") }
    return value
  }
}
