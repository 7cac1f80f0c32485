import Simulation
import TradingModel

/// Telegram, Bybit and Binance on 127.0.0.1, over one market and an account for each venue, with a control
/// interface for what goes wrong and what persons do.
///
/// Its ports are open when it is made; it serves while `run()` runs.
public final class LoopbackWorld: Sendable {
  public let addresses: LoopbackAddresses
  /// What time the servers think it is.
  public let clock: LoopbackClock
  public let faults: FaultPlan
  public let transcript: Transcript
  public let telegram: TelegramServer
  public let exchange: LoopbackExchange
  public let control: ControlInterface
  /// The clocks of the venues, which may be set wrong.
  public let bybitClock: SkewedClock
  public let binanceClock: SkewedClock

  private let servers: [LoopbackServer]
  private let life = AsyncStream.makeStream(of: Never.self)

  /// - Parameters:
  ///   - base: What the servers' clock follows.
  ///   - chance: Ids on the loopback Telegram.
  /// - Throws: `LoopbackError`.
  public init(
    _ options: LoopbackOptions = LoopbackOptions(), clock base: any WallClock,
    chance: any RandomSource
  ) async throws(LoopbackError) {
    guard options.problems.isEmpty else { throw .badOptions(options.problems) }
    let clock = LoopbackClock(following: base)
    let bybitClock = SkewedClock(following: clock)
    let binanceClock = SkewedClock(following: clock)
    let faults = FaultPlan()
    let transcript = Transcript(clock: clock)
    let exchange = LoopbackExchange(
      market: options.market ?? SyntheticMarket(seed: options.seed, start: clock.now),
      paper: options.paper, speed: options.speed, clock: clock)
    let telegram = TelegramServer(
      settings: options.telegram, clock: clock, chance: chance, faults: faults,
      transcript: transcript)
    let bybit = BybitServer(
      exchange, settings: options.bybit, clock: bybitClock, faults: faults, transcript: transcript)
    let bybitStreams = await BybitStreamServer(
      exchange, settings: options.bybit, clock: bybitClock, faults: faults,
      transcript: transcript, server: bybit)
    let binanceVenue = await BinanceVenue(
      exchange, settings: options.binance, clock: binanceClock)
    let binance = BinanceServer(
      binanceVenue, clock: binanceClock, faults: faults, transcript: transcript)
    let binanceStreams = BinanceStreamServer(
      binanceVenue, server: binance, clock: binanceClock, faults: faults, transcript: transcript)
    let control = ControlInterface()
    let services: [any LoopbackService] = [
      telegram, bybit, bybitStreams, binance, binanceStreams, control,
    ]
    self.clock = clock
    self.faults = faults
    self.transcript = transcript
    self.telegram = telegram
    self.exchange = exchange
    self.control = control
    self.bybitClock = bybitClock
    self.binanceClock = binanceClock
    servers = try await Self.bind(services, from: options.portBase, clock: clock)
    control.add(
      FaultControl(faults, services: services.dropLast()).routes
        + NetworkControl(Array(zip(services, servers).dropLast())).routes
        + ClockControl(
          clock, venues: ["bybit": bybitClock, "binance": binanceClock], transcript: transcript
        ).routes
        + PersonControl(telegram).routes + PhoneControl(telegram, clock: clock).routes
        + VenueControl(exchange, faults: faults, streams: bybitStreams).routes
        + BinanceControl(binanceVenue, streams: binanceStreams).routes)
    addresses = LoopbackAddresses(
      telegram: servers[0].address, token: options.telegram.token,
      bybitREST: servers[1].address, bybitStreams: servers[2].socketAddress,
      binanceREST: servers[3].address, binanceStreams: servers[4].socketAddress,
      apiKey: options.bybit.apiKey, apiSecret: options.bybit.apiSecret,
      control: servers[5].address)
  }

  /// Serves until cancelled or shut down; then every connection is closed.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      for server in servers { group.addTask { await server.run() } }
      group.addTask { await self.exchange.run() }
      for await _ in life.stream {}
      group.cancelAll()
    }
  }

  /// Ends `run()`, also one that begins later: ports are given back when it returns.
  public func shutdown() { life.continuation.finish() }

  /// Serves while `body` runs.
  public static func serving<Answer: Sendable>(
    _ options: LoopbackOptions = LoopbackOptions(), clock: any WallClock,
    chance: any RandomSource, _ body: (LoopbackWorld) async throws -> Answer
  ) async throws -> Answer {
    let world = try await LoopbackWorld(options, clock: clock, chance: chance)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await world.run() }
      defer { world.shutdown() }
      return try await body(world)
    }
  }

  private static func bind(
    _ services: [any LoopbackService], from base: Int?, clock: any WallClock
  ) async throws(LoopbackError) -> [LoopbackServer] {
    var bound: [LoopbackServer] = []
    for (index, service) in services.enumerated() {
      let port = base.map { $0 + index } ?? 0
      do {
        bound.append(try await LoopbackServer(service, port: port, clock: clock))
      } catch {
        for server in bound { await release(server) }
        throw .portUnavailable(service: service.name, port: port, reason: "\(error)")
      }
    }
    return bound
  }

  /// A server that runs in a cancelled task closes at once.
  private static func release(_ server: LoopbackServer) async {
    let brief = Task { await server.run() }
    brief.cancel()
    await brief.value
  }
}
