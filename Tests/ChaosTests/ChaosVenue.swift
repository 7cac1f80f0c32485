import Bybit
import Engine
import Logging
import Loopback
import Simulation
import TestSupport
import TradingModel
import Transport

@testable import Binance

/// A client and its loopback server, over real sockets, for the order desk to trade on.
struct ChaosVenue: Sendable {
  /// By which way orders leave.
  enum Way: String, Sendable, CaseIterable {
    case bybitREST, bybitSocket, binanceREST, binanceSocket

    var isBinance: Bool { self == .binanceREST || self == .binanceSocket }
    var isSocket: Bool { self == .bybitSocket || self == .binanceSocket }
  }

  static let symbol: Symbol = "BTCUSDT"

  /// One of a venue's clients, as the bot has it.
  struct Client: Sendable {
    let gateway: any OrderGateway
    let account: any AccountReader
    /// Keeps the connection for orders up; nil where there is none.
    let running: Task<Void, Never>?

    func end() async {
      running?.cancel()
      await running?.value
    }
  }

  let way: Way
  let client: Client
  /// The same account through a client that has seen nothing go wrong.
  let witness: any AccountReader
  let world: LoopbackWorld
  let numbers = Numbers()
  private let making: Making

  var gateway: any OrderGateway { client.gateway }
  var account: any AccountReader { client.account }
  var clock: any WallClock { world.clock }
  var faults: FaultPlan { world.faults }

  /// Which service's faults an order meets, and under which name.
  var service: String { (way.isBinance ? "binance" : "bybit") + (way.isSocket ? "_stream" : "") }

  var placing: String {
    switch way {
    case .bybitREST: "order/create"
    case .bybitSocket: "order.create"
    case .binanceREST: "order"
    case .binanceSocket: "order.place"
    }
  }

  /// Does something at the control interface, as a person would.
  func steer(_ path: String, _ body: JSONObject = [:]) async throws {
    let url = try RequestURL(world.addresses.control).appending(path: "/control/\(path)")
    _ = try await making.http.send(.json(.object(body), to: url)).checked()
  }

  /// Sets the venue's clock wrong.
  func skew(by milliseconds: Int64) async throws {
    try await steer(
      "skew",
      ["service": .string(way.isBinance ? "binance" : "bybit"), "ms": .integer(milliseconds)])
  }

  func desk(_ client: Client? = nil) -> OrderDesk {
    OrderDesk(
      gateway: client?.gateway ?? gateway, reader: client?.account ?? account,
      journal: ScriptedJournal(), clock: clock)
  }

  /// A client that was never told to be quiet, while `body` runs; a second after the last one, so that
  /// all of them together stay within the venue's limits.
  func freshClient(_ body: (Client) async throws -> Void) async throws {
    world.clock.advance(by: .seconds(1))
    let client = try await making.client(way)
    do {
      try await body(client)
    } catch {
      await client.end()
      throw error
    }
    await client.end()
  }

  /// Runs `body` on a venue that holds a position of 1 BTC.
  static func serving(_ way: Way, _ body: (ChaosVenue) async throws -> Void) async throws {
    await worlds.enter()
    do {
      try await world(way, body)
    } catch {
      await worlds.leave()
      throw error
    }
    await worlds.leave()
  }

  /// So many at a time, so that what takes long is the fault and not the machine.
  private static let worlds = Doorway(places: 10)

  private static func world(
    _ way: Way, _ body: (ChaosVenue) async throws -> Void
  ) async throws {
    let clock = HurriedClock()
    let http = CurlHTTPClient()
    let thread = EventLoopThread()
    let paper = PaperSettings(balance: "1000000")
    var options = LoopbackOptions(paper: paper)
    options.binance.paper = PaperSettings(balance: "1000000", rules: .binance)
    try await LoopbackWorld.serving(options, clock: clock, chance: SeededRandom(seed: 1)) { world in
      await world.exchange.setPaused(true)
      let made = Making(world: world, http: http, thread: thread, clock: world.clock)
      let client = try await made.client(way)
      let witness = try await made.client(way.isBinance ? .binanceREST : .bybitREST).account
      let venue = ChaosVenue(
        way: way, client: client, witness: witness, world: world, making: made)
      do {
        try await venue.open()
        try await body(venue)
      } catch {
        await client.end()
        throw error
      }
      await client.end()
    }
    await thread.shutdown()
    await http.shutdown()
  }
}

extension ChaosVenue {
  private func open() async throws {
    do {
      _ = try await gateway.place(
        OrderRequest(id: ClientOrderID("open"), symbol: Self.symbol, side: .buy, quantity: "1"))
    } catch VenueError.outcomeUnknown {
      // The machine was slow: then it is there, or the test fails.
    }
    while try await witness.readAccount().positions.isEmpty { try Task.checkCancellation() }
  }
}

/// Makes the clients, with waits that fit the hurried clock.
private struct Making {
  let world: LoopbackWorld
  let http: CurlHTTPClient
  let thread: EventLoopThread
  let clock: any WallClock

  private static let timeout = Duration.seconds(1)

  private var log: Logger { Logger(label: "chaos") { _ in SwiftLogNoOpLogHandler() } }

  func client(_ way: ChaosVenue.Way) async throws -> ChaosVenue.Client {
    try await way.isBinance ? binance(socket: way.isSocket) : bybit(socket: way.isSocket)
  }

  private func bybit(socket usesSocket: Bool) async throws -> ChaosVenue.Client {
    let keys = BybitKeys(
      key: Secret(world.addresses.apiKey), secret: Secret(world.addresses.apiSecret))
    let settings = Bybit.BybitSettings(
      restURL: world.addresses.bybitREST, webSocketURL: world.addresses.bybitStreams,
      totalTimeout: Self.timeout)
    let rest = try BybitREST(http: http, settings: settings, keys: keys, clock: clock, log: log)
    guard usesSocket,
      let socket = BybitTradeSocket(
        settings: settings, keys: keys, clockOffset: { rest.clockOffset },
        connector: WebSocketConnector(chance: SeededRandom(seed: 1)), loop: thread.loop,
        clock: clock, chance: SeededRandom(seed: 2), log: log)
    else {
      return ChaosVenue.Client(
        gateway: BybitOrders(rest: rest, socket: nil), account: rest, running: nil)
    }
    let running = Task { await socket.run { _ in } }
    while !socket.isUp, !Task.isCancelled { await Task.yield() }
    return ChaosVenue.Client(
      gateway: BybitOrders(rest: rest, socket: socket), account: rest, running: running)
  }

  private func binance(socket usesSocket: Bool) async throws -> ChaosVenue.Client {
    let keys = BinanceKeys(
      key: Secret(world.addresses.apiKey), signer: .hmac(Secret(world.addresses.apiSecret)))
    let streams = world.addresses.binanceStreams
    let settings = Binance.BinanceSettings(
      webSocketURL: streams, restURL: world.addresses.binanceREST,
      tradeURL: usesSocket ? "\(streams)/ws-fapi/v1" : "", totalTimeout: Self.timeout)
    let rest = try BinanceREST(http: http, settings: settings, keys: keys, clock: clock, log: log)
    guard usesSocket else {
      return ChaosVenue.Client(gateway: rest, account: rest, running: nil)
    }
    let told = EventBook()
    let client = BinanceStreams(
      settings: settings, rest: rest, roles: [.account],
      connector: WebSocketConnector(chance: SeededRandom(seed: 1)), loop: thread.loop,
      clock: clock, chance: SeededRandom(seed: 2), log: log)
    let running = Task { await client.run(publish: told.take) }
    while rest.trade?.isUp != true, !Task.isCancelled { await Task.yield() }
    return ChaosVenue.Client(gateway: rest, account: rest, running: running)
  }
}
