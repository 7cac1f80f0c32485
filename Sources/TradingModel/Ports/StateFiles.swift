/// Keeps the files that other programs read, and sees the flag that a hand puts there.
public protocol StateFileStore: Sendable {
  /// Writes or removes a file, whole or not at all.
  func write(_ file: StateFile) async throws(JournalError)

  /// The trading flag that was put there by hand; nil when there is none or the bot wrote it.
  /// A file that is there but can't be read counts as put there by hand.
  func readFlag() async -> FlagFile?
}

/// `trading_disabled.flag` as a hand put it there.
public struct FlagFile: Sendable, Hashable {
  /// Why, as the file says; empty when it does not.
  public var reason: String
  /// When it was put there.
  public var time: Timestamp

  public init(reason: String, time: Timestamp) {
    self.reason = reason
    self.time = time
  }
}

/// What the bot's own files tell at a start: for what the journal has lost.
public struct StateFileMemory: Sendable, Hashable {
  /// The day lock of `trading_disabled.flag`, while it lasts.
  public var dayLock: Lock?
  /// A panic lock file lies there.
  public var hasPanicLock: Bool
  /// The baseline of this UTC day in `daily_pnl.json`, with the limits that have fired.
  public var baseline: DayBaseline?
  /// The locks that `daily_pnl.json` lists and that have not ended; a few seconds old.
  public var locks: [Lock]

  public init(
    dayLock: Lock? = nil, hasPanicLock: Bool = false, baseline: DayBaseline? = nil,
    locks: [Lock] = []
  ) {
    self.dayLock = dayLock
    self.hasPanicLock = hasPanicLock
    self.baseline = baseline
    self.locks = locks
  }
}
