import ArgumentParser
import Foundation
import Logging
import Loopback
import ServiceLifecycle
import Strategies
import TradingModel

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "A whole bot on this machine: exchange, market and phone included.",
    discussion: """
      Starts loopback servers for Telegram, Bybit and Binance and the bot on them, over real sockets.
      The terminal is the phone: type a command, or the number of a button to tap it. Ctrl-C ends it,
      and nothing is left behind. Without --config it trades a few symbols with parameters livelier
      than those of config/, and says which.

      Examples:
        quarterdeck demo
        quarterdeck demo --for 60s --seed 7    plays a script, prints the transcript and a summary
      """)

  @Option(
    name: .customLong("for"), parsing: .unconditional,
    help: "Run without a person for that long: 60s, 5m.", transform: OptionValues.length)
  var length: Duration?

  @Option(
    parsing: .unconditional, help: "The market's seed: the same seed is the same market.",
    transform: OptionValues.seed)
  var seed: UInt64 = 1

  @Option(
    parsing: .unconditional, help: "Market seconds per second, 1 to 1000.",
    transform: OptionValues.speed)
  var speed: Int32 = 2

  @Option(help: "The folder of settings to take coin parameters and limits from.")
  var config: String?

  @Option(help: "trace, debug, info, notice, warning, error: log to standard error as well.")
  var log: LogLevel?

  func run() async throws {
    if let log { Logs.start(at: log) } else { Logs.silence() }
    Interruptions.secondOneExits()
    let clock = SystemClock()
    let world = try await Self.world(
      LoopbackOptions(seed: seed, speed: .times(speed)), clock: clock)
    let state = FileManager.default.temporaryDirectory.appending(
      path: "quarterdeck-demo-\(ProcessInfo.processInfo.processIdentifier)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: state) }
    let person = DemoPerson(phone: world.telegram, clock: clock)
    let screen = TerminalScreen.standard(environment: ProcessInfo.processInfo.environment)
    let bot: Bot
    do {
      let ground = try Groundwork(
        settings: try settings(world.addresses, state: state),
        secrets: Secrets(
          token: world.addresses.token, key: world.addresses.apiKey,
          secret: world.addresses.apiSecret), clock: clock, chance: SystemRandom())
      bot = try Bot(
        on: ground,
        holding: try StateFolder(path: state, account: ground.account, at: clock.now),
        screen: screen, showsPairingCodes: false)
    } catch let failure as SettingsLoader.Failure {
      throw complain(failure.problems)
    }
    let beside: any Service =
      if let length {
        DemoScript(person: person, length: length, clock: clock)
      } else {
        TerminalPerson(person: person, screen: screen)
      }
    introduce(world, screen)
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { await world.run() }
      defer { world.shutdown() }
      try await bot.run(
        control: bot.controlRoom, beside: [Room { await pair(bot, person) }, beside])
      if length != nil { await summarise(world, person) }
    }
  }

  /// - Throws: `ExitCode` with the reason printed: a port, say, that is taken.
  static func world(
    _ options: LoopbackOptions, clock: any WallClock
  ) async throws -> LoopbackWorld {
    do throws(LoopbackError) {
      return try await LoopbackWorld(options, clock: clock, chance: SystemRandom())
    } catch {
      throw complain([SettingsProblem(place: "loopback servers", text: "\(error)")])
    }
  }

  /// Ana pairs at once, with the code that the console of a real bot would show.
  private func pair(_ bot: Bot, _ person: DemoPerson) async {
    await person.phone.introduce(DemoPerson.user)
    if let code = await bot.chat.pairingCode() { await person.say("/pair \(code)") }
    while !Task.isCancelled {
      do { try await bot.clock.sleep(for: .hours(1)) } catch { return }
    }
  }

  /// Live on the loopback exchange: orders go over real sockets, nothing leaves the machine.
  private func settings(_ addresses: LoopbackAddresses, state: String) throws -> Settings {
    var settings = try SettingsLoader(folder: config, overrides: .none).load()
    settings.mode = .live
    settings.isDemo = true
    settings.environment = .loopback
    settings.chat = .telegram
    settings.endpoints.telegram = addresses.telegram
    settings.endpoints.bybitREST = addresses.bybitREST
    settings.endpoints.bybitWebSocket = addresses.bybitStreams
    settings.endpoints.binanceREST = addresses.binanceREST
    settings.endpoints.binanceWebSocket = addresses.binanceStreams
    settings.stateFolder = state
    settings.stateFilesElsewhere = StateFilesElsewhere()
    // A real bot beside it may have the port.
    settings.control.isOn = false
    if config == nil {
      settings.allowlist = Self.livelySymbols.map { Symbol(venueName: $0 + "USDT") }
      settings.liquidation = LiquidationSettings(defaults: Self.lively)
    }
    return settings
  }

  private static let livelySymbols = ["BTC", "ETH", "SOL", "XRP", "DOGE"]

  /// Nearer to the VWAP than anyone would trade, so that something happens within two minutes.
  private static let lively = LiquidationParameters(
    leverage: .times(5), takeProfit: .percent(2), stopLoss: .percent(3), orderSize: .percent(3),
    longVWAPOffset: .basisPoints(30), shortVWAPOffset: .basisPoints(30))

  /// Where the parameters come from, so that nobody takes the demo's for those of `config/`.
  static func parametersNote(config: String?) -> String {
    if let config { return "It trades with the parameters of \(config)." }
    let percent = { (ratio: Ratio) in "\(ratio.percentDescription) %" }
    let offset = percent(lively.longVWAPOffset)
    let distance = { (distance: ExitDistance?) -> String in
      if case .share(let share)? = distance {
        percent(share)
      } else {
        distance.map { "\($0)" } ?? "none"
      }
    }
    return """
      It trades \(livelySymbols.joined(separator: ", ")) with livelier parameters of its own, not config/:
      \(offset) off the VWAP, stop \(distance(lively.exits.stop)), target \(distance(lively.exits.target)), \
      margin \(percent(lively.orderSize)) at \(lively.leverage)x. --config config takes yours.
      """
  }

  private func introduce(_ world: LoopbackWorld, _ screen: TerminalScreen) {
    Console.result(
      """
      Quarterdeck \(Version.text) · this is the demo: everything runs on this machine, no money is real
      Exchange, market and phone are loopback servers; the control interface is at
      \(world.addresses.control)/control/ (see docs/loopback.md).
      \(Self.parametersNote(config: config))
      """)
    guard length == nil else { return }
    Console.result(
      """

      You are Ana, this is your phone. Try /status, /help, /positions, /close all, /panic, /unlock.
      A number taps the button it stands at. Ctrl-C ends the demo.
      """)
  }

  private func summarise(_ world: LoopbackWorld, _ person: DemoPerson) async {
    let phone = await person.phone.phone(chat: DemoPerson.user.id)
    Console.result(phone.rendered)
    let messages = phone.chats.first?.messages ?? []
    let fromBot = messages.filter(\.isFromBot)
    func count(_ word: String) -> Int { fromBot.count { $0.text.hasPrefix(word) } }
    Console.result(
      """
      SUMMARY
        messages by the bot  \(fromBot.count)
        positions opened     \(count("Opened"))
        positions closed     \(count("Closed"))
        equity               \(await equity(of: world).text(decimals: 2)) USDT
      """)
  }

  private func equity(of world: LoopbackWorld) async -> Notional {
    await world.exchange.read { venue, time in venue.wallet(at: time).equity }
  }
}
