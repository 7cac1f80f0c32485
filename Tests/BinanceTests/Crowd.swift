import Logging
import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

/// Fifty contracts of the loopback Binance, its limits on, and our client before it.
struct Crowd {
  let clock: any WallClock
  let http: ServedHTTP
  let rest: BinanceREST
  let symbols: [Symbol]

  /// - Parameter count: How many contracts there are.
  init(clock: any WallClock, count: Int = 50) async throws {
    self.clock = clock
    let model = try #require(SyntheticSymbol.defaults.first)
    let contracts = (0..<count).map { number in
      var contract = model
      contract.instrument.symbol = Symbol(venueName: "C\(10 + number)USDT")
      return contract
    }
    symbols = contracts.map(\.instrument.symbol)
    let exchange = LoopbackExchange(
      market: SyntheticMarket(seed: 1, symbols: contracts, start: clock.now), clock: clock)
    var settings = Loopback.BinanceSettings()
    settings.paper = PaperSettings(balance: "1000000", rules: .binance)
    let venue = await BinanceVenue(exchange, settings: settings, clock: clock)
    http = ServedHTTP(
      BinanceServer(
        venue, clock: clock, faults: FaultPlan(), transcript: Transcript(clock: clock)),
      clock: clock)
    rest = try BinanceREST(
      http: http,
      settings: Binance.BinanceSettings(webSocketURL: "", restURL: "http://venue.test"),
      keys: BinanceKeys(
        key: Secret(settings.apiKey), signer: .hmac(Secret(settings.apiSecret))), clock: clock,
      log: Logger(label: "binance") { _ in SwiftLogNoOpLogHandler() })
  }

  /// A long of each contract, with that stop.
  func enter(stop: Price? = "50000") async throws {
    for (number, symbol) in symbols.enumerated() {
      _ = try await rest.place(.entry(id: "liq-a-\(number)", symbol: symbol, stop: stop))
      try await clock.sleep(for: .milliseconds(200))
    }
  }

  /// Of each contract a limit order that does not fill, and a stop order that would open a position.
  func rest(withStopOrders: Bool = false) async throws {
    for (number, symbol) in symbols.enumerated() {
      _ = try await rest.place(
        .entry(id: "liq-b-\(number)", symbol: symbol, kind: .limit("60000", .goodTillCancelled)))
      guard withStopOrders else { continue }
      _ = try await rest.send(
        .change(
          .post, "/fapi/v1/algoOrder",
          [
            ("algoType", "CONDITIONAL"), ("symbol", symbol.name), ("side", "BUY"),
            ("type", "STOP_MARKET"), ("triggerPrice", "70000"), ("quantity", "0.1"),
            ("clientAlgoId", "by-hand-\(number)"),
          ], weight: 0, orders: (1, 1)))
    }
  }

  /// Reads the account again and again; when each reading was there.
  func poll(for span: Duration, every pause: Duration) async throws -> [Timestamp] {
    var times: [Timestamp] = []
    let end = clock.now + span
    while clock.now < end {
      #expect(try await rest.readAccount().positions.count <= symbols.count)
      times.append(clock.now)
      try await clock.sleep(for: pause)
    }
    return times
  }

  /// What the venue refused because it was too much.
  var refusals: [String] { http.exchanges.filter { [418, 429].contains($0.status) }.map(\.line) }
}
