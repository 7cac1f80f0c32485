/// Files that other programs read (spec: risk, day limits and panic).
public enum StateFile: Sendable, Hashable {
  case dailyPnL(DayView, locks: [Lock], stoppedBy: Lock?)
  case tradingDisabled(Lock)
  case tradingEnabled
  case panicLock(FlattenReport, reason: String)
  case panicUnlocked
}
