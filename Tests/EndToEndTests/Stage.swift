import Foundation
import Loopback
import Simulation
import Synchronization
import Testing
import TradingModel
import Transport

@testable import Quarterdeck

/// A world on loopback sockets, a folder with settings, a person with a phone, and the bots that
/// were started in it. Secrets of its own make it notice where one comes out.
final class Stage: Sendable {
  static let ana = TelegramUser(id: 1_000_001, firstName: "Ana")

  let world: LoopbackWorld
  let folder: StageFolder
  let account = AccountWatch()
  let http = CurlHTTPClient()
  private let bots = Mutex<[BotProcess]>([])

  private init(_ world: LoopbackWorld) async throws {
    self.world = world
    folder = try StageFolder()
    try folder.settle(Doors(world.addresses))
    await world.telegram.introduce(Self.ana)
    await world.exchange.add(account)
  }

  /// Plays `scene`; whatever came of it, no process is left, and no secret was told.
  static func play(_ scene: (Stage) async throws -> Void) async throws {
    let clock = SystemClock()
    let secrets = Doors.closed
    let options = LoopbackOptions(
      market: RestingMarket(start: clock.now), telegram: TelegramSettings(token: secrets.token),
      bybit: BybitSettings(apiKey: secrets.apiKey, apiSecret: secrets.apiSecret))
    try await LoopbackWorld.serving(options, clock: clock, chance: SystemRandom()) { world in
      let stage = try await Stage(world)
      do {
        try await scene(stage)
      } catch {
        await stage.explain()
        // What went wrong first is what is told.
        do { try await stage.clear() } catch let other { print("── \(other)") }
        throw error
      }
      try await stage.clear()
      try stage.folder.remove()
    }
  }

  /// Starts the bot, in the state that the one before it left.
  func startBot(environment: [String: String] = [:]) throws -> BotProcess {
    try start(folder.run, environment)
  }

  /// Starts its guard, and waits until that waits.
  /// - Parameter options: Behind `guard`.
  func startGuard(
    _ options: [String] = [], environment: [String: String] = [:]
  ) async throws -> BotProcess {
    let guardian = try start(folder.arguments("guard") + options, environment)
    try await guardian.errors.line(containing: "the guard waits", within: .seconds(10))
    return guardian
  }

  private func start(
    _ arguments: [String], _ environment: [String: String]
  ) throws -> BotProcess {
    let bot = try BotProcess(arguments, in: folder.url, environment: environment)
    bots.withLock { $0.append(bot) }
    return bot
  }

  /// Runs the program beside the bot, in its folder, to its end.
  func program(_ arguments: String...) async throws -> (
    ending: BotProcess.Ending, output: String, errors: String
  ) {
    let process = try BotProcess(arguments, in: folder.url)
    bots.withLock { $0.append(process) }
    let ending = try await process.end(within: .seconds(30))
    return (ending, process.output.text, process.errors.text)
  }

  private func clear() async throws {
    let bots = bots.withLock { $0 }
    for bot in bots { bot.kill() }
    for bot in bots { try await bot.death(within: .seconds(10)) }
    await http.shutdown()
    let phone = await world.telegram.phone()
    for secret in Doors.closed.secrets.values {
      for bot in bots {
        #expect(!bot.errors.text.contains(secret), "a secret stands on the console")
        #expect(!bot.output.text.contains(secret), "a secret stands in the output")
      }
      #expect(!phone.rendered.contains(secret), "a secret stands in the chat")
      #expect(
        !world.transcript.lines().contains { $0.text.contains(secret) },
        "a secret stands in the transcript")
      for file in try folder.stateFiles() {
        #expect(file.bytes.range(of: Data(secret.utf8)) == nil, "a secret stands in \(file.name)")
      }
    }
  }

  /// What a person would have seen, for whoever reads a failed test. Its folder stays.
  private func explain() async {
    print("── \(folder.url.path) ──")
    print(await world.telegram.phone().rendered)
    for bot in bots.withLock({ $0 }) {
      print("── console ──\n" + bot.errors.lines.suffix(60).joined(separator: "\n"))
    }
  }
}

/// Hears what happens on the exchange, for those who wait for it.
final class AccountWatch: ExchangeListener {
  /// Bumped whenever the account changes.
  let changes = ChangeSignal()
  /// Bumped with every step of the market, ten times a second.
  let beats = ChangeSignal()

  func marketMoved(_ news: MarketNews) { beats.bump() }
  func accountChanged(_ news: [AccountNews], at time: Timestamp) { changes.bump() }
}
