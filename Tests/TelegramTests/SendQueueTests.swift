import Chat
import TestSupport
import Testing
import TradingModel

@testable import Telegram

@Suite(.timeLimit(.minutes(1)))
struct SendQueueTests {
  private let clock = ManualClock()
  private let chronicle = Chronicle()
  private let ana = ChatID(42)

  private func queue(_ pace: SendPace = SendPace()) -> SendQueue {
    SendQueue(pace: pace, clock: clock)
  }

  /// A queue that has let Ana's three messages of a burst go.
  private func exhausted() async -> SendQueue {
    let queue = queue()
    for _ in 0..<3 { #expect(await go(queue, ana) == .go) }
    return queue
  }

  /// Waits for a turn and gives it back at once.
  @discardableResult
  private func go(
    _ queue: SendQueue, _ chat: ChatID, lane: ChatLane = .answer
  ) async -> SendQueue.Turn {
    let turn = await queue.turn(lane: lane, chat: chat)
    if turn == .go { await queue.done(with: chat) }
    return turn
  }

  /// Puts a message in line; its turn is written down as `name turn`.
  @discardableResult
  private func line(
    up name: String, in queue: SendQueue, _ chat: ChatID, lane: ChatLane = .answer,
    edit: EditTicket? = nil
  ) async -> Task<Void, Never> {
    let waiting = await queue.count
    let task = Task {
      let turn = await queue.turn(lane: lane, chat: chat, edit: edit)
      chronicle.write("\(name) \(turn)")
      if turn == .go { await queue.done(with: chat) }
    }
    while await queue.count == waiting, !Task.isCancelled { await Task.yield() }
    return task
  }

  @Test func `three messages of a chat go at once, then one a second`() async {
    let queue = await exhausted()
    let fourth = await line(up: "4", in: queue, ana)
    let fifth = await line(up: "5", in: queue, ana)
    await clock.passSleep(of: .seconds(1))
    await fourth.value
    await clock.waitForSleeper(until: clock.now + .seconds(1))
    #expect(chronicle.lines == ["4 go"])
    clock.advance(by: .seconds(1))
    await fifth.value
  }

  @Test func `what is said in other chats does not wait`() async {
    let queue = await exhausted()
    let waiting = await line(up: "4", in: queue, ana)
    #expect(await go(queue, ChatID(43)) == .go)
    #expect(chronicle.lines == [])
    await clock.passSleep(of: .seconds(1))
    await waiting.value
    #expect(chronicle.lines == ["4 go"])
  }

  @Test func `a group takes eighteen at once and the next after three seconds and a third`() async {
    let queue = queue()
    for _ in 0..<18 { #expect(await go(queue, ChatID(-7)) == .go) }
    let next = await line(up: "next", in: queue, ChatID(-7))
    await clock.passSleep(of: .milliseconds(3334))
    await next.value
  }

  @Test func `all chats together get twenty-five at once, then one every 40 ms`() async {
    let queue = queue()
    for chat in 1...25 { #expect(await go(queue, ChatID(Int64(chat))) == .go) }
    let next = await line(up: "next", in: queue, ChatID(26))
    await clock.passSleep(of: .milliseconds(40))
    await next.value
  }

  @Test func `lanes go in their order, and each in the order in which it was filled`() async {
    let queue = await exhausted()
    for (name, lane) in [
      ("news", .news), ("edit", .edit), ("answer 1", .answer), ("urgent", .urgent),
      ("answer 2", .answer), ("important", .important),
    ] as [(String, ChatLane)] {
      await line(up: name, in: queue, ana, lane: lane)
    }
    for _ in 0..<6 { await clock.passSleep(of: .seconds(1)) }
    await chronicle.wait(for: "news go")
    #expect(
      chronicle.lines == [
        "urgent go", "answer 1 go", "answer 2 go", "important go", "edit go", "news go",
      ])
  }

  @Test func `one message of a chat is under way at a time`() async {
    let queue = queue()
    #expect(await queue.turn(lane: .answer, chat: ana) == .go)
    let second = await line(up: "second", in: queue, ana, lane: .urgent)
    #expect(await go(queue, ChatID(43)) == .go)
    #expect(chronicle.lines == [])
    await queue.done(with: ana)
    await second.value
  }

  @Test func `a chat that was flooded waits a tenth longer than told`() async {
    let queue = queue()
    await queue.park(ana, seconds: 10)
    let waiting = await line(up: "late", in: queue, ana, lane: .urgent)
    #expect(await go(queue, ChatID(43)) == .go)
    await clock.passSleep(of: .seconds(11))
    await waiting.value
  }

  @Test func `of the edits of one message the newest counts`() async {
    let queue = await exhausted()
    let message = MessageRef(chat: ana, message: 5)
    let older = await queue.beginEdit(of: message)
    let waiting = await line(up: "older", in: queue, ana, lane: .edit, edit: older)
    let newer = await queue.beginEdit(of: message)
    await waiting.value
    #expect(chronicle.lines == ["older superseded"])
    let other = await queue.beginEdit(of: MessageRef(chat: ana, message: 6))
    await line(up: "other", in: queue, ana, lane: .edit, edit: other)
    await line(up: "newer", in: queue, ana, lane: .edit, edit: newer)
    for _ in 0..<2 { await clock.passSleep(of: .seconds(1)) }
    await chronicle.wait(for: "newer go")
    await queue.endEdit(newer)
    // The older one is tried again after the newer one was made.
    #expect(await queue.turn(lane: .edit, chat: ana, edit: older) == .superseded)
    await queue.endEdit(older)
    #expect(await queue.turn(lane: .edit, chat: ana, edit: older) == .superseded)
  }

  @Test func `a full queue refuses, and gives up what matters less`() async {
    let queue = await exhausted()
    for number in 1..<SendQueue.limit {
      await line(up: "\(number)", in: queue, ana, lane: .important)
    }
    await line(up: "last", in: queue, ana, lane: .news)
    #expect(await queue.turn(lane: .news, chat: ana) == .full)
    let urgent = Task { await queue.turn(lane: .urgent, chat: ana) }
    await chronicle.wait(for: "last full")
    #expect(await queue.count == SendQueue.limit)
    #expect(await queue.turn(lane: .important, chat: ana) == .full)
    await clock.passSleep(of: .seconds(1))
    #expect(await urgent.value == .go)
  }

  @Test func `who is cancelled leaves the line and takes nobody's place`() async {
    let queue = await exhausted()
    let first = await line(up: "first", in: queue, ana)
    let second = await line(up: "second", in: queue, ana)
    first.cancel()
    await first.value
    await clock.passSleep(of: .seconds(1))
    await second.value
    #expect(chronicle.lines == ["first cancelled", "second go"])
    let late = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await queue.turn(lane: .answer, chat: ana)
    }
    #expect(await late.value == .cancelled)
    #expect(await queue.count == 0)
  }

  @Test func `a clock that is set back stops nothing`() async {
    var bucket = TokenBucket(capacity: 1, interval: .seconds(1), at: .noon + .hours(1))
    #expect(bucket.wait(at: .noon + .hours(1)) == nil)
    bucket.take()
    #expect(bucket.wait(at: .noon) == .noon + .seconds(1))
    #expect(bucket.wait(at: .noon + .milliseconds(999)) == .noon + .seconds(1))
    #expect(bucket.wait(at: .noon + .seconds(1)) == nil)
  }
}
