import Chat
import TradingModel

/// The chat service of a simulated day, with the persons who write to the bot.
///
/// Owns every message, and the updates that the bot has not fetched. Unchecked, as `TurnQueue`
/// explains: it belongs to the day's thread.
public final class SimulatedPhone: @unchecked Sendable {
  public static let ana = Person(
    id: PersonID(7), name: "Ana", role: .owner, chat: ChatID(7), since: 0)
  public static let bob = Person(
    id: PersonID(8), name: "Bob", role: .operator, chat: ChatID(8), since: 0)
  public static let eve = Person(
    id: PersonID(9), name: "Eve", role: .viewer, chat: ChatID(9), since: 0)
  public static let stranger = Sender(id: PersonID(666), name: "Mallory")

  /// What stands in the chats.
  public private(set) var messages: [MessageRef: Reply] = [:]
  public var isDown = false
  /// Another poller has the token: the bot fetches nothing.
  public var isTaken = false
  /// Whose owners let the bot write no more.
  private(set) var blocked: Set<ChatID> = []
  /// How likely the service does not take a message.
  var faults = 0.0
  /// When it did not take one last.
  public private(set) var troubledAt: Timestamp
  let chance: Chance
  let time: WorldTime
  private unowned let day: BotDay
  private var lastMessage: Int64 = 0
  private var lastUpdate: Int64 = 1000
  private var lastTap = 0
  /// Not fetched yet.
  private var waiting: [ChatUpdate] = []
  /// Fetches them: the bot's present life.
  var poller: (([ChatUpdate]) -> Void)? { didSet { if poller != nil { planFetch() } } }
  private(set) var commandCount = 0

  init(_ plan: DayPlan, time: WorldTime, day: BotDay) {
    self.time = time
    self.day = day
    chance = Chance(seed: plan.seed, for: "phone")
    troubledAt = plan.start
  }

  // MARK: Persons

  /// A person writes to the bot.
  /// - Parameter age: How long ago it was sent: it comes late.
  public func say(_ text: String, by person: Person = ana, age: Duration = .zero) {
    say(text, from: Sender(id: person.id, name: person.name), in: person.chat, age: age)
  }

  public func say(_ text: String, from sender: Sender, in chat: ChatID, age: Duration = .zero) {
    letIn(chat)
    commandCount += 1
    lastMessage += 1
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    let command = words.first.flatMap { $0.hasPrefix("/") ? String($0.dropFirst()) : nil }
    day.happen(.said(sender.id, text))
    arrive(
      .message(
        IncomingMessage(
          ref: MessageRef(chat: chat, message: lastMessage), kind: .direct, sender: sender,
          sentAt: (time.now - age).seconds, text: text, command: command,
          arguments: words.count > 1 ? words[1] : "")))
  }

  /// A person taps a button; false when the message has none of that label.
  @discardableResult
  public func tap(_ label: String, on message: MessageRef, by person: Person = ana) -> Bool {
    guard let button = messages[message]?.buttons.joined().first(where: { $0.label == label })
    else { return false }
    tap(button, on: message, by: person)
    return true
  }

  public func tap(_ button: Button, on message: MessageRef, by person: Person = ana) {
    letIn(message.chat)
    lastTap += 1
    day.happen(.tapped(person.id, button.label))
    arrive(
      .tap(
        IncomingTap(
          id: "tap-\(lastTap)", sender: Sender(id: person.id, name: person.name), ref: message,
          kind: .direct, data: button.data)))
  }

  /// The newest message in a chat that has buttons.
  public func newestOffer(in chat: ChatID) -> (message: MessageRef, reply: Reply)? {
    messages.filter { $0.key.chat == chat && !$0.value.buttons.isEmpty }
      .max { $0.key.message < $1.key.message }.map { ($0.key, $0.value) }
  }

  /// A person blocks the bot, and lets it in again.
  func block(for length: Duration) {
    guard let person = chance.pick([Self.ana, Self.bob, Self.eve]) else { return }
    play(Fault(.chatBlocked, "by \(person.name) for \(length.wholeSeconds) s"))
    blocked.insert(person.chat)
    arrive(.membership(person.chat, canWrite: false))
    time.add("unblocked", at: time.now + length) { [weak self] in self?.letIn(person.chat) }
  }

  /// Who blocked the bot lets it in before writing or tapping.
  private func letIn(_ chat: ChatID) {
    guard blocked.remove(chat) != nil else { return }
    trouble()
    arrive(.membership(chat, canWrite: true))
  }

  // MARK: Updates

  private func arrive(_ body: ChatUpdate.Body) {
    lastUpdate += 1
    let update = ChatUpdate(id: lastUpdate, body: body)
    waiting.append(update)
    if chance.happens(faults) {
      day.play(Fault(.updateRepeated))
      waiting.append(update)
    }
    if waiting.count > 1, chance.happens(faults) {
      day.play(Fault(.updateOutOfOrder))
      waiting.swapAt(waiting.count - 1, waiting.count - 2)
    }
    planFetch()
  }

  private func planFetch() {
    guard !waiting.isEmpty, poller != nil else { return }
    let delay = chance.duration(.milliseconds(30), .milliseconds(400))
    time.add("chat updates", at: time.now + delay) { [weak self] in self?.fetch() }
  }

  private func fetch() {
    guard let poller, !waiting.isEmpty else { return }
    if isDown || isTaken {
      return time.add("chat updates", at: time.now + .seconds(3)) { [weak self] in self?.fetch() }
    }
    poller(waiting)
  }

  /// They are the bot's now: the service delivers them no more.
  func confirm(_ updates: [ChatUpdate]) {
    waiting.removeAll { updates.contains($0) }
  }

  // MARK: Messages

  func show(_ reply: Reply, in chat: ChatID) -> MessageRef {
    lastMessage += 1
    let message = MessageRef(chat: chat, message: lastMessage)
    messages[message] = reply
    day.happen(.shown(message, isEdit: false, isOfOutbox: false))
    day.persons.read(reply, message)
    return message
  }

  func edit(_ message: MessageRef, to reply: Reply) {
    messages[message] = reply
    day.happen(.shown(message, isEdit: true, isOfOutbox: false))
    day.persons.read(reply, message)
  }

  func delete(_ message: MessageRef) { messages[message] = nil }

  func play(_ fault: Fault) {
    troubledAt = time.now
    day.play(fault)
  }

  func trouble() { troubledAt = time.now }
}
