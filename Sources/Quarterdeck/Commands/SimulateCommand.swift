import ArgumentParser
import Foundation
import Logging
import Loopback
import ServiceLifecycle
import Simulation
import TradingModel

struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Starts the loopback servers alone and prints their addresses as one JSON line.",
    discussion: """
      Telegram, Bybit and Binance on 127.0.0.1, for any client that takes another base address. It
      runs until Ctrl-C or SIGTERM. The control interface is described in docs/loopback.md.

      Examples:
        quarterdeck simulate --seed 11
        quarterdeck simulate --ports 9100 --speed 10
        quarterdeck simulate --recording liquidations.csv.gz trades.csv.gz
      """)

  @Option(
    parsing: .unconditional, help: "The market's seed: the same seed is the same market.",
    transform: OptionValues.seed)
  var seed: UInt64 = 1

  @Option(
    parsing: .unconditional, help: "Market seconds per second, 1 to 1000.",
    transform: OptionValues.speed)
  var speed: Int32 = 1

  @Option(
    parsing: .unconditional,
    help: "The first of the six ports to listen on, 1024 to 65000; without it, free ones.",
    transform: OptionValues.firstPort)
  var ports: Int?

  @Option(parsing: .upToNextOption, help: "Recorded tables instead of a seeded market.")
  var recording: [String] = []

  @Option(help: "trace, debug, info, notice, warning, error.")
  var log: LogLevel = .warning

  func run() async throws {
    Logs.start(at: log)
    Interruptions.secondOneExits()
    var complaints = Complaints()
    let feed =
      recording.isEmpty
      ? nil : try RecordedFiles.feed(of: recording, "--recording", &complaints)
    guard complaints.problems.isEmpty else { throw complaints.told() }
    let clock = SystemClock()
    let market = feed.map { RecordedMarket($0) }
    let world = try await DemoCommand.world(
      LoopbackOptions(
        seed: seed, speed: .times(speed), portBase: ports, market: market,
        // Foreign clients count on a network between them and the venue.
        bybit: Loopback.BybitSettings(streamLatency: .milliseconds(10))),
      clock: clock)
    Console.result(world.addresses.json)
    let configuration = ServiceGroupConfiguration(
      services: [Room { await world.run() }], gracefulShutdownSignals: [.sigterm, .sigint],
      logger: Logger(label: "lifecycle"))
    try await ServiceGroup(configuration: configuration).run()
  }
}
