import Chat
import TradingModel

/// Owns the life of every command: received, gated, parsed, previewed, confirmed, executing,
/// verified, reported. Nothing of trading is reached but the command bus.
public actor ChatDesk {
  public struct Ports: Sendable {
    public var bus: any CommandBus
    public var chat: any ChatPort
    public var log: any CommandLog
    public var ledger: any UpdateLedger
    public var clock: any WallClock
    public var random: any RandomSource

    public init(
      bus: any CommandBus, chat: any ChatPort, log: any CommandLog, ledger: any UpdateLedger,
      clock: any WallClock, random: any RandomSource
    ) {
      self.bus = bus
      self.chat = chat
      self.log = log
      self.ledger = ledger
      self.clock = clock
      self.random = random
    }
  }

  enum Due: Sendable {
    case expire(nonce: String)
    case flush(CommandID)
    case overdue(CommandID)
  }

  let ports: Ports
  let people: PersonBook
  let pairing: PairingDesk
  let alerts: AlertDesk
  let sender: OutboxSender
  let settings: ChatOpsSettings
  let health: @Sendable () async -> HealthFigures
  let guardian: @Sendable () -> GuardSight?
  let control: @Sendable () -> GuardSight?
  let words = Words.english
  let courier: Courier
  let later = Timetable<Due>()
  let arrivals = Arrivals()

  var offers = OfferBook()
  var running: [CommandID: RunningCommand] = [:]
  var rate = CommandRate()
  var strangers = Strangers()
  var freshness = Freshness()
  var seen = SeenUpdates()
  var lastUnrecorded: Int64 = 0

  /// - Parameters:
  ///   - health: Figures for `/health` that no snapshot holds.
  ///   - guardian: How the guard stands; nil where none is expected.
  ///   - control: How the control server stands; nil where there is none.
  public init(
    ports: Ports, people: PersonBook, pairing: PairingDesk, alerts: AlertDesk,
    sender: OutboxSender, settings: ChatOpsSettings,
    health: @escaping @Sendable () async -> HealthFigures = { HealthFigures() },
    guardian: @escaping @Sendable () -> GuardSight? = { nil },
    control: @escaping @Sendable () -> GuardSight? = { nil }
  ) {
    self.ports = ports
    self.people = people
    self.pairing = pairing
    self.alerts = alerts
    self.sender = sender
    self.settings = settings
    self.health = health
    self.guardian = guardian
    self.control = control
    courier = Courier(chat: ports.chat)
  }

  var now: Timestamp { ports.clock.now }
  /// Something is being carried out, or its outcome being told.
  var isBusy: Bool { !running.isEmpty }
  /// Whether all that came in has been answered, or is being carried out.
  nonisolated var hasAnswered: Bool { arrivals.isEmpty }

  /// Once, before updates are taken: persons, menus, commands that the last run left unfinished,
  /// updates that it did not get to.
  public func start() async {
    // The menu is the bot's: it is soon back.
    if !settings.isGuard { await setMenus() }
    let interrupted = await recover()
    await catchUp(skipping: interrupted)
  }

  /// Until cancelled: progress of commands, timers, marks and arrivals.
  public func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.courier.run() }
      group.addTask { await self.later.run(on: self.ports.clock) { await self.take($0) } }
      group.addTask { for await progress in self.ports.bus.progress { await self.take(progress) } }
      group.addTask { await self.arrivals.run { await self.handle($0) } }
    }
  }

  /// Takes an update from the poller without holding it up: updates of a chat keep their order, and
  /// neither a slow chat nor a long answer delays an emergency or a tap.
  public nonisolated func receive(_ update: ChatUpdate) async {
    if !arrivals.enqueue(update) { await handle(update) }
  }

  /// Carries one update through its life. Returns when it has been answered or is executing.
  public func handle(_ update: ChatUpdate) async {
    guard seen.insert(update) else { return }
    switch update.body {
    case .message(let message): await hear(message, update: update.id)
    case .tap(let tap): await feel(tap, update: update.id)
    case .membership(let chat, let canWrite): await sender.park(chat, isParked: !canWrite)
    case .migrated(let old, let new):
      do { try await people.move(from: old, to: new) } catch {
        // The old number stands until the next message says the same again.
      }
    case .ignored: break
    }
    // Cut off by the end of the process: the next one carries it on, or finds it done.
    guard !Task.isCancelled else { return }
    do { try await ports.ledger.markHandled(update) } catch {
      // Seen in this run; in the next its row in the command journal tells how far it came.
    }
  }

  func take(_ due: Due) async {
    switch due {
    case .expire(let nonce): await expire(nonce)
    case .flush(let id): await flush(id)
    case .overdue(let id): await remind(id)
    }
  }

  func scene(for person: Person, sight: Sight = .engine) async -> Scene {
    let snapshot = await ports.bus.snapshot()
    let book = InstrumentBook(await ports.bus.instruments())
    var figures = HealthFigures()
    var firing = 0
    var recent: [CommandRow] = []
    if sight == .everything {
      figures = await health()
      firing = await alerts.firingCount
      do { recent = try await ports.log.latest(100) } catch {
        // Only "changed last by" is drawn from it; the line is left out.
      }
    }
    return Scene(
      snapshot: snapshot, book: book, person: person, now: now, words: words,
      settings: settings, health: figures, firing: firing, recent: recent,
      guardian: guardian(), control: control())
  }

  func setMenus() async {
    courier.setMenu(Menu.entries(for: nil, words: words), for: nil)
    for person in await people.everyone() {
      courier.setMenu(Menu.entries(for: person.role, words: words), for: person.chat)
    }
  }

  func nonce() -> String { String(ports.random.next(), radix: 36) }
}
