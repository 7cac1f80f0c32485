import Chat
import ChatOps
import Engine
import EngineCore
import Foundation
import Journal
import Logging
import Telegram
import TradingModel
import Transport

/// The bot, wired together: this is the one place that knows everybody.
struct Bot: Sendable {
  /// How the chat reaches the person.
  enum Way: Sendable {
    case telegram(UpdatePoller)
    case terminal(TerminalChat)
  }

  let ground: Groundwork
  let role: BotRole
  let log = Logger(label: "quarterdeck")
  let stateFolder: StateFolder
  private let opening: JournalOpening
  let stateFiles: StateFiles
  let venue: VenuePorts
  let loop: EngineLoop
  let clockWatch: ClockWatch
  let ruleWatch: RuleWatch
  let chat: ChatService
  let way: Way
  let vitals: Vitals
  /// How the control server stands, where there is one.
  let control: ControlWatch
  /// While nobody is paired, a code stands on the console.
  let showsPairingCodes: Bool

  var journal: Journal { opening.journal }
  /// Why nothing of this run is recorded; nil when it is.
  var unrecorded: String? { opening.trouble }
  var settings: Settings { ground.settings }
  var clock: any WallClock { ground.clock }
  /// Alerts that do not come from the engine.
  var alarms: Mailbox<Alert> { ground.alarms }

  /// Opens the journal and builds everything; nothing is sent or listened to yet.
  ///
  /// - Parameters:
  ///   - stateFolder: Held, as long as the bot runs.
  ///   - opened: The journal, where it is open already.
  /// - Throws: `SettingsProblem` for what a person must mend.
  init(
    on ground: Groundwork, holding stateFolder: StateFolder, as role: BotRole = .main(),
    journal opened: JournalOpening? = nil, screen: TerminalScreen, showsPairingCodes: Bool = true
  ) throws {
    self.ground = ground
    self.role = role
    self.stateFolder = stateFolder
    self.showsPairingCodes = showsPairingCodes && !role.isStandIn
    let (settings, clock, chance) = (ground.settings, ground.clock, ground.chance)
    venue = try ground.venue()
    do {
      opening =
        try opened
        ?? JournalOpening(
          in: settings.stateFolder, isProtecting: settings.mode == .live, clock: clock)
    } catch let refusal as JournalOpening.Refusal {
      throw refusal.problem
    }
    let journal = opening.journal
    stateFiles = StateFiles(settings.stateFilePaths, clock: clock)
    vitals = Vitals(clock: clock)
    control = ControlWatch(clock: clock, alarms: ground.alarms)
    clockWatch = ClockWatch(
      market: venue.market, clock: clock, log: Logger(label: "clock"),
      onRoundTrip: { [vitals] in vitals.note(requestTime: $0) })
    ruleWatch = RuleWatch(market: venue.market, clock: clock, log: Logger(label: "rules"))
    loop = Self.engineLoop(
      settings.engineSettings(isStandIn: role.isStandIn), desk: settings.deskSettings,
      venue: venue, journal: journal,
      stateFiles: stateFiles, thread: ground.thread,
      clock: clock, onClockSkew: clockWatch.measureSoon, onRuleError: ruleWatch.readSoon,
      onTick: role.beat ?? { [heartbeat = stateFolder.heartbeat] in heartbeat?.beat() })
    let port: any ChatPort
    if let token = ground.token {
      let service = try Self.telegram(
        ground, token: token, ledger: journal, vitals: vitals)
      port = service.chat
      way = .telegram(service.poller)
    } else {
      let terminal = TerminalChat(screen: screen, clock: clock)
      port = terminal
      way = .terminal(terminal)
    }
    var words = ChatOpsSettings(
      modeLabel: role.isStandIn ? "guard · \(settings.label)" : settings.label,
      version: Version.text, takerFee: settings.risk.takerFee,
      closeTries: settings.timings.closeTries)
    words.isGuard = role.isStandIn
    chat = ChatService(
      ports: ChatDesk.Ports(
        bus: EngineCommandBus(loop), chat: port, log: journal, ledger: journal, clock: clock,
        random: chance),
      persons: journal, outbox: journal,
      settings: words, health: { [vitals, journal] in await vitals.figures(of: journal) },
      guardian: role.sight, control: { [control] in control.sight })
  }

  static func engineLoop(
    _ settings: EngineSettings, desk: DeskSettings = DeskSettings(), venue: VenuePorts,
    journal: any JournalWriter,
    stateFiles: any StateFileStore, thread: EventLoopThread, clock: any WallClock,
    onClockSkew: @escaping @Sendable () -> Void,
    onRuleError: @escaping @Sendable () -> Void, onTick: @escaping @Sendable () -> Void = {}
  ) -> EngineLoop {
    // Streams, engine and desk share one thread: from a frame to its order there is no other.
    let eventLoop = thread.loop
    let engineThread = EngineThread(executor: thread.executor) { eventLoop.inEventLoop }
    return EngineLoop(
      engine: TradingEngine(settings: settings),
      desk: OrderDesk(
        gateway: venue.gateway, reader: venue.account, journal: journal, clock: clock,
        thread: engineThread, settings: desk, onClockSkew: onClockSkew, onRuleError: onRuleError),
      reconciler: Reconciler(
        reader: venue.account, candles: venue.candles, clock: clock,
        log: Logger(label: "reconciler"), onClockSkew: onClockSkew),
      journal: journal, stateFiles: stateFiles, clock: clock, thread: engineThread,
      log: Logger(label: "engine"), onTick: onTick)
  }

  /// Takes away what a run without a disk left in memory.
  func endRecording() { opening.end() }

  private static func telegram(
    _ ground: Groundwork, token: Secret, ledger: any UpdateLedger, vitals: Vitals
  ) throws -> TelegramService {
    let (clock, alarms) = (ground.clock, ground.alarms)
    do {
      return try TelegramService(
        http: ground.http, token: token, ledger: ledger,
        settings: TelegramSettings(baseURL: ground.settings.endpoints.telegram), clock: clock,
        chance: ground.chance, log: Logger(label: "telegram")
      ) { news in
        switch news {
        case .polled: vitals.notePoll()
        case .conflict: alarms.put(Alert(.p1, .chatConflict, at: clock.now))
        case .reachable, .unreachable, .unauthorised, .notRecorded: break  // The log has it.
        }
      }
    } catch {
      throw SettingsProblem(place: "chat.base_url", text: "\(error)")
    }
  }
}
