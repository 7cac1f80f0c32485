import Chat
import TradingModel

/// Lets messages leave in the order of their lanes and at the pace that Telegram takes them. One
/// message of a chat is under way at a time, so that they arrive in order.
actor SendQueue {
  /// No more than this many wait, so that the queue stays bounded.
  static let limit = 1000

  private struct Waiter {
    let number: UInt64
    let lane: ChatLane
    let chat: ChatID
    let edit: EditTicket?
    let turn: CheckedContinuation<Turn, Never>
  }

  enum Turn: Sendable {
    case go
    /// A newer edit of the same message stands for this one.
    case superseded
    /// Too many wait already that matter as much.
    case full
    case cancelled
  }

  private let pace: SendPace
  private let clock: any WallClock
  /// By lane, then in the order in which they came.
  private var waiters: [Waiter] = []
  private var nextNumber: UInt64 = 0
  private var edits = EditTickets()
  private var busy: Set<ChatID> = []
  private var buckets: [ChatID: TokenBucket] = [:]
  private var overall: TokenBucket
  /// Chats that were told to wait, until when.
  private var parked: [ChatID: Timestamp] = [:]
  private var alarm: Task<Void, Never>?

  init(pace: SendPace, clock: any WallClock) {
    self.pace = pace
    self.clock = clock
    overall = TokenBucket(
      capacity: pace.burstOverall, interval: pace.overall, at: clock.now)
  }

  /// How many wait.
  var count: Int { waiters.count }

  /// Announces an edit. Older ones of the same message that still wait are not worth sending any
  /// more. Followed by `endEdit`.
  func beginEdit(of message: MessageRef) -> EditTicket {
    if let index = waiters.firstIndex(where: { $0.edit?.message == message }) {
      waiters.remove(at: index).turn.resume(returning: .superseded)
    }
    return edits.begin(message)
  }

  func endEdit(_ ticket: EditTicket) { edits.end(ticket) }

  /// Waits for the turn of a message. Every `.go` is followed by `done(with:)`.
  func turn(lane: ChatLane, chat: ChatID, edit: EditTicket? = nil) async -> Turn {
    if let edit, !edits.isNewest(edit) { return .superseded }
    nextNumber += 1
    let number = nextNumber
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        guard makeRoom(for: lane) else { return continuation.resume(returning: .full) }
        let waiter = Waiter(
          number: number, lane: lane, chat: chat, edit: edit, turn: continuation)
        waiters.insert(waiter, at: waiters.firstIndex { $0.lane > lane } ?? waiters.endIndex)
        pump()
      }
    } onCancel: {
      // Reaches the actor after the waiter: nothing is awaited between the handler and its place.
      Task { await self.cancel(number) }
    }
  }

  func done(with chat: ChatID) {
    busy.remove(chat)
    pump()
  }

  /// The chat takes nothing before that many seconds have passed, and a tenth more.
  func park(_ chat: ChatID, seconds: Int) {
    parked[chat] = clock.now + .milliseconds(Int64(seconds) * 1100)
  }

  /// A full queue gives up the last of those that matter less.
  private func makeRoom(for lane: ChatLane) -> Bool {
    guard waiters.count >= Self.limit else { return true }
    guard let last = waiters.last, last.lane > lane else { return false }
    waiters.removeLast().turn.resume(returning: .full)
    return true
  }

  private func cancel(_ number: UInt64) {
    guard let index = waiters.firstIndex(where: { $0.number == number }) else { return }
    waiters.remove(at: index).turn.resume(returning: .cancelled)
  }

  /// Gives a turn to everyone who may go, and sets the alarm for the next who may.
  private func pump() {
    let now = clock.now
    var earliest: Timestamp?
    var index = 0
    while index < waiters.count {
      let waiter = waiters[index]
      if busy.contains(waiter.chat) {
        index += 1
        continue
      }
      if let wait = waitingTime(of: waiter, at: now) {
        earliest = min(earliest ?? wait, wait)
        index += 1
        continue
      }
      overall.take()
      buckets[waiter.chat]?.take()
      busy.insert(waiter.chat)
      waiters.remove(at: index).turn.resume(returning: .go)
    }
    forgetIdle(at: now)
    setAlarm(for: earliest)
  }

  private func waitingTime(of waiter: Waiter, at now: Timestamp) -> Timestamp? {
    if let until = parked[waiter.chat], until > now { return until }
    let inChat = buckets[waiter.chat, default: bucket(for: waiter.chat, at: now)].wait(at: now)
    let all = overall.wait(at: now)
    return [inChat, all].compactMap { $0 }.max()
  }

  private func bucket(for chat: ChatID, at now: Timestamp) -> TokenBucket {
    let isGroup = chat.number < 0
    return TokenBucket(
      capacity: isGroup ? pace.burstPerGroup : pace.burstPerChat,
      interval: isGroup ? pace.perGroup : pace.perChat, at: now)
  }

  private func forgetIdle(at now: Timestamp) {
    for (chat, until) in parked where until <= now { parked[chat] = nil }
    guard buckets.count > 100 else { return }
    for chat in Array(buckets.keys) where !busy.contains(chat) {
      if buckets[chat]?.isFull(at: now) == true { buckets[chat] = nil }
    }
  }

  private func setAlarm(for time: Timestamp?) {
    alarm?.cancel()
    guard let time else { return }
    // Owned by this actor and replaced with each pump: it only wakes the pump once more.
    alarm = Task { [clock] in
      do { try await clock.sleep(until: time) } catch { return }
      self.pump()
    }
  }
}
