import TradingModel

/// What the bot shows beside what the venue holds, once nothing has disturbed it for a while.
struct BooksAgree: Invariant {
  static let name = "books-agree"
  static let sentence =
    "Positions as the bot shows and remembers them are the positions of the venue, once it is quiet."

  private let longterm: Symbol?
  /// When the bot's books, and those in the journal, were last seen to be the venue's.
  private var agreedAt: Timestamp?
  /// The life under way began with a journal that could be read, and has not compared its books yet.
  private var isComparing = false

  init(_ plan: DayPlan) { longterm = plan.longterm }

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    switch happening {
    case .started: isComparing = !day.store.isUnreadable
    case .killed(losingJournal: true): agreedAt = nil
    case .alert(let alert):
      if case .started = alert.news { isComparing = false }
      guard case .reconciled(let lines) = alert.news, isComparing else { return nil }
      isComparing = false
      guard let agreedAt, agreedAt > day.ledger.lastFillAt else { return nil }
      return "nothing has changed since \(agreedAt.clockText), and a restart tells \(lines)"
    default: break
    }
    return nil
  }

  mutating func rest(in day: BotDay) -> String? {
    agreedAt = nil
    return difference(in: day)
  }

  private mutating func difference(in day: BotDay) -> String? {
    // A position that has just changed is still on its way.
    guard let snapshot = day.snapshot, day.now - day.ledger.lastFillAt > .seconds(60),
      day.now - day.lifeStartedAt > .minutes(2)
    else { return nil }
    let theirs = day.venue.positions.map(words)
    let ours = snapshot.positions.map(\.position).sorted { $0.key < $1.key }.map(words)
    guard ours == theirs else { return "the bot shows \(ours), the venue holds \(theirs)" }
    guard day.now - day.store.troubledAt > .minutes(2) else { return nil }
    let remembered = day.store.trips
      .filter { $0.closedAt == nil && $0.key.symbol != longterm }
      .map { "\($0.key) \($0.side.rawValue)" }.sorted()
    let held = day.venue.positions.filter { $0.symbol != longterm }
      .map { "\($0.key) \($0.side.rawValue)" }.sorted()
    guard remembered == held else {
      return "open round trips in the journal: \(remembered), the venue holds \(held)"
    }
    agreedAt = day.now
    return nil
  }

  private func words(_ position: Position) -> String {
    "\(position.key) \(position.side.rawValue) \(position.quantity)"
  }
}
