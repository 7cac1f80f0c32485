import TradingModel

/// What is written down is what the next life begins with, and what the present one goes by.
struct MemorySurvives: Invariant {
  static let name = "memory-survives"
  static let sentence =
    "Baseline and locks survive a restart, and what the bot goes by is what is written down."

  /// A lock is lifted a moment before that is written: only what is seen twice is told.
  private var suspicion: String?

  init(_ plan: DayPlan) {}

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    guard case .started(let state) = happening else { return nil }
    let now = day.clock.now
    // A journal that can't be read is known by the files alone.
    guard !day.store.isUnreadable else { return nil }
    if let kept = day.store.baseline(of: now.day) {
      guard let baseline = state.baseline, baseline.equity == kept.equity,
        baseline.hasStopped || !kept.hasStopped
      else {
        return "started with the baseline \(words(state.baseline)), written is \(words(kept))"
      }
    }
    for lock in day.store.locks where lock.until.map({ $0 > now }) ?? true {
      guard state.locks.contains(lock) else { return "started without the lock \(lock.kind)" }
    }
    return nil
  }

  mutating func rest(in day: BotDay) -> String? {
    let facts = difference(in: day)
    defer { suspicion = facts }
    return facts == suspicion ? facts : nil
  }

  private func difference(in day: BotDay) -> String? {
    guard let snapshot = day.snapshot, day.now - day.lifeStartedAt > .minutes(2) else { return nil }
    let held = snapshot.locks.map(\.kind).sorted()
    let written = day.store.locks.map(\.kind).sorted()
    guard held == written else {
      return "the bot goes by the locks \(held), written are \(written)"
    }
    guard let baseline = snapshot.day?.baseline else { return nil }
    let kept = day.store.baseline(of: baseline.day)
    guard baseline == kept else {
      return "the bot goes by the baseline \(words(baseline)), written down is \(words(kept))"
    }
    return nil
  }

  private func words(_ baseline: DayBaseline?) -> String {
    baseline.map { "\($0.equity) of \($0.day), stopped \($0.hasStopped)" } ?? "none"
  }
}
