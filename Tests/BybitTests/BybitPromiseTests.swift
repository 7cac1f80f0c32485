import Logging
import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

/// What every venue keeps, asked of Bybit's client and its loopback server over real sockets.
@Suite(.timeLimit(.minutes(1)))
struct BybitPromiseTests {
  /// Orders go by REST, or on the trade connection where that is up.
  enum Way: String, CaseIterable, CustomTestStringConvertible {
    case rest, socket
    var testDescription: String { rawValue }
  }

  @Test(arguments: VenuePromise.all, Way.allCases)
  func `Bybit keeps what every venue keeps`(promise: VenuePromise, way: Way) async throws {
    let time = ManualClock()
    let http = CurlHTTPClient()
    try await LoopbackWorld.serving(
      LoopbackOptions(paper: PaperSettings(balance: "10000")), clock: time,
      chance: SeededRandom(seed: 1)
    ) { world in
      let keys = BybitKeys(
        key: Secret(world.addresses.apiKey), secret: Secret(world.addresses.apiSecret))
      let settings = Bybit.BybitSettings(
        restURL: world.addresses.bybitREST, webSocketURL: world.addresses.bybitStreams)
      let log = Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() }
      let rest = try BybitREST(
        http: http, settings: settings, keys: keys, clock: world.clock, log: log)
      let thread = EventLoopThread()
      let socket = BybitTradeSocket(
        settings: settings, keys: keys, clockOffset: { rest.clockOffset },
        connector: WebSocketConnector(chance: SeededRandom(seed: 1)), loop: thread.loop,
        clock: world.clock, chance: SeededRandom(seed: 2), log: log)
      let trading = Task { if way == .socket { await socket?.run { _ in } } }
      if way == .socket { await socket?.waitUntilUp() }
      let listening = Listening(keys: keys)
      try await listening.to(world.addresses.bybitStreams) { _ in
        // Subscribed: from here on everything is told.
        await listening.book.chronicle.wait(for: "gap")
        try await promise.isKept(
          by: VenueUnderTest(
            gateway: BybitOrders(rest: rest, socket: socket), account: rest, market: rest,
            told: listening.book,
            clock: world.clock,
            move: { symbol, share in await world.exchange.jump([symbol], by: share) },
            pay: { amount in try await world.exchange.transfer(amount) },
            hedge: { try await rest.setPositionMode(.hedge, for: nil) },
            pass: { world.clock.advance(by: $0) }))
      }
      trading.cancel()
      await trading.value
      await thread.shutdown()
    }
    await http.shutdown()
  }
}
