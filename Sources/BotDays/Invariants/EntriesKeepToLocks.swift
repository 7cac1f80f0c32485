import TradingModel

/// No entry is meant while a lock stands, nor while the account is unknown; none arrives long after.
struct EntriesKeepToLocks: Invariant {
  static let name = "no-entry-past-lock"
  static let sentence =
    "No entry is sent while a lock stands that is written down, while the flag file lies there, or "
    + "while the account is unknown."

  /// The desk has so long for an order, and a request may be on its way that long after.
  private static let underWay = Duration.seconds(45)
  /// How long the flag file may lie there unseen.
  private static let flagSeen = Duration.seconds(5)
  private let accountMaxAge: Duration
  private var lockedSince: [Lock.Kind: Timestamp] = [:]

  init(_ plan: DayPlan) { accountMaxAge = plan.engine.risk.accountMaxAge }

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    switch happening {
    case .committed(.lock(let lock)):
      lockedSince[lock.kind] = lockedSince[lock.kind] ?? day.now
    case .committed(.unlock(let kind)): lockedSince[kind] = nil
    case .killed(losingJournal: true): lockedSince = [:]
    case .intent(let order, _) where !order.reduceOnly: return judge(order, in: day)
    case .order(let order, nil) where !order.reduceOnly: return judgeArrival(order, in: day)
    default: break
    }
    return nil
  }

  private func judge(_ order: OrderRequest, in day: BotDay) -> String? {
    if let lock = standing(in: day) {
      return "\(order.words) is sent though \(lock.kind) stands since \(lock.since.clockText)"
    }
    if let flag = day.store.handFlag, day.clock.now - flag.time > Self.flagSeen, isSound(day) {
      return "\(order.words) is sent though the flag file lies there"
    }
    let heard = day.accountHeardAt ?? day.plan.start
    guard day.now - heard <= accountMaxAge + .seconds(1) else {
      return "\(order.words) is sent though the account was heard of last at \(heard.clockText)"
    }
    return nil
  }

  /// A lock in the store that is in the way; one that ended by itself may still be written there.
  private func standing(in day: BotDay) -> Lock? {
    guard isSound(day) else { return nil }
    return day.store.locks.first { lock in
      if case .paused(let engine?) = lock.kind, engine != .liquidation { return false }
      return lock.until.map { $0 > day.clock.now } ?? true
    }
  }

  /// What is written down is what holds.
  private func isSound(_ day: BotDay) -> Bool {
    !day.store.isRefusing && !day.store.isHanging
      && day.now - day.store.troubledAt > .seconds(30)
  }

  private func judgeArrival(_ order: OrderRequest, in day: BotDay) -> String? {
    for kind in [Lock.Kind.panic, .day, .halted] {
      guard let since = lockedSince[kind], day.now - since > Self.underWay else { continue }
      guard day.store.lock(kind)?.until.map({ $0 > day.clock.now }) ?? true, isSound(day) else {
        continue
      }
      return "\(order.words) arrives though \(kind) stands since \(since.clockText)"
    }
    return nil
  }
}
