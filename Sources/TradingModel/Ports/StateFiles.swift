/// Keeps the files that other programs read, and sees the flag that a hand puts there.
public protocol StateFileStore: Sendable {
  /// Writes or removes a file, whole or not at all.
  func write(_ file: StateFile) async throws(JournalError)

  /// The trading flag as it lies there; nil when there is none. A file that can't be read counts as
  /// put there by hand.
  func readFlag() async -> FlagFile?

  /// `panic.lock` as another program put it there: `quarterdeck panic`, the guard, an older bot. Nil
  /// when there is none or this program wrote it.
  func readPanicLock() async -> PanicFile?
}

/// `panic.lock`, as far as a program that did not write it must know.
public struct PanicFile: Sendable, Hashable {
  /// Who and why, in words; empty when the file does not say.
  public var reason: String
  /// When the panic began: the same file, written again as it goes on, keeps it.
  public var startedAt: Timestamp
  /// The account was read back flat. A file that does not say so leaves it open: false.
  public var isFlat: Bool
  /// One of our programs wrote it, so that what it says of being flat is believed.
  public var isOurs: Bool
  /// Long-term symbols are still to be closed, too.
  public var takesLongterm: Bool

  public init(
    reason: String, startedAt: Timestamp, isFlat: Bool, isOurs: Bool = true,
    takesLongterm: Bool = false
  ) {
    self.reason = reason
    self.startedAt = startedAt
    self.isFlat = isFlat
    self.isOurs = isOurs
    self.takesLongterm = takesLongterm
  }

  /// The lock that it stands for. A stranger's word on what is open starts nothing.
  public func lock(reason: String, since: Timestamp) -> Lock {
    let isDone = isFlat || !isOurs
    return Lock(
      kind: .panic, reason: reason, since: since, isFlat: isDone,
      takesLongterm: takesLongterm && !isDone)
  }

  /// It tells of a panic that `lock` knows nothing of, and that left something open.
  public func reopens(_ lock: Lock) -> Bool {
    isOurs && !isFlat && startedAt > lock.since && (lock.isFlat || takesLongterm)
  }
}

/// `trading_disabled.flag` as it lies there.
public struct FlagFile: Sendable, Hashable {
  /// Why, as the file says; empty when it does not.
  public var reason: String
  /// When it was put there.
  public var time: Timestamp
  /// The bot wrote it: a day lock stands.
  public var isOurs: Bool

  public init(reason: String, time: Timestamp, isOurs: Bool = false) {
    self.reason = reason
    self.time = time
    self.isOurs = isOurs
  }
}

/// What the bot's own files tell at a start: for what the journal has lost.
public struct StateFileMemory: Sendable, Hashable {
  /// The day lock of `trading_disabled.flag`, while it lasts.
  public var dayLock: Lock?
  /// The panic lock file that lies there.
  public var panicFile: PanicFile?
  /// The baseline of this UTC day in `daily_pnl.json`, with the limits that have fired.
  public var baseline: DayBaseline?
  /// The locks that `daily_pnl.json` lists and that have not ended; a few seconds old.
  public var locks: [Lock]

  public var hasPanicLock: Bool { panicFile != nil }

  public init(
    dayLock: Lock? = nil, panicFile: PanicFile? = nil, baseline: DayBaseline? = nil,
    locks: [Lock] = []
  ) {
    self.dayLock = dayLock
    self.panicFile = panicFile
    self.baseline = baseline
    self.locks = locks
  }
}
