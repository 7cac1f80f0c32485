import ChatOps
import TradingModel

/// Judges from the main process how its guard stands, and when that must be told. All times are
/// since the machine was started.
struct GuardAbsence: Sendable {
  static let staleAfter = Duration.seconds(30)

  /// How long it may be away before that is told.
  private let patience: Duration
  private(set) var sight = GuardSight.absent(.zero)
  private var judge = HeartbeatJudge(limit: staleAfter)
  private var readyAt: Duration
  /// Since when it was away, once that is told.
  private var toldSince: Duration?

  init(since now: Duration, patience: Duration) {
    readyAt = now
    self.patience = patience
  }

  /// - Parameters:
  ///   - isThere: Its process holds its lock.
  ///   - mark: Its heartbeat.
  /// - Returns: What is to be told.
  mutating func look(isThere: Bool, mark: Heartbeat.Mark?, at now: Duration) -> Alert.News? {
    let verdict = judge.look(mark, at: now)
    if isThere, case .hangs(let silence) = verdict {
      sight = .stale(silence)
    } else {
      sight = isThere ? .ready : .absent(now - readyAt)
    }
    guard sight == .ready else {
      guard toldSince == nil, now - readyAt >= patience else { return nil }
      toldSince = readyAt
      return .guardAbsent(for: now - readyAt)
    }
    readyAt = now
    guard let since = toldSince else { return nil }
    toldSince = nil
    return .guardReady(after: now - since)
  }
}
