import Logging
import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

/// What every venue keeps, asked of Binance's client and its loopback server over real sockets.
@Suite(.timeLimit(.minutes(1)))
struct BinancePromiseTests {
  /// Orders go by REST, or by the WebSocket API where that is up.
  enum Way: String, CaseIterable, CustomTestStringConvertible {
    case rest, socket
    var testDescription: String { rawValue }
  }

  @Test(arguments: VenuePromise.all, Way.allCases)
  func `Binance keeps what every venue keeps`(promise: VenuePromise, way: Way) async throws {
    let time = ManualClock()
    let http = CurlHTTPClient()
    let thread = EventLoopThread()
    var options = LoopbackOptions()
    options.binance.paper = PaperSettings(balance: "10000", rules: .binance)
    try await LoopbackWorld.serving(options, clock: time, chance: SeededRandom(seed: 1)) { world in
      let streams = world.addresses.binanceStreams
      let settings = Binance.BinanceSettings(
        webSocketURL: streams, restURL: world.addresses.binanceREST,
        tradeURL: way == .socket ? "\(streams)/ws-fapi/v1" : "")
      let keys = BinanceKeys(
        key: Secret(world.addresses.apiKey), signer: .hmac(Secret(world.addresses.apiSecret)))
      let log = Logger(label: "binance") { _ in SwiftLogNoOpLogHandler() }
      let rest = try BinanceREST(
        http: http, settings: settings, keys: keys, clock: world.clock, log: log)
      let book = EventBook()
      let client = BinanceStreams(
        settings: settings, rest: rest, roles: [.account],
        connector: WebSocketConnector(chance: SeededRandom(seed: 1)), loop: thread.loop,
        clock: world.clock, chance: SeededRandom(seed: 2), log: log)
      let running = Task { await client.run(publish: book.take) }
      await book.chronicle.wait(for: "gap")
      while way == .socket, rest.trade?.isUp != true, !Task.isCancelled { await Task.yield() }
      do {
        try await promise.isKept(
          by: VenueUnderTest(
            gateway: rest, account: rest, market: rest, told: book, clock: world.clock,
            move: { symbol, share in await world.exchange.jump([symbol], by: share) },
            pay: { amount in
              let url = try RequestURL(world.addresses.control)
                .appending(path: "/control/binance/deposit")
              _ = try await http.send(.json(["amount": JSONValue(amount)], to: url)).checked()
            },
            hedge: { try await rest.setHedgeMode(true) },
            pass: { world.clock.advance(by: $0) }))
      } catch {
        running.cancel()
        await running.value
        throw error
      }
      running.cancel()
      await running.value
    }
    await thread.shutdown()
    await http.shutdown()
  }
}
