import Bybit
import Logging
import TradingModel
import Transport

/// Our Bybit client as the program has it, pointed at a port of this machine: one thread with one
/// event loop for sockets and orders, readings elsewhere.
struct BybitSetup {
  let thread = EventLoopThread()
  let clock: SpacedClock
  let chance = SplitMixChance(seed: 2)
  let log = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
  let settings: BybitSettings
  let keys: BybitKeys
  let loopClient: LoopHTTPClient
  let rest: BybitREST

  /// - Parameters:
  ///   - key: And its secret: what the other side expects.
  ///   - readings: The way that GETs go.
  ///   - ordersPerSecond: What the account may.
  init(
    port: Int, key: String = "benchkey", secret: String = "benchsecret",
    clock: SpacedClock = SpacedClock(), readings: any HTTPClient = CurlHTTPClient(),
    ordersPerSecond: Int = 10
  ) throws {
    self.clock = clock
    var settings = BybitSettings(
      restURL: "http://127.0.0.1:\(port)", webSocketURL: "ws://127.0.0.1:\(port)")
    settings.ordersPerSecond = ordersPerSecond
    self.settings = settings
    keys = BybitKeys(key: Secret(key), secret: Secret(secret))
    loopClient = LoopHTTPClient(on: thread.loop, chance: chance)
    let http = SplitHTTPClient(readings: readings, changes: loopClient)
    rest = try BybitREST(http: http, settings: settings, keys: keys, clock: clock, log: log)
    loopClient.keepWarm(try RequestURL(settings.restURL))
  }

  /// Orders over the trade connection, whose `run` is the caller's business.
  func tradeSocket() -> BybitTradeSocket? {
    BybitTradeSocket(
      settings: settings, keys: keys, clockOffset: { .zero },
      connector: WebSocketConnector(chance: chance), loop: thread.loop, clock: clock,
      chance: chance, log: log)
  }

  /// Closes the connections. The thread stays: whoever was on it may still be let go there.
  func shutdown() async { await loopClient.shutdown() }
}
