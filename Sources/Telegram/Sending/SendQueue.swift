import Chat
import TradingModel

/// Lets messages leave in the order of their lanes and at the pace that Telegram takes them. One
/// message of a chat is under way at a time, so that they arrive in order.
actor SendQueue {
  /// More than this many wait: news is refused, so that the queue stays bounded.
  static let limit = 1000

  private struct Waiter {
    let number: UInt64
    let lane: ChatLane
    let chat: ChatID
    /// Set for edits: a newer edit of the same message takes its place.
    let message: MessageRef?
    let turn: CheckedContinuation<Turn, Never>
  }

  enum Turn: Sendable {
    case go
    /// A newer edit of the same message stands for this one.
    case superseded
    case full
    case cancelled
  }

  private let pace: SendPace
  private let clock: any WallClock
  private var waiters: [Waiter] = []
  private var cancelled: Set<UInt64> = []
  private var nextNumber: UInt64 = 0
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

  /// Waits for the turn of a message. Every `.go` is followed by `done(with:)`.
  func turn(lane: ChatLane, chat: ChatID, editing message: MessageRef? = nil) async -> Turn {
    nextNumber += 1
    let number = nextNumber
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if cancelled.remove(number) != nil { return continuation.resume(returning: .cancelled) }
        if let message { supersede(message) }
        if waiters.count >= Self.limit, lane >= .edit {
          return continuation.resume(returning: .full)
        }
        let waiter = Waiter(
          number: number, lane: lane, chat: chat, message: message, turn: continuation)
        let place = waiters.firstIndex { $0.lane > lane } ?? waiters.endIndex
        waiters.insert(waiter, at: place)
        pump()
      }
    } onCancel: {
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

  private func supersede(_ message: MessageRef) {
    guard let index = waiters.firstIndex(where: { $0.message == message }) else { return }
    waiters.remove(at: index).turn.resume(returning: .superseded)
  }

  private func cancel(_ number: UInt64) {
    if let index = waiters.firstIndex(where: { $0.number == number }) {
      waiters.remove(at: index).turn.resume(returning: .cancelled)
    } else if number > nextNumber - 1 {
      cancelled.insert(number)
    }
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
    if let until = parked[waiter.chat] {
      if until > now { return until }
      parked[waiter.chat] = nil
    }
    // Answers to taps are no messages: only the overall pace holds for them.
    let inChat =
      waiter.lane == .tapAnswer
      ? nil : buckets[waiter.chat, default: bucket(for: waiter.chat, at: now)].wait(at: now)
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
