import Logging
import NIOCore
import TradingModel
import Transport

/// Binance's all-market streams: liquidations, with mark prices every second as their heartbeat, and
/// tickers for the last price and the rolling VWAP.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams
public struct BinanceStreams: VenueStreams {
  /// `!forceOrder@arr` sends one object a message, despite its name.
  private static let path = "/market/stream"
  private static let query = "streams=!forceOrder@arr/!markPrice@arr@1s/!ticker@arr"

  private let settings: BinanceSettings
  private let connector: WebSocketConnector
  private let loop: any EventLoop
  private let clock: any WallClock
  private let chance: any RandomSource
  private let log: Logger

  /// - Parameter loop: Where frames arrive, and where `publish` is called.
  public init(
    settings: BinanceSettings, connector: WebSocketConnector, loop: any EventLoop,
    clock: any WallClock, chance: any RandomSource, log: Logger
  ) {
    self.settings = settings
    self.connector = connector
    self.loop = loop
    self.clock = clock
    self.chance = chance
    self.log = log
  }

  public func run(publish: @escaping @Sendable (VenueEvent) -> Void) async {
    // Mark prices come every second: half a minute without any message is a dead connection. The
    // venue pings by itself and closes after 24 hours; reconnecting covers that.
    let options = WebSocketOptions(silenceLimit: .seconds(30))
    let base = settings.webSocketURL
    let outage = Outage(of: "Binance's stream", clock: clock, log: log)
    let stream = ReconnectingWebSocket(
      connector: connector, loop: loop, clock: clock, chance: chance, options: options,
      address: { () async throws(WebSocketError) in
        do throws(InvalidURL) {
          return try RequestURL(base).appending(path: Self.path).with(query: Self.query)
        } catch {
          throw .connect("\(error)")
        }
      },
      observe: { [log] event in
        switch event {
        case .opened: if !outage.end() { log.info("Binance stream open") }
        case .lost(let error, _):
          outage.note("\(error)")
          publish(.link(.liquidations, isUp: false, detail: "\(error)"))
        }
      },
      makeHandler: { [clock] _ in MarketHandler(clock: clock, publish: publish) })
    await stream.run()
  }
}
