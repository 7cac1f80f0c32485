import Bybit
import Engine
import Logging
import Loopback
import Simulation
import TestSupport
import TradingModel
import Transport

@testable import Binance

/// A loopback world whose market moves, and clients of one venue that listen to it.
struct StreamVenue: Sendable {
  enum Name: String, Sendable, CaseIterable { case bybit, binance }

  static let symbol: Symbol = "BTCUSDT"

  let name: Name
  let world: LoopbackWorld
  let gateway: any OrderGateway
  let account: any AccountReader
  private let http: CurlHTTPClient
  private let binance: BinanceREST
  private let keys: BybitKeys
  private let thread: EventLoopThread

  var clock: any WallClock { world.clock }
  private var service: String { "\(name.rawValue)_stream" }

  /// What faults call the changes of the book.
  var books: String { name == .bybit ? "orderbook.50.BTCUSDT" : "btcusdt@depth@100ms" }

  /// What faults call the messages of the account that a market order leads to.
  static func accountTopics(_ name: Name) -> [String] {
    name == .bybit
      ? ["execution", "order", "position", "wallet"] : ["ORDER_TRADE_UPDATE", "ACCOUNT_UPDATE"]
  }

  /// Runs `body` with a venue whose market moves.
  static func serving(_ name: Name, _ body: (StreamVenue) async throws -> Void) async throws {
    await worlds.enter()
    do {
      try await make(name, body)
    } catch {
      await worlds.leave()
      throw error
    }
    await worlds.leave()
  }

  private static let worlds = Doorway(places: 8)
  private static let log = Logger(label: "chaos") { _ in SwiftLogNoOpLogHandler() }

  private static func make(
    _ name: Name, _ body: (StreamVenue) async throws -> Void
  ) async throws {
    let http = CurlHTTPClient()
    let thread = EventLoopThread()
    var options = LoopbackOptions(seed: 3, paper: PaperSettings(balance: "1000000"))
    options.binance.paper = PaperSettings(balance: "1000000", rules: .binance)
    try await LoopbackWorld.serving(
      options, clock: HurriedClock(), chance: SeededRandom(seed: 1)
    ) { world in
      let key = Secret(world.addresses.apiKey)
      let secret = Secret(world.addresses.apiSecret)
      let keys = BybitKeys(key: key, secret: secret)
      let bybit = try BybitREST(
        http: http,
        settings: Bybit.BybitSettings(
          restURL: world.addresses.bybitREST, webSocketURL: world.addresses.bybitStreams),
        keys: keys, clock: world.clock, log: log)
      let binance = try BinanceREST(
        http: http, settings: binanceSettings(world),
        keys: BinanceKeys(key: key, signer: .hmac(secret)), clock: world.clock, log: log)
      try await body(
        StreamVenue(
          name: name, world: world,
          gateway: name == .bybit ? BybitOrders(rest: bybit, socket: nil) : binance,
          account: name == .bybit ? bybit : binance, http: http, binance: binance,
          keys: keys, thread: thread))
    }
    await thread.shutdown()
    await http.shutdown()
  }

  private static func binanceSettings(_ world: LoopbackWorld) -> Binance.BinanceSettings {
    Binance.BinanceSettings(
      webSocketURL: world.addresses.binanceStreams, restURL: world.addresses.binanceREST)
  }

  var desk: OrderDesk {
    OrderDesk(gateway: gateway, reader: account, journal: ScriptedJournal(), clock: clock)
  }

  /// Does something at the control interface, as a person would.
  func steer(_ path: String, _ body: JSONObject = [:]) async throws {
    let url = try RequestURL(world.addresses.control).appending(path: "/control/\(path)")
    _ = try await http.send(.json(.object(body), to: url)).checked()
  }

  // MARK: Clients

  /// Keeps a book while `body` runs.
  func keepingBook(_ body: (BookAlbum) async throws -> Void) async throws {
    let album = BookAlbum()
    switch name {
    case .bybit:
      let streams = bybitStreams(
        account: nil, feeds: PublicFeeds(tickers: false, book: .fifty), listener: album)
      streams.follow([Self.symbol])
      try await running(streams) { try await body(album) }
    case .binance:
      let streams = binanceStreams(roles: [], listener: album)
      streams.followBooks([Self.symbol])
      try await running(streams) { try await body(album) }
    }
  }

  /// Listens to the account while `body` runs; the account was read when it begins.
  func hearingAccount(_ body: (EventBook) async throws -> Void) async throws {
    let told = EventBook()
    let streams: any VenueStreams =
      switch name {
      case .bybit:
        bybitStreams(
          account: BybitStreams.PrivateAccess(keys: keys, marginMode: { .isolated }),
          feeds: PublicFeeds(tickers: false))
      case .binance: binanceStreams(roles: [.account])
      }
    try await running(streams, publish: told.take) {
      await told.chronicle.wait(for: "gap")
      _ = try await account.readAccount()
      try await body(told)
    }
  }

  private func running(
    _ streams: any VenueStreams, publish: @escaping @Sendable (VenueEvent) -> Void = { _ in },
    _ body: () async throws -> Void
  ) async throws {
    let running = Task { await streams.run(publish: publish) }
    do {
      try await body()
    } catch {
      running.cancel()
      await running.value
      throw error
    }
    running.cancel()
    await running.value
  }

  private func bybitStreams(
    account: BybitStreams.PrivateAccess?, feeds: PublicFeeds, listener: BookAlbum? = nil
  ) -> BybitStreams {
    BybitStreams(
      settings: Bybit.BybitSettings(restURL: "", webSocketURL: world.addresses.bybitStreams),
      account: account, feeds: feeds, listener: listener, connector: Self.connector,
      loop: thread.loop, clock: clock, chance: SeededRandom(seed: 2), log: Self.log)
  }

  private func binanceStreams(
    roles: Set<BinanceStreams.Role>, listener: BookAlbum? = nil
  ) -> BinanceStreams {
    BinanceStreams(
      settings: Self.binanceSettings(world), rest: binance, roles: roles, listener: listener,
      connector: Self.connector, loop: thread.loop, clock: clock, chance: SeededRandom(seed: 2),
      log: Self.log)
  }

  /// Finds a silent connection out within three seconds of the machine.
  private static var connector: WebSocketConnector {
    WebSocketConnector(chance: SeededRandom(seed: 1)) { options in
      options.heartbeat?.interval = .seconds(1)
      options.heartbeat?.deadline = .seconds(2)
    }
  }

  // MARK: Faults

  /// Lets a fault strike the messages of a topic.
  func strike(_ topic: String, _ fault: Fault, skip: Int = 0, times: Int = 1) {
    world.faults.add(
      FaultRule(service: service, endpoint: topic, fault, skip: skip, times: times))
  }

  /// How often a fault struck, as the transcript tells.
  var strikes: Int {
    world.transcript.lines().count { $0.service == service && $0.text.hasPrefix("! ") }
  }

  /// Waits until something is so; a minute and a half of the hurried clock at the most.
  func expect(_ what: String, until isSo: () -> Bool) async throws {
    let deadline = clock.now + .seconds(90)
    while !isSo() {
      guard clock.now < deadline else { throw NeverHappened(what: what) }
      try await clock.sleep(for: .milliseconds(80))
    }
  }

  struct NeverHappened: Error { let what: String }
}
