import Chat

/// The newest updates, so that one told twice is taken once; bounded.
struct RecentUpdates {
  private let limit: Int
  private var known: Set<ChatUpdate> = []
  private var order: [ChatUpdate] = []

  init(limit: Int) { self.limit = limit }

  var isEmpty: Bool { known.isEmpty }

  /// False when it was there already.
  mutating func insert(_ update: ChatUpdate) -> Bool {
    guard known.insert(update).inserted else { return false }
    order.append(update)
    if order.count > limit {
      for old in order.prefix(limit / 2) { known.remove(old) }
      order.removeFirst(limit / 2)
    }
    return true
  }
}
