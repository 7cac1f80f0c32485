import Chat
import TradingModel

/// Messages that must arrive: each is delivered once, or given up with a reason.
struct AlertsArriveOnce: Invariant {
  static let name = "alerts-arrive-once"
  static let sentence =
    "What goes into the outbox is delivered once or given up with a reason, and leaves it within "
    + "minutes while the chat works; the gravest alerts always go into it."

  private static let patience = Duration.minutes(5)
  private var waiting: [Int64: (since: Timestamp, chat: ChatID)] = [:]
  private var ended: Set<Int64> = []
  /// The gravest alert that is not in the outbox yet.
  private var graveSince: (at: Timestamp, words: String)?

  init(_ plan: DayPlan) {}

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    switch happening {
    case .killed(let isLost):
      graveSince = nil
      if isLost {
        waiting = [:]
        ended = []
      }
    case .alert(let alert):
      guard alert.severity == .p0, isAlwaysTold(alert.news) else { return nil }
      graveSince = (day.now, "\(alert.news)")
    case .outbox(let entry, .written):
      graveSince = nil
      waiting[entry.id] = (day.now, entry.address.chat)
    case .outbox(let entry, .delivered):
      guard ended.insert(entry.id).inserted else {
        return "message \(entry.id) of \(entry.key) is delivered twice"
      }
      waiting[entry.id] = nil
    case .outbox(let entry, .dropped):
      waiting[entry.id] = nil
    default: break
    }
    return nil
  }

  /// Nothing keeps these back: neither another alert nor the message of a command.
  private func isAlwaysTold(_ news: Alert.News) -> Bool {
    switch news {
    case .positionLiquidated, .dayStop: true
    default: false
    }
  }

  mutating func rest(in day: BotDay) -> String? {
    if let grave = graveSince, day.now - grave.at > .seconds(60) {
      return "never written into the outbox: \(grave.words)"
    }
    guard !day.phone.isDown, day.now - day.phone.troubledAt > .seconds(60) else { return nil }
    for id in waiting.keys.sorted() {
      guard let entry = waiting[id], day.now - entry.since > Self.patience,
        day.now - day.lifeStartedAt > Self.patience, !day.phone.blocked.contains(entry.chat)
      else { continue }
      return "message \(id) waits in the outbox since \(entry.since.clockText)"
    }
    return nil
  }
}
