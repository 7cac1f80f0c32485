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

  let way: Way
  let gateway: any OrderGateway
  let account: any AccountReader
  /// The same account through a client that has seen nothing go wrong.
  let witness: any AccountReader
  let clock: any WallClock
  let faults: FaultPlan
  private let control: String
  private let http: CurlHTTPClient

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

  /// Sets the venue's clock wrong.
  func skew(by milliseconds: Int64) async throws {
    let url = try RequestURL(control).appending(path: "/control/skew")
    let body: JSONValue = [
      "service": .string(way.isBinance ? "binance" : "bybit"), "ms": .integer(milliseconds),
    ]
    _ = try await http.send(.json(body, to: url)).checked()
  }

  func desk() -> OrderDesk {
    OrderDesk(gateway: gateway, reader: account, journal: ScriptedJournal(), clock: clock)
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
      let (gateway, account, running) = try await made.client(way)
      let (_, witness, _) = try await made.client(way.isBinance ? .binanceREST : .bybitREST)
      let venue = ChaosVenue(
        way: way, gateway: gateway, account: account, witness: witness, clock: world.clock,
        faults: world.faults,
        control: world.addresses.control, http: http)
      do {
        try await venue.open()
        try await body(venue)
      } catch {
        running?.cancel()
        await running?.value
        throw error
      }
      running?.cancel()
      await running?.value
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
  typealias Client = (any OrderGateway, any AccountReader, Task<Void, Never>?)

  let world: LoopbackWorld
  let http: CurlHTTPClient
  let thread: EventLoopThread
  let clock: any WallClock

  private static let timeout = Duration.seconds(1)

  private var log: Logger { Logger(label: "chaos") { _ in SwiftLogNoOpLogHandler() } }

  func client(_ way: ChaosVenue.Way) async throws -> Client {
    try await way.isBinance ? binance(socket: way.isSocket) : bybit(socket: way.isSocket)
  }

  private func bybit(socket usesSocket: Bool) async throws -> Client {
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
    else { return (BybitOrders(rest: rest, socket: nil), rest, nil) }
    let running = Task { await socket.run { _ in } }
    while !socket.isUp, !Task.isCancelled { await Task.yield() }
    return (BybitOrders(rest: rest, socket: socket), rest, running)
  }

  private func binance(socket usesSocket: Bool) async throws -> Client {
    let keys = BinanceKeys(
      key: Secret(world.addresses.apiKey), signer: .hmac(Secret(world.addresses.apiSecret)))
    let streams = world.addresses.binanceStreams
    let settings = Binance.BinanceSettings(
      webSocketURL: streams, restURL: world.addresses.binanceREST,
      tradeURL: usesSocket ? "\(streams)/ws-fapi/v1" : "", totalTimeout: Self.timeout)
    let rest = try BinanceREST(http: http, settings: settings, keys: keys, clock: clock, log: log)
    guard usesSocket else { return (rest, rest, nil) }
    let told = EventBook()
    let client = BinanceStreams(
      settings: settings, rest: rest, roles: [.account],
      connector: WebSocketConnector(chance: SeededRandom(seed: 1)), loop: thread.loop,
      clock: clock, chance: SeededRandom(seed: 2), log: log)
    let running = Task { await client.run(publish: told.take) }
    while rest.trade?.isUp != true, !Task.isCancelled { await Task.yield() }
    return (rest, rest, running)
  }
}
