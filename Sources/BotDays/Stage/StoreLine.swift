import Chat
import Engine
import TradingModel

/// One life's hands on the store. What it has noted and not committed dies with it.
final class StoreLine: @unchecked Sendable {
  /// How long what is noted waits for company.
  static let gathering = Duration.milliseconds(100)

  let store: SimulatedStore
  let clock: MachineClock
  let flaws: Flaws
  private(set) var isAlive = true
  private var noted: [JournalRecord] = []
  private var isFlushPlanned = false
  private var isTroubleTold = false
  /// Told how the journal's own writing goes.
  var onTrouble: (String?) -> Void = { _ in }

  init(_ store: SimulatedStore, clock: MachineClock, flaws: Flaws) {
    self.store = store
    self.clock = clock
    self.flaws = flaws
  }

  func end() {
    isAlive = false
    noted = []
  }

  /// One transaction: written at once or after a moment, so that a process may end before and after.
  func transact<Value: Sendable>(
    _ write: @escaping (inout StoreMemory) -> Value
  ) async -> Value? {
    guard isAlive else { return nil }
    if store.isRefusing {
      store.trouble()
      return nil
    }
    if store.isHanging {
      store.trouble()
      while store.isHanging, isAlive {
        do { try await clock.sleep(for: .milliseconds(250)) } catch { return nil }
      }
      return isAlive ? write(&store.memory) : nil
    }
    let isEarly = store.chance.happens(0.5)
    let value = isEarly ? write(&store.memory) : nil
    do {
      try await clock.sleep(for: store.chance.duration(.milliseconds(1), .milliseconds(5)))
    } catch {
      return isEarly && isAlive ? value : nil
    }
    guard isAlive else { return nil }
    return value ?? write(&store.memory)
  }

  private func write(_ record: JournalRecord, to memory: inout StoreMemory) {
    guard let record = flaws.record(record) else { return }
    memory.write(record)
    store.note(.committed(record))
  }

  private func planFlush(after delay: Duration = StoreLine.gathering) {
    guard !isFlushPlanned else { return }
    isFlushPlanned = true
    store.time.add("journal writes behind", at: store.time.now + delay) { [weak self] in
      self?.flush()
    }
  }

  private func flush() {
    isFlushPlanned = false
    guard isAlive, !noted.isEmpty || isTroubleTold else { return }
    guard !store.isRefusing, !store.isHanging else {
      store.trouble()
      if store.isRefusing, !isTroubleTold {
        isTroubleTold = true
        onTrouble("disk full")
      }
      return planFlush(after: .seconds(1))
    }
    for record in noted { write(record, to: &store.memory) }
    noted = []
    if isTroubleTold {
      isTroubleTold = false
      onTrouble(nil)
    }
  }

  /// Every five seconds the process says that it lives.
  func live() async {
    while isAlive {
      store.memory.lastAliveAt = clock.now
      do { try await clock.sleep(for: .seconds(5)) } catch { return }
    }
  }

  /// The journal's word on the life before, and how it was found.
  func restoration(allowlist: [Symbol]) -> Restoration {
    Restoration(
      opening: store.isNew ? .new : .sound, isPaperFresh: false, isUnattended: false,
      allowlist: allowlist, clock: clock,
      journal: { [self] (now) async throws(JournalError) in
        guard !store.isUnreadable, isAlive else { throw .unreadable("disk error") }
        return store.memory.restored(at: now)
      },
      files: { [store] in store.files(at: $0) })
  }

  /// Written down at the end of a life that stopped as it should.
  func markCleanStop() {
    guard isAlive, !store.isRefusing, !store.isHanging else { return }
    for record in noted { write(record, to: &store.memory) }
    noted = []
    store.memory.hasStoppedCleanly = true
    store.memory.lastAliveAt = clock.now
  }

  /// The boot stamp is written down before it is used.
  func begin(boot: UInt64) -> Bool {
    guard isAlive, !store.isRefusing else { return false }
    store.open()
    store.memory.lastBoot = boot
    store.memory.hasStoppedCleanly = false
    store.memory.lastAliveAt = clock.now
    return true
  }
}

extension StoreLine: JournalWriter {
  func note(_ record: JournalRecord) {
    guard isAlive else { return }
    if case .intent(let request, let signal, _) = record { store.note(.intent(request, signal)) }
    noted.append(record)
    planFlush()
  }

  func commit(_ records: [JournalRecord]) async throws(JournalError) {
    let behind = noted
    noted = []
    let isDone: Void? = await transact { [self] memory in
      for record in behind + records { write(record, to: &memory) }
    }
    guard isDone != nil else {
      if isAlive {
        noted = behind + noted
        planFlush(after: .seconds(1))
      }
      throw .unwritable("disk full")
    }
  }
}

extension StoreLine: StateFileStore {
  func write(_ file: StateFile) async throws(JournalError) {
    guard isAlive, !store.isRefusing else { throw .unwritable("disk full") }
    switch file {
    case .dayResult, .moment: break
    case .dailyPnL(let day, let locks, _): store.dailyFile = (day.baseline, locks)
    // A hand's flag locks already, and only the hand takes it away.
    case .tradingDisabled(let lock): if store.handFlag == nil { store.dayLockFile = lock }
    case .tradingEnabled: store.dayLockFile = nil
    case .panicLock(let report, let lock):
      store.panicFile = PanicFile(
        reason: lock.reason, startedAt: report.startedAt, isFlat: report.isFlat,
        takesLongterm: lock.takesLongterm && !report.isFlat)
    case .panicUnlocked: store.panicFile = nil
    }
  }

  func readFlag() async -> FlagFile? {
    store.handFlag
      ?? store.dayLockFile.map { FlagFile(reason: $0.reason, time: $0.since, isOurs: true) }
  }

  func readPanicLock() async -> PanicFile? { nil }
}
