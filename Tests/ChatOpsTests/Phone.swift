import Chat
import TestSupport
import TradingModel

@testable import ChatOps

extension Person {
  static let ana = Person(id: PersonID(7), name: "Ana", role: .owner, chat: ChatID(7), since: 0)
  static let bob = Person(id: PersonID(8), name: "Bob", role: .operator, chat: ChatID(8), since: 0)
  static let eve = Person(id: PersonID(9), name: "Eve", role: .viewer, chat: ChatID(9), since: 0)
}

/// A phone in a test's hand: types, taps, and reads what stands in the chat.
final class Phone: Sendable {
  static let group = ChatID(-100)

  let clock: ManualClock
  let chat = RecordingChat()
  let bus: ScriptedBus
  let log: MemoryCommandLog
  let outbox = MemoryOutbox()
  let store: MemoryPersonStore
  let ledger: MemoryUpdateLedger
  let service: ChatService

  /// 2026-11-20T12:04:31Z.
  static let now = Timestamp.noon + .seconds(271)

  init(
    persons: [Person] = [.ana, .bob, .eve], rows: [CommandRow] = [],
    waiting: [ChatUpdate] = [], snapshot: EngineSnapshot? = nil,
    instruments: [Instrument] = .examples, isGuard: Bool = false, guardian: GuardSight? = nil,
    control: GuardSight? = nil
  ) async throws {
    clock = ManualClock(Self.now)
    bus = ScriptedBus(snapshot ?? .example(at: Self.now), instruments: instruments)
    log = MemoryCommandLog(rows)
    store = MemoryPersonStore(persons)
    ledger = MemoryUpdateLedger(waiting: waiting)
    var settings = ChatOpsSettings(
      modeLabel: "live · main", version: "1.4.0", groups: [Self.group])
    settings.isGuard = isGuard
    service = ChatService(
      ports: ChatDesk.Ports(
        bus: bus, chat: chat, log: log, ledger: ledger, clock: clock,
        random: SeededRandom(seed: 1)),
      persons: store, outbox: outbox,
      settings: settings, guardian: { guardian }, control: { control })
    try await service.start()
  }

  /// Runs the service beside the body.
  func running(_ body: @Sendable (Phone) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await self.service.run() }
      try await body(self)
      group.cancelAll()
    }
  }

  // MARK: What a person does

  static func message(
    _ text: String, from person: Person = .ana, number: Int64 = 1, sentAt: Timestamp = now,
    in chat: ChatID? = nil, kind: ChatKind = .direct, taints: [IncomingMessage.Taint] = []
  ) -> ChatUpdate {
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    let command = words.first.flatMap { word -> String? in
      guard word.hasPrefix("/") else { return nil }
      return word.dropFirst().split(separator: "@").first.map { $0.lowercased() }
    }
    return ChatUpdate(
      id: number,
      body: .message(
        IncomingMessage(
          ref: MessageRef(chat: chat ?? person.chat, message: number), kind: kind,
          sender: Sender(id: person.id, name: person.name), sentAt: sentAt.seconds, text: text,
          command: command, arguments: words.count > 1 ? words[1] : "", taints: taints)))
  }

  @discardableResult
  func say(_ text: String, from person: Person = .ana, number: Int64 = 1) async -> MessageRef {
    await service.desk.handle(
      Self.message(text, from: person, number: number, sentAt: clock.now))
    return MessageRef(chat: person.chat, message: number)
  }

  /// Taps the button of that label on the newest message, or on the given one.
  func tap(
    _ label: String, by person: Person = .ana, on message: MessageRef? = nil,
    id: String = "tap-1", kind: ChatKind = .direct
  ) async {
    guard let message = message ?? chat.sent.last?.message,
      let button = chat.text(of: message)?.buttons.joined().first(where: { $0.label == label })
    else { return }
    await tap(data: button.data, by: person, on: message, id: id, kind: kind)
  }

  func tap(
    data: String, by person: Person, on message: MessageRef, id: String, kind: ChatKind = .direct
  ) async {
    let number = Int64(id.utf8.reduce(0) { $0 &* 31 &+ Int($1) } & 0xFFFF) + 100_000
    await service.desk.handle(
      ChatUpdate(
        id: number,
        body: .tap(
          IncomingTap(
            id: id, sender: Sender(id: person.id, name: person.name), ref: message, kind: kind,
            data: data))))
  }

  // MARK: What a person sees

  /// What stands in the newest message of the chat.
  var screen: Reply? { chat.sent.last.flatMap { chat.text(of: $0.message) } }
  var text: String { screen?.plainText ?? "" }
  var labels: [[String]] { screen?.buttons.map { $0.map(\.label) } ?? [] }

  /// Whether it becomes true while the service works.
  func eventually(_ condition: @Sendable () -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(60)
    while !condition() {
      if ContinuousClock.now > deadline { return false }
      await Task.yield()
    }
    return true
  }

  /// Moves the clock in steps, so that what sleeps wakes, works and sleeps again.
  func pass(_ duration: Duration, steps: Int = 10) async {
    for _ in 0..<steps {
      for _ in 0..<50 { await Task.yield() }
      clock.advance(by: duration / steps)
    }
    for _ in 0..<200 { await Task.yield() }
  }
}
