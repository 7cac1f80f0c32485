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

  let settings: Settings
  let clock: any WallClock
  let log = Logger(label: "quarterdeck")
  let stateFolder: StateFolder
  let journal: Journal
  let stateFiles: StateFiles
  let http: CurlHTTPClient
  /// What changes something at the venue leaves from the engine's own loop.
  let orders: LoopHTTPClient
  let thread: EventLoopThread
  let venue: VenuePorts
  let loop: EngineLoop
  let clockWatch: ClockWatch
  let ruleWatch: RuleWatch
  let chat: ChatService
  let way: Way
  let vitals: Vitals
  /// While nobody is paired, a code stands on the console.
  let showsPairingCodes: Bool
  /// Alerts that do not come from the engine.
  let alarms = Mailbox<Alert>()

  /// Opens the journal and builds everything; nothing is sent or listened to yet.
  ///
  /// - Throws: `SettingsProblem` for what a person must mend.
  init(
    settings: Settings, secrets: Secrets, clock: any WallClock, chance: any RandomSource,
    screen: TerminalScreen, showsPairingCodes: Bool = true
  ) throws {
    self.settings = settings
    self.showsPairingCodes = showsPairingCodes
    self.clock = clock
    let network = try secrets.filling(settings.network)
    http = CurlHTTPClient(network: network)
    thread = EventLoopThread()
    orders = LoopHTTPClient(on: thread.loop, chance: chance, network: network)
    venue = try VenueCatalog(
      settings: settings, secrets: secrets, network: network, readings: http, orders: orders,
      loop: thread.loop, clock: clock, chance: chance, alarms: alarms
    ).ports()
    // A missing token is told before anything is written.
    let token = try Self.token(settings, secrets)
    stateFolder = try StateFolder(path: settings.stateFolder, account: settings.account)
    journal = try Self.openJournal(in: settings.stateFolder, clock)
    stateFiles = StateFiles(settings.stateFilePaths, clock: clock)
    vitals = Vitals(clock: clock)
    clockWatch = ClockWatch(
      market: venue.market, clock: clock, log: Logger(label: "clock"),
      onRoundTrip: { [vitals] in vitals.note(requestTime: $0) })
    ruleWatch = RuleWatch(market: venue.market, clock: clock, log: Logger(label: "rules"))
    loop = Self.engineLoop(
      settings, venue: venue, journal: journal, stateFiles: stateFiles, thread: thread,
      clock: clock, onClockSkew: clockWatch.measureSoon, onRuleError: ruleWatch.readSoon)
    let port: any ChatPort
    if let token {
      let service = try Self.telegram(
        settings, token: token, http: http, ledger: journal, clock: clock, chance: chance,
        alarms: alarms, vitals: vitals)
      port = service.chat
      way = .telegram(service.poller)
    } else {
      let terminal = TerminalChat(screen: screen, clock: clock)
      port = terminal
      way = .terminal(terminal)
    }
    chat = ChatService(
      ports: ChatDesk.Ports(
        bus: EngineCommandBus(loop), chat: port, log: journal, ledger: journal, clock: clock,
        random: chance),
      persons: journal, outbox: journal,
      settings: ChatOpsSettings(
        modeLabel: settings.label, version: Version.text, takerFee: settings.risk.takerFee),
      health: { [vitals, journal] in await vitals.figures(of: journal) })
  }

  private static func engineLoop(
    _ settings: Settings, venue: VenuePorts, journal: Journal, stateFiles: StateFiles,
    thread: EventLoopThread, clock: any WallClock, onClockSkew: @escaping @Sendable () -> Void,
    onRuleError: @escaping @Sendable () -> Void
  ) -> EngineLoop {
    // Streams, engine and desk share one thread: from a frame to its order there is no other.
    let eventLoop = thread.loop
    let engineThread = EngineThread(executor: thread.executor) { eventLoop.inEventLoop }
    return EngineLoop(
      engine: TradingEngine(settings: settings.engineSettings()),
      desk: OrderDesk(
        gateway: venue.gateway, reader: venue.account, journal: journal, clock: clock,
        thread: engineThread, onClockSkew: onClockSkew, onRuleError: onRuleError),
      reconciler: Reconciler(
        reader: venue.account, candles: venue.candles, clock: clock,
        log: Logger(label: "reconciler")),
      journal: journal, stateFiles: stateFiles, clock: clock, thread: engineThread,
      log: Logger(label: "engine"))
  }

  /// Nil when the chat needs none.
  private static func token(_ settings: Settings, _ secrets: Secrets) throws -> Secret? {
    guard settings.chat == .telegram else { return nil }
    guard let token = secrets["TELEGRAM_BOT_TOKEN"] else {
      throw SettingsProblem(
        place: "TELEGRAM_BOT_TOKEN",
        text: "missing secret: put the token from @BotFather into the environment or into .env, "
          + "or set chat.kind to terminal")
    }
    return Secret(token)
  }

  private static func openJournal(in folder: String, _ clock: any WallClock) throws -> Journal {
    do {
      return try Journal(JournalSettings(path: "\(folder)/quarterdeck.sqlite"), clock: clock)
    } catch {
      throw SettingsProblem(place: "state.folder", text: "\(error)")
    }
  }

  private static func telegram(
    _ settings: Settings, token: Secret, http: any HTTPClient, ledger: any UpdateLedger,
    clock: any WallClock, chance: any RandomSource, alarms: Mailbox<Alert>, vitals: Vitals
  ) throws -> TelegramService {
    do {
      return try TelegramService(
        http: http, token: token, ledger: ledger,
        settings: TelegramSettings(baseURL: settings.endpoints.telegram), clock: clock,
        chance: chance, log: Logger(label: "telegram")
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
