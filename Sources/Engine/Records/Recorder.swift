import TradingModel

/// Owns the durable records that the journal has not taken yet.
///
/// They are committed in order, before what they stand for is done. Where the journal fails or
/// hangs, the deed goes on after a bounded wait, and the records are kept and tried again.
actor Recorder {
  static let patience = Duration.seconds(2)
  static let pauseBetweenTries = Duration.seconds(1)
  static let capacity = 1000

  private struct Waiter {
    let number: UInt64
    let continuation: CheckedContinuation<Bool, Never>
  }

  private let journal: any JournalWriter
  private let clock: any WallClock
  private let health: StoreHealth
  private let wakes: AsyncStream<Void>
  private let waker: AsyncStream<Void>.Continuation

  private var backlog: [JournalRecord] = []
  /// The numbers of the last record taken in and of the last one that left the backlog.
  private var acceptedCount: UInt64 = 0
  private var settledCount: UInt64 = 0
  private var lostCount = 0
  private var isFailing = false
  private var waiters: [Waiter] = []

  init(journal: any JournalWriter, clock: any WallClock, health: StoreHealth) {
    self.journal = journal
    self.clock = clock
    self.health = health
    (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Nothing waits that the journal might still take.
  var isIdle: Bool { backlog.isEmpty || isFailing }

  /// Has records committed together.
  /// - Returns: Whether they were, within two seconds. False at once while the journal is failing.
  @discardableResult
  func commit(_ records: [JournalRecord]) async -> Bool {
    keep(records)
    waker.yield()
    guard !isFailing else { return false }
    let number = acceptedCount
    return await withTaskGroup(of: Void.self) { group in
      group.addTask { [clock] in
        do { try await clock.sleep(for: Self.patience) } catch { return }
        await self.giveUpWaiting(for: number)
      }
      defer { group.cancelAll() }
      return await withCheckedContinuation { continuation in
        waiters.append(Waiter(number: number, continuation: continuation))
      }
    }
  }

  /// Writes until cancelled.
  func run() async {
    for await _ in wakes {
      while !backlog.isEmpty, !Task.isCancelled {
        if await writeBacklog() { continue }
        do { try await clock.sleep(for: Self.pauseBetweenTries) } catch { break }
      }
    }
    answer(upTo: acceptedCount, false)
  }

  /// Tries once to commit everything kept.
  private func writeBacklog() async -> Bool {
    let batch = backlog
    let last = acceptedCount
    do throws(JournalError) {
      try await journal.commit(batch)
    } catch {
      fail(error.description)
      return false
    }
    // Records may have come, and the oldest may have gone, in the meantime.
    let left = Int(clamping: acceptedCount - last)
    backlog = Array(backlog.suffix(left))
    settledCount = last
    isFailing = false
    health.set(.durable, trouble: nil)
    answer(upTo: last, true)
    return true
  }

  private func keep(_ records: [JournalRecord]) {
    backlog += records
    acceptedCount += UInt64(records.count)
    let excess = backlog.count - Self.capacity
    if excess > 0 {
      backlog.removeFirst(excess)
      lostCount += excess
      health.set(.durable, trouble: "\(lostCount) records lost: the journal did not take them")
    }
  }

  private func giveUpWaiting(for number: UInt64) {
    guard number > settledCount else { return }
    fail("no answer within \(Self.patience)")
  }

  private func fail(_ why: String) {
    isFailing = true
    health.set(.durable, trouble: why)
    answer(upTo: acceptedCount, false)
  }

  private func answer(upTo number: UInt64, _ isRecorded: Bool) {
    for waiter in waiters where waiter.number <= number {
      waiter.continuation.resume(returning: isRecorded)
    }
    waiters.removeAll { $0.number <= number }
  }
}
