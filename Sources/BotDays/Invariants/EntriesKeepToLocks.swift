import TradingModel

/// No entry is meant, and none leaves, while a lock stands; none is meant while the account is
/// unknown; none leaves long after it was judged.
struct EntriesKeepToLocks: Invariant {
  static let name = "no-entry-past-lock"
  static let sentence =
    "No entry is sent while a lock stands that is written down, while the flag file lies there, or "
    + "while the account is unknown; nor later than five seconds after it was judged."

  /// How long the flag file may lie there unseen.
  private static let flagSeen = Duration.seconds(5)
  /// The desk keeps one for three seconds.
  private static let longestWait = Duration.seconds(5)
  private static let remembered = 64
  private let accountMaxAge: Duration
  /// Entries that were meant last, when, and by how much the bot's clock was off then.
  private var meant: [(id: ClientOrderID, at: Timestamp, offset: Duration)] = []

  init(_ plan: DayPlan) { accountMaxAge = plan.engine.risk.accountMaxAge }

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    switch happening {
    case .killed: meant = []
    case .intent(let order, _) where !order.reduceOnly:
      meant = meant.suffix(Self.remembered - 1) + [(order.id, day.now, day.clock.offset)]
      return judge(order, in: day) ?? judgeAccount(order, in: day)
    case .leaves(let order) where !order.reduceOnly:
      return judge(order, in: day) ?? judgeAge(order, in: day)
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
    return nil
  }

  private func judgeAccount(_ order: OrderRequest, in day: BotDay) -> String? {
    let heard = day.accountHeardAt ?? day.plan.start
    guard day.now - heard > accountMaxAge + .seconds(1) else { return nil }
    return "\(order.words) is sent though the account was heard of last at \(heard.clockText)"
  }

  private func judgeAge(_ order: OrderRequest, in day: BotDay) -> String? {
    guard let last = meant.last(where: { $0.id == order.id }), last.offset == day.clock.offset,
      day.now - last.at > Self.longestWait
    else { return nil }
    return "\(order.words) leaves \((day.now - last.at).wholeSeconds) s after it was judged"
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
}
