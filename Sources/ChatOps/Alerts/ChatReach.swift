import Chat
import TradingModel

/// Which chats can be written to now: parked, told to wait, or failing and tried less and less often.
struct ChatReach {
  enum Verdict: Sendable, Hashable {
    case open
    /// Until the person lets the bot in again.
    case parked
    case wait(until: Timestamp)
  }

  static let longestPause: Duration = .seconds(30)
  static let limit = 256

  private struct State {
    var isParked = false
    var waitUntil: Timestamp?
    var failures = 0
    var expired = 0
    var movedTo: ChatID?
  }

  private var states: [ChatID: State] = [:]

  func verdict(for chat: ChatID, at now: Timestamp) -> Verdict {
    guard let state = states[chat] else { return .open }
    if state.isParked { return .parked }
    if let until = state.waitUntil, now < until { return .wait(until: until) }
    return .open
  }

  func waiting(for chat: ChatID, at now: Timestamp) -> Timestamp? {
    if case .wait(let until) = verdict(for: chat, at: now) { until } else { nil }
  }

  /// Where a chat is reached now.
  func present(_ chat: ChatID) -> ChatID { states[chat]?.movedTo ?? chat }

  /// - Returns: Whether that changed anything.
  mutating func park(_ chat: ChatID, isParked: Bool) -> Bool {
    let wasParked = states[chat]?.isParked ?? false
    change(chat) { $0.isParked = isParked }
    return wasParked != isParked
  }

  mutating func wait(in chat: ChatID, until time: Timestamp) {
    change(chat) { $0.waitUntil = time }
  }

  /// One second, doubled with every failure in a row.
  mutating func failed(in chat: ChatID, at now: Timestamp) {
    change(chat) { state in
      let pause = min(.seconds(1 << min(state.failures, 5)), Self.longestPause)
      state.failures += 1
      state.waitUntil = now + pause
    }
  }

  mutating func succeeded(in chat: ChatID) {
    change(chat) { state in
      state.failures = 0
      state.waitUntil = nil
      state.isParked = false
    }
  }

  mutating func move(_ chat: ChatID, to new: ChatID) { change(chat) { $0.movedTo = new } }

  mutating func countExpired(in chat: ChatID, _ count: Int = 1) {
    change(chat) { $0.expired += count }
  }

  /// Counts of chats that can be told, in order.
  mutating func takeExpired() -> [(chat: ChatID, count: Int)] {
    let told = states.filter { $0.value.expired > 0 && !$0.value.isParked }
      .sorted { $0.key < $1.key }
    for (chat, _) in told { states[chat]?.expired = 0 }
    return told.map { ($0.key, $0.value.expired) }
  }

  private mutating func change(_ chat: ChatID, _ body: (inout State) -> Void) {
    guard states[chat] != nil || states.count < Self.limit else { return }
    body(&states[chat, default: State()])
  }
}
