import Dispatch
import TradingModel

/// Writes what other programs read, one file after the other, and tells the bot's own flag from one
/// that was put there by hand.
public final class StateFiles: StateFileStore {
  private let daily: AtomicFile
  private let log: AppendedFile
  private let snapshots: String
  private let flag: AtomicFile
  private let panic: AtomicFile
  private let clock: any WallClock
  private let writer: String
  /// The disk may take its time; nobody else's thread waits for it.
  private let queue = DispatchQueue(label: "state-files")

  /// - Parameter writer: Which program writes, as it stands in `panic.lock`: one that another program
  ///   put there is told by `readPanicLock`.
  public init(
    _ paths: StateFilePaths, clock: any WallClock, writer: String = StateFiles.runningProgram
  ) {
    self.writer = writer
    daily = AtomicFile(path: paths.dailyPnL)
    log = AppendedFile(path: paths.pnlLog)
    snapshots = paths.snapshots
    flag = AtomicFile(path: paths.tradingDisabledFlag)
    panic = AtomicFile(path: paths.panicLock)
    self.clock = clock
  }

  /// The program that trades.
  public static let runningProgram = FlagContent.ourName

  public func write(_ file: StateFile) async throws(JournalError) {
    let result: Result<Void, JournalError> = await onQueue { files in
      Result { () throws(JournalError) in try files.carryOut(file) }
    }
    try result.get()
  }

  public func readFlag() async -> FlagFile? {
    await onQueue { files in
      guard let (data, modifiedAt) = files.flag.content() else { return nil }
      let content = FlagContent(data)
      return FlagFile(reason: content.reason, time: modifiedAt, isOurs: content.isOurs)
    }
  }

  public func readPanicLock() async -> PanicFile? {
    await onQueue { files in
      guard let (data, modifiedAt) = files.panic.content() else { return nil }
      let content = PanicContent(data, modifiedAt: modifiedAt)
      return content.writer == files.writer ? nil : content.file
    }
  }

  /// `panic.lock` as it lies there, whoever wrote it; nil when there is none.
  public func panicLockText() async -> String? {
    await onQueue { $0.panic.content().map { String(decoding: $0.data, as: UTF8.self) } }
  }

  /// What the files tell that the bot wrote itself: they outlive a journal that was lost.
  public func memory(at now: Timestamp) async -> StateFileMemory {
    await onQueue { files in
      let day = files.daily.content().map { DayContent($0.data) }
      let dayLock = files.flag.content().flatMap {
        FlagContent($0.data).dayLock(modifiedAt: $0.modifiedAt, at: now)
      }
      func lasts(_ lock: Lock) -> Bool { lock.until.map { now < $0 } ?? true }
      return StateFileMemory(
        dayLock: dayLock,
        panicFile: files.panic.content().map {
          PanicContent($0.data, modifiedAt: $0.modifiedAt).file
        },
        baseline: day?.baseline.flatMap { $0.day == now.day ? $0 : nil },
        locks: day?.locks.filter(lasts) ?? [])
    }
  }

  private func carryOut(_ file: StateFile) throws(JournalError) {
    switch file {
    case .dailyPnL(let day, let locks, let lock):
      try endDay(before: day.baseline.day)
      let content = JSONTree.dailyPnL(day, locks: locks, stoppedBy: lock, at: clock.now)
      try daily.replace(with: content.document)
    case .dayResult(let result): try append(result)
    case .moment(let moment):
      try AppendedFile(path: "\(snapshots)/\(moment.time.day).jsonl")
        .append(JSONTree.moment(moment).line)
    case .tradingDisabled(let lock):
      // A hand's flag locks already, and only the hand takes it away.
      guard !isFlagByHand else { return }
      try flag.replace(with: JSONTree.tradingDisabled(lock).document)
    case .tradingEnabled:
      try strike(.day)
      guard !isFlagByHand else { return }
      try flag.remove()
    case .panicLock(let report, let lock):
      let content = JSONTree.panicLock(report, lock, writtenBy: writer, at: clock.now)
      try panic.replace(with: content.document)
    case .panicUnlocked:
      try strike(.panic)
      try panic.remove()
    }
  }

  /// Takes a lock that was lifted off the day's figures: they may be the only memory of the next start.
  private func strike(_ kind: Lock.Kind) throws(JournalError) {
    guard let data = daily.content()?.data else { return }
    let locks = DayContent(data).locks
    guard locks.contains(where: { $0.kind == kind }) else { return }
    var edited = MemberEditing(String(decoding: data, as: UTF8.self))
    edited.replace("locks", with: JSONTree.locks(locks.filter { $0.kind != kind }).line)
    if kind == .day {
      edited.replace("stopped", with: "false")
      for member in ["stop_reason", "stop_ts"] { edited.replace(member, with: "null") }
    }
    try daily.replace(with: edited.text)
  }

  /// The first figures of a day find the last ones of the day before, whether the bot ran on over
  /// midnight or was away: they are its row.
  private func endDay(before day: UTCDay) throws(JournalError) {
    guard let last = daily.content().flatMap({ DayContent($0.data).result }), last.day < day else {
      return
    }
    try append(last)
  }

  private func append(_ result: DayResult) throws(JournalError) {
    try log.append(
      "\(result.day),\(result.result.percentText(decimals: 4)),\(result.amount),\(result.trades)",
      header: "date,daily_profit_pct,daily_profit_usd,num_trades", unless: "\(result.day),")
  }

  private var isFlagByHand: Bool { flag.content().map { !FlagContent($0.data).isOurs } ?? false }

  private func onQueue<Value: Sendable>(
    _ work: @escaping @Sendable (StateFiles) -> Value
  ) async -> Value {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: work(self)) }
    }
  }
}
