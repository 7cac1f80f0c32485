import Chat
import TradingModel

/// Everything of the chat, put together: the desk of commands, the desk of alerts, pairing, and the
/// way out. `main` starts it, runs it beside the poller, and hands it updates.
public struct ChatService: Sendable {
  public let people: PersonBook
  public let pairing: PairingDesk
  public let sender: OutboxSender
  public let alerts: AlertDesk
  public let desk: ChatDesk

  /// - Parameters:
  ///   - health: Figures for `/health` that no snapshot holds.
  ///   - guardian: How the guard stands; nil where none is expected. Asked for every screen.
  ///   - control: How the control server stands; nil where there is none. Asked like that, too.
  public init(
    ports: ChatDesk.Ports, persons: any PersonStore, outbox: any Outbox,
    settings: ChatOpsSettings,
    health: @escaping @Sendable () async -> HealthFigures = { HealthFigures() },
    guardian: @escaping @Sendable () -> GuardSight? = { nil },
    control: @escaping @Sendable () -> GuardSight? = { nil }
  ) {
    people = PersonBook(store: persons)
    pairing = PairingDesk(people: people, clock: ports.clock, random: ports.random)
    sender = OutboxSender(outbox: outbox, chat: ports.chat, clock: ports.clock)
    alerts = AlertDesk(
      bus: ports.bus, outbox: outbox, sender: sender, people: people, clock: ports.clock,
      settings: settings)
    desk = ChatDesk(
      ports: ports, people: people, pairing: pairing, alerts: alerts, sender: sender,
      settings: settings, health: health, guardian: guardian, control: control)
  }

  /// Once, before the first update: persons, menus, unfinished commands, updates left over.
  ///
  /// - Throws: When the persons can't be read. Without them nobody may, so that the program had
  ///   better say so and try again.
  public func start() async throws(ChatStoreError) {
    try await people.load()
    await desk.start()
  }

  /// The code to show on the console: nil when there is an owner.
  public func pairingCode() async -> String? { await pairing.pairingCode() }

  /// Whether all that came in has been answered, or is being carried out.
  public var hasAnswered: Bool { desk.hasAnswered }

  /// Whether something is being carried out.
  public var isBusy: Bool { get async { await desk.isBusy } }

  /// Takes an update from the poller without holding it up.
  public func receive(_ update: ChatUpdate) async { await desk.receive(update) }

  /// Until cancelled.
  public func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await desk.run() }
      group.addTask { await alerts.run() }
      group.addTask { await sender.run() }
    }
  }
}
