import Chat
import TradingModel

/// Owns the way from the outbox to the chat service: by lane and age, each message until it is
/// confirmed. A dead chat or a dead store holds nobody up: producers only append.
public actor OutboxSender {
  static let memoryLimit = 200
  /// Even unwoken it looks again after that long.
  static let idle: Duration = .seconds(30)
  /// Older messages say when they were meant to arrive.
  static let lateAfter: Duration = .seconds(60)

  private let outbox: any Outbox
  private let chat: any ChatPort
  private let clock: any WallClock
  private let words = Words.english
  private let wakes: AsyncStream<Void>
  private let wake: AsyncStream<Void>.Continuation
  private let alarms = Timetable<Void>()

  /// What the store did not take; newest last, with ids below zero.
  private var memory: [OutboxEntry] = []
  private var lastMemoryID: Int64 = 0
  /// Delivered, but the store could not be told.
  private var unconfirmed: [(entry: OutboxEntry, message: MessageRef)] = []
  private var reach = ChatReach()
  /// Grows with every post, so that a pass notices what came meanwhile.
  private var posts = 0
  private var nextAlarm: Timestamp?

  public init(outbox: any Outbox, chat: any ChatPort, clock: any WallClock) {
    self.outbox = outbox
    self.chat = chat
    self.clock = clock
    (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Writes an event and its messages down together, and sends them soon. What the store does not
  /// take is kept in memory, the oldest news given up first.
  func post(_ entries: [OutboxEntry], event: (kind: String, detail: String)) async {
    do {
      _ = try await outbox.append(entries, event: event)
    } catch {
      for entry in entries { keep(entry) }
    }
    posts += 1
    wake.yield()
  }

  /// The person blocked the bot, or let it in again.
  func park(_ chat: ChatID, isParked: Bool) {
    if reach.park(chat, isParked: isParked), !isParked { wake.yield() }
  }

  /// Until cancelled.
  public func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.alarms.run(on: self.clock) { await self.ring() } }
      wake.yield()
      for await _ in wakes {
        let again = await pass()
        setAlarm(min(again ?? .distant, clock.now + Self.idle))
      }
    }
  }

  private func ring() {
    nextAlarm = nil
    wake.yield()
  }

  private func setAlarm(_ time: Timestamp) {
    if let nextAlarm, nextAlarm <= time { return }
    nextAlarm = time
    alarms.add((), at: time)
  }

  // MARK: One pass

  /// Sends what is due.
  /// - Returns: When to try again what could not be sent; nil when nothing is left.
  private func pass() async -> Timestamp? {
    await confirmAgain()
    var again: Timestamp?
    for entry in await due() {
      let now = clock.now
      if let expiry = entry.expiresAt, now.milliseconds > expiry {
        await drop(entry, why: "expired")
        reach.countExpired(in: entry.address.chat)
        continue
      }
      switch reach.verdict(for: entry.address.chat, at: now) {
      case .parked: continue
      case .wait(let until):
        again = min(again ?? until, until)
        continue
      case .open: break
      }
      let seen = posts
      await deliver(entry)
      // Something came meanwhile, perhaps more urgent: begin again.
      if posts != seen { return clock.now }
      if let until = reach.waiting(for: entry.address.chat, at: clock.now) {
        again = min(again ?? until, until)
      }
    }
    await tellExpired()
    return again
  }

  /// By lane and age; of several edits of one message the newest alone.
  private func due() async -> [OutboxEntry] {
    var entries = memory
    do {
      let stored = try await outbox.pending()
      entries += stored.filter { entry in !unconfirmed.contains { $0.entry.id == entry.id } }
    } catch {
      // What the store holds waits until it can be read.
    }
    entries.sort { ($0.lane, $0.createdAt, $0.id) < ($1.lane, $1.createdAt, $1.id) }
    var newest: [MessageRef: Int64] = [:]
    for entry in entries {
      if let place = entry.editing { newest[place] = entry.id }
    }
    var kept: [OutboxEntry] = []
    for entry in entries {
      if let place = entry.editing, newest[place] != entry.id {
        await drop(entry, why: "overtaken by a newer edit")
      } else {
        kept.append(entry)
      }
    }
    return kept
  }

  private func deliver(_ entry: OutboxEntry) async {
    let reply = dressed(entry)
    do throws(ChatError) {
      let message = try await carry(reply, entry)
      reach.succeeded(in: entry.address.chat)
      await confirm(entry, message)
    } catch {
      await handle(error, of: entry)
    }
  }

  private func carry(_ reply: Reply, _ entry: OutboxEntry) async throws(ChatError) -> MessageRef {
    if let place = entry.editing {
      do throws(ChatError) {
        try await chat.edit(place, to: reply, lane: entry.lane)
        return place
      } catch ChatError.gone {
        // Deleted or too old: it is said anew.
      }
    }
    var earlier: MessageRef?
    if entry.editing == nil {
      // What goes on from an earlier message stands under it.
      do { earlier = try await outbox.message(for: entry.key, in: entry.address.chat) } catch {
        earlier = nil
      }
    }
    let address = ChatAddress(
      reach.present(entry.address.chat), topic: entry.address.topic)
    do throws(ChatError) {
      return try await chat.send(reply, to: address, replyingTo: earlier, lane: entry.lane)
    } catch {
      switch error {
      case .migrated(let new):
        reach.move(entry.address.chat, to: new)
        return try await chat.send(
          reply, to: ChatAddress(new), replyingTo: nil, lane: entry.lane)
      case .markup, .tooLong:
        let plain = Reply(
          lines: [String(reply.plainText.prefix(3000))], buttons: reply.buttons,
          isSilent: reply.isSilent)
        return try await chat.send(plain, to: address, replyingTo: nil, lane: entry.lane)
      default: throw error
      }
    }
  }

  private func dressed(_ entry: OutboxEntry) -> Reply {
    var reply = entry.reply
    if entry.mayBeRepeat { reply.blocks.append(.line(Line(words(.mayBeRepeat)))) }
    let created = Timestamp(milliseconds: entry.createdAt)
    if entry.editing == nil, clock.now - created > Self.lateAfter {
      reply.blocks.append(.line(words.line(.late, ["time": .clock(created)])))
    }
    return reply
  }

  private func handle(_ error: ChatError, of entry: OutboxEntry) async {
    let chat = entry.address.chat
    let now = clock.now
    switch error {
    case .flood(let seconds):
      reach.wait(in: chat, until: now + .milliseconds(max(1, seconds) * 1100))
    case .blocked: _ = reach.park(chat, isParked: true)
    case .ambiguous(let why):
      if entry.lane == .urgent {
        await markRepeat(entry)
        reach.failed(in: chat, at: now)
      } else {
        await drop(entry, why: "it may have been delivered: \(why)")
      }
    case .transient, .conflict, .unauthorised: reach.failed(in: chat, at: now)
    case .markup, .tooLong, .rejected, .gone, .migrated: await drop(entry, why: "\(error)")
    }
  }

  // MARK: Store and memory

  private func keep(_ entry: OutboxEntry) {
    lastMemoryID -= 1
    var kept = entry
    kept.id = lastMemoryID
    memory.append(kept)
    guard memory.count > Self.memoryLimit else { return }
    let least = memory.map(\.lane).max()
    if let index = memory.firstIndex(where: { $0.lane == least }) {
      reach.countExpired(in: memory.remove(at: index).address.chat)
    }
  }

  private func confirm(_ entry: OutboxEntry, _ message: MessageRef) async {
    if entry.id < 0 { return memory.removeAll { $0.id == entry.id } }
    do {
      try await outbox.delivered(entry, as: message)
    } catch {
      // It must not be sent again while the store can't be told.
      if unconfirmed.count < 1000 { unconfirmed.append((entry, message)) }
    }
  }

  private func confirmAgain() async {
    let waiting = unconfirmed
    unconfirmed = []
    for (entry, message) in waiting { await confirm(entry, message) }
  }

  private func drop(_ entry: OutboxEntry, why: String) async {
    if entry.id < 0 { return memory.removeAll { $0.id == entry.id } }
    do { try await outbox.drop(entry, why: why) } catch {
      // It is judged again in the next pass.
    }
  }

  private func markRepeat(_ entry: OutboxEntry) async {
    if let index = memory.firstIndex(where: { $0.id == entry.id }) {
      memory[index].mayBeRepeat = true
      return
    }
    do { try await outbox.markRepeat(entry) } catch {
      // Then a repeat arrives without saying so.
    }
  }

  /// One line for all that came too late.
  private func tellExpired() async {
    for (chat, count) in reach.takeExpired() {
      let text = words(.expiredNotices, ["count": Figures.count(count)])
      do {
        _ = try await self.chat.send(
          Reply(lines: [text], isSilent: true), to: ChatAddress(chat), replyingTo: nil,
          lane: .news)
      } catch {
        reach.countExpired(in: chat, count)
      }
    }
  }
}

extension Timestamp {
  /// Later than anything that is waited for.
  fileprivate static let distant = Timestamp(nanoseconds: .max)
}
