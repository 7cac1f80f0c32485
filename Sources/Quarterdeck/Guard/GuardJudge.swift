import TradingModel

/// Decides when the guard takes the chat. All times are since the machine was started.
struct GuardJudge: Sendable {
  enum Verdict: Hashable, Sendable {
    case wait
    /// The main process hangs: it is to be ended, if it is the one that holds the folder.
    case end(process: Int32, silentFor: Duration)
    /// Nobody holds the folder.
    case take(MainEnding)
  }

  /// What the guard sees in the state folder.
  struct Sight: Sendable {
    /// Who is written down; nil while no main process ever was there.
    var holder: StateFolder.Holder?
    var isHeld: Bool
    /// A main process waits for the folder.
    var isWanted: Bool
    /// The main process's heartbeat.
    var mark: Heartbeat.Mark?
  }

  /// How long one that was stopped as asked, or was never seen, may take to start.
  static let grace = Duration.seconds(15)

  /// The main process as it was last seen alive.
  private(set) var seen: StateFolder.Holder?
  private var heart: HeartbeatJudge
  private var hung: (process: Int32, silence: Duration)?
  private var freeSince: Duration?

  /// - Parameter hangLimit: How long its heartbeat may stand still.
  init(hangLimit: Duration) { heart = HeartbeatJudge(limit: hangLimit) }

  mutating func look(_ sight: Sight, at now: Duration) -> Verdict {
    guard let holder = sight.holder else { return .wait }
    guard !sight.isHeld else {
      freeSince = nil
      return holder.isStandIn ? .wait : judge(holder, sight.mark, at: now)
    }
    let since = freeSince ?? now
    freeSince = since
    guard !sight.isWanted else { return .wait }
    let isOver = now - since >= Self.grace
    if let hung, hung.process == holder.process { return .take(.hung(silentFor: hung.silence)) }
    if holder.hasStopped == true { return isOver ? .take(.stopped) : .wait }
    if seen?.process == holder.process { return .take(.died) }
    return isOver ? .take(.notStarted) : .wait
  }

  private mutating func judge(
    _ holder: StateFolder.Holder, _ mark: Heartbeat.Mark?, at now: Duration
  ) -> Verdict {
    if seen != holder {
      seen = holder
      hung = nil
    }
    guard case .hangs(let silence) = heart.look(mark, since: holder.bootNanoseconds ?? 0, at: now)
    else { return .wait }
    hung = (holder.process, silence)
    return .end(process: holder.process, silentFor: silence)
  }
}
