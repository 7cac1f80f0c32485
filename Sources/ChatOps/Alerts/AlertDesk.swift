import Chat
import TradingModel

/// Owns what fires now: turns alerts into messages, one open message per key, and puts them into the
/// outbox together with the event that they tell of.
public actor AlertDesk {
  static let notFlatKey = "not.flat"
  static let notFlatPace: Duration = .minutes(2)
  static let editPace: Duration = .seconds(30)
  /// A prompt edit waits so long for its message to be delivered, and so often.
  static let promptPause: Duration = .seconds(1)
  static let promptWaits = 30
  static let openLimit = 200

  /// An alert that fires: what its message shows.
  struct Open {
    var severity: Alert.Severity
    var notice: Notice
    var shown: Notice
    var toldAt: Timestamp
    var isScheduled = false
    /// Of a prompt edit: how often the message was not there yet.
    var waits = 0
  }

  enum Due: Sendable {
    case edit(key: String)
    case repeatNotFlat
    case orderFailures
    case forgetFailures
  }

  private let bus: any CommandBus
  private let outbox: any Outbox
  private let sender: OutboxSender
  private let people: PersonBook
  let clock: any WallClock
  private let settings: ChatOpsSettings
  private let words = Words.english
  let later = Timetable<Due>()

  var open: [String: Open] = [:]
  var failures = OrderFailures()
  private var locks: Set<Lock.Kind> = []
  private var given = GivenCommands()
  /// Positions were reduced, and the margin is not normal yet.
  private var isMarginTold = false

  public init(
    bus: any CommandBus, outbox: any Outbox, sender: OutboxSender, people: PersonBook,
    clock: any WallClock, settings: ChatOpsSettings
  ) {
    self.bus = bus
    self.outbox = outbox
    self.sender = sender
    self.people = people
    self.clock = clock
    self.settings = settings
  }

  /// Until cancelled.
  public func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.later.run(on: self.clock) { await self.take($0) } }
      for await alert in bus.alerts { await tell(alert) }
    }
  }

  /// Open positions have messages that go on, too, but nothing is wrong with them.
  var firingCount: Int { open.values.count { $0.severity <= .p1 } + failures.toldCount }

  /// Its chats see the command's own message, and need no second one about what it does.
  func expect(_ command: CommandID, _ given: GivenCommands.Given) {
    self.given.add(given, as: command)
  }

  /// Tells the persons concerned, as the class of the alert and what fires already ask for.
  public func tell(_ alert: Alert) async {
    remember(alert.news)
    if case .orderFailed(let symbol, let failure) = alert.news {
      return await noteFailure(symbol, failure, alert.severity)
    }
    guard let notice = await writer().notice(for: alert) else { return }
    switch notice.kind {
    case .news:
      open[notice.key] = nil
      await send(notice, alert.severity)
      await clearNotFlat(after: alert.news)
    case .resolved:
      let wasOpen = close(notice.key)
      if case .dayFlattened = alert.news {
        await send(notice, alert.severity)
      } else if wasOpen {
        await send(notice, max(alert.severity, .p2))
      }
      await clearNotFlat(after: alert.news)
    case .firing: await fire(notice, alert.severity)
    }
  }

  // MARK: What fires

  /// Ends what fires under the key, and under those that begin with it.
  /// - Returns: Whether anything did.
  private func close(_ key: String) -> Bool {
    let keys = open.keys.filter { $0 == key || $0.hasPrefix(key + "/") }
    for key in keys { open[key] = nil }
    // Straight above the second level, the first was never told by itself.
    if key == AlertWriter.cutKey, !keys.isEmpty { isMarginTold = true }
    guard key == "im.warn" else { return !keys.isEmpty }
    defer { isMarginTold = false }
    return isMarginTold || !keys.isEmpty
  }

  private func fire(_ notice: Notice, _ severity: Alert.Severity) async {
    guard var current = open[notice.key] else {
      if isInhibited(notice.key) {
        return await note(notice, "inhibited")
      }
      if open.count < Self.openLimit {
        open[notice.key] = Open(
          severity: severity, notice: notice, shown: notice, toldAt: clock.now)
      }
      await send(notice, severity)
      if notice.key == Self.notFlatKey {
        later.add(.repeatNotFlat, at: clock.now + Self.notFlatPace)
      }
      return
    }
    current.notice = notice
    guard severity >= current.severity else {
      // It has become worse: a new message, with the sound of its class.
      current.severity = severity
      current.shown = notice
      current.toldAt = clock.now
      open[notice.key] = current
      return await send(notice, severity)
    }
    let isWorth = isWorthAnEdit(notice, after: current.shown)
    if notice.isPrompt {
      later.add(.edit(key: notice.key), at: clock.now)
    } else if isWorth, !current.isScheduled {
      current.isScheduled = true
      later.add(.edit(key: notice.key), at: max(clock.now, current.toldAt + Self.editPace))
    }
    open[notice.key] = current
  }

  private func isWorthAnEdit(_ notice: Notice, after shown: Notice) -> Bool {
    guard let now = notice.measure, let then = shown.measure else {
      return notice.lines != shown.lines || notice.tables != shown.tables
    }
    return (now - then).magnitude >= notice.step
  }

  /// Edits the open message silently; while it has not been delivered there is nothing to edit.
  private func edit(_ key: String) async {
    guard var current = open[key] else { return }
    current.isScheduled = false
    current.shown = current.notice
    current.toldAt = clock.now
    open[key] = current
    let reached = await post(
      current.notice, lane: .edit, isSilent: true, lifetime: .minutes(10), isEdit: true)
    guard reached == 0, current.notice.isPrompt, current.waits < Self.promptWaits else { return }
    open[key]?.waits += 1
    later.add(.edit(key: key), at: clock.now + Self.promptPause)
  }

  private func isInhibited(_ key: String) -> Bool {
    switch key {
    case "im.warn", "day.near": !locks.isEmpty
    case _ where key.hasPrefix("sl.missing"): open.keys.contains { $0.hasPrefix("flatten/") }
    case _ where key.hasPrefix("reconcile/"): open["link.down/account"] != nil
    default: false
    }
  }

  private func remember(_ news: Alert.News) {
    switch news {
    case .locked(let lock) where lock.kind == .day || lock.kind == .panic: locks.insert(lock.kind)
    case .unlocked(let kind): locks.remove(kind)
    case .newDay:
      locks.remove(.day)
      for key in ["day.near", "day.stop", "day.target"] { open[key] = nil }
    case .dayStop: open["day.near"] = nil
    case .positionClosed(let trip), .positionLiquidated(let trip):
      open["close.fail/\(trip.key)"] = nil
      open["sl.missing/\(trip.key)"] = nil
    case .reconciled: open = open.filter { !$0.key.hasPrefix("reconcile/") }
    default: break
    }
  }

  // MARK: Not flat

  private func clearNotFlat(after news: Alert.News) async {
    switch news {
    case .flattened(let report), .dayFlattened(let report, _, _):
      if report.isFlat { open[Self.notFlatKey] = nil }
    case .unlocked(.panic), .unlocked(.day): open[Self.notFlatKey] = nil
    default: break
    }
  }

  /// With sound every two minutes, until it is flat.
  private func repeatNotFlat() async {
    guard let current = open[Self.notFlatKey] else { return }
    open[Self.notFlatKey]?.toldAt = clock.now
    await send(current.notice, .p0)
    later.add(.repeatNotFlat, at: clock.now + Self.notFlatPace)
  }

  private func take(_ due: Due) async {
    switch due {
    case .edit(let key): await edit(key)
    case .repeatNotFlat: await repeatNotFlat()
    case .orderFailures: await tellFailures()
    case .forgetFailures: await forgetFailures()
    }
  }

  // MARK: Into the outbox

  func send(_ notice: Notice, _ severity: Alert.Severity) async {
    guard severity != .p3 else { return await note(notice, "digest") }
    await post(
      notice, lane: severity.lane, isSilent: severity.isSilent || notice.isQuiet,
      lifetime: severity.lifetime, isEdit: false)
  }

  /// A row without a message.
  private func note(_ notice: Notice, _ why: String) async {
    await sender.post([], event: (kind: notice.key, detail: "\(why): \(notice.plainText)"))
  }

  /// - Returns: To how many chats it goes.
  @discardableResult
  func post(
    _ notice: Notice, lane: ChatLane, isSilent: Bool, lifetime: Duration?, isEdit: Bool
  ) async -> Int {
    let now = clock.now
    let own = given.chats(telling: notice.subject, at: now)
    var chats: [ChatID] = []
    for person in await people.everyone() where person.role >= notice.audience {
      if !own.contains(person.chat), !chats.contains(person.chat) { chats.append(person.chat) }
    }
    var entries: [OutboxEntry] = []
    for chat in chats {
      var place: MessageRef?
      if isEdit {
        do { place = try await outbox.message(for: notice.key, in: chat) } catch { place = nil }
        // Not delivered yet, or not known any more: the next change tries again.
        if place == nil { continue }
      }
      entries.append(
        OutboxEntry(
          address: ChatAddress(chat), reply: notice.reply(isSilent: isSilent), lane: lane,
          key: notice.key, editing: place, createdAt: now.milliseconds,
          expiresAt: lifetime.map { (now + $0).milliseconds }))
    }
    await sender.post(entries, event: (kind: notice.key, detail: notice.plainText))
    return entries.count
  }

  func writer() async -> AlertWriter {
    AlertWriter(
      words: words, book: InstrumentBook(await bus.instruments()), snapshot: await bus.snapshot(),
      settings: settings, given: given, now: clock.now)
  }
}
