import TradingModel
import Transport

/// What a bot is built on and can have before it holds the state folder: settings, secrets, the ways
/// to the outside. Nothing is written or listened to yet.
struct Groundwork: Sendable {
  let settings: Settings
  let clock: any WallClock
  let chance: any RandomSource
  let http: CurlHTTPClient
  /// What changes something at the venue leaves from the engine's own loop.
  let orders: LoopHTTPClient
  let thread: EventLoopThread
  /// Nil when the chat needs none.
  let token: Secret?
  /// Whose state folder it is to be.
  let account: Account
  /// Alerts that do not come from the engine.
  let alarms = Mailbox<Alert>()
  private let catalog: VenueCatalog
  private let end = StopRequest()

  /// - Parameter isStandIn: It is for the guard.
  /// - Throws: `SettingsProblem` for what a person must mend.
  init(
    settings: Settings, secrets: Secrets, clock: any WallClock, chance: any RandomSource,
    isStandIn: Bool = false
  ) throws {
    self.settings = settings
    self.clock = clock
    self.chance = chance
    let network = try secrets.filling(settings.network)
    http = CurlHTTPClient(network: network)
    thread = EventLoopThread()
    orders = LoopHTTPClient(on: thread.loop, chance: chance, network: network)
    catalog = VenueCatalog(
      settings: settings, secrets: secrets, network: network, readings: http, orders: orders,
      loop: thread.loop, clock: clock, chance: chance, alarms: alarms, isStandIn: isStandIn)
    // What is missing is told before anything is written.
    if settings.mode == .live { _ = try catalog.cold.ports() }
    token = try Self.token(settings, secrets)
    let keyName = settings.venue == .binance ? "BINANCE_API_KEY" : "BYBIT_API_KEY"
    account = Account(
      place: settings.account, keyID: settings.mode == .live ? secrets[keyName] : nil)
  }

  /// The venues. On paper they begin with what the state folder knows, which must be held.
  func venue() throws -> VenuePorts { try catalog.ports() }

  /// What the executing venue trades; empty when that can't be read now, and on paper.
  func instruments() async -> [Instrument] {
    guard settings.mode == .live else { return [] }
    do { return try await catalog.cold.ports().market.instruments() } catch {
      // They are read again when they are needed.
      return []
    }
  }

  /// How much of the account the bot would look after, as the venue has it; long-term symbols are
  /// not its business.
  func openPositions() async -> Reading<Int> {
    do {
      let reading = try await catalog.cold.ports().account.readAccount()
      let longTerm = Set(settings.longTerm)
      return .known(reading.positions.count { !longTerm.contains($0.symbol) }, at: clock.now)
    } catch {
      return .unknown(since: clock.now, why: "\(error)")
    }
  }

  /// Once: afterwards nothing goes out any more.
  func shutdown() async {
    guard end.make() else { return }
    await http.shutdown()
    await orders.shutdown()
    await thread.shutdown()
  }

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
}

extension VenueCatalog {
  /// The same without open connections: to see whether all is there, and to read.
  fileprivate var cold: VenueCatalog {
    var cold = self
    cold.isWarm = false
    return cold
  }
}
