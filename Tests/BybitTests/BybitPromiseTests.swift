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
  @Test(arguments: VenuePromise.all)
  func `Bybit keeps what every venue keeps`(promise: VenuePromise) async throws {
    let time = ManualClock()
    let http = CurlHTTPClient()
    try await LoopbackWorld.serving(
      LoopbackOptions(paper: PaperSettings(balance: "10000")), clock: time,
      chance: SeededRandom(seed: 1)
    ) { world in
      let keys = BybitKeys(
        key: Secret(world.addresses.apiKey), secret: Secret(world.addresses.apiSecret))
      let rest = try BybitREST(
        http: http,
        settings: Bybit.BybitSettings(restURL: world.addresses.bybitREST, webSocketURL: ""),
        keys: keys, clock: world.clock,
        log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() })
      let listening = Listening(keys: keys)
      try await listening.to(world.addresses.bybitStreams) { _ in
        // Subscribed: from here on everything is told.
        await listening.book.chronicle.wait(for: "gap")
        try await promise.isKept(
          by: VenueUnderTest(
            gateway: BybitOrders(rest: rest, socket: nil), account: rest, market: rest,
            told: listening.book,
            clock: world.clock,
            move: { symbol, share in await world.exchange.jump([symbol], by: share) },
            pay: { amount in try await world.exchange.transfer(amount) },
            pass: { world.clock.advance(by: $0) }))
      }
    }
    await http.shutdown()
  }
}
