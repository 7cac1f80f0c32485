import Binance
import Bybit
import Logging
import NIOCore
import Simulation
import TradingModel
import Transport

/// Everything that trading needs of the outside, behind the model's ports.
struct VenuePorts: Sendable {
  var gateway: any OrderGateway
  var account: any AccountReader
  var market: any MarketReader
  var streams: [any VenueStreams]
  /// Listens to the prices of these symbols from now on, too.
  var follow: @Sendable ([Symbol]) -> Void
  /// The paper account, when there is one: it must hear of prices and rules.
  var paper: PaperExchange?
}

/// Builds the venues that the settings name.
struct VenueCatalog {
  let settings: Settings
  let secrets: Secrets
  let network: NetworkSettings
  let readings: any HTTPClient
  let orders: LoopHTTPClient
  let loop: any EventLoop
  let clock: any WallClock
  let chance: any RandomSource

  /// - Throws: `SettingsProblem` for a missing secret or an address that is none.
  func ports() throws -> VenuePorts {
    let connector = WebSocketConnector(chance: chance, network: network)
    let keys = try settings.mode == .live ? bybitKeys() : nil
    let rest = try bybitREST(keys: keys)
    let access = keys.map { keys in
      BybitStreams.PrivateAccess(
        keys: keys, clockOffset: { rest.clockOffset }, marginMode: { rest.lastMarginMode })
    }
    let source = settings.liquidation?.source ?? .binance
    let bybit = BybitStreams(
      settings: bybitSettings, account: access, liquidations: source != .binance,
      connector: connector, loop: loop, clock: clock, chance: chance,
      log: Logger(label: "bybit"))
    var streams: [any VenueStreams] = [bybit]
    if source != .bybit {
      streams.append(
        BinanceStreams(
          settings: binanceSettings, connector: connector, loop: loop, clock: clock,
          chance: chance, log: Logger(label: "binance")))
    }
    guard settings.mode == .paper else {
      return VenuePorts(
        gateway: rest, account: rest, market: rest, streams: streams, follow: bybit.follow)
    }
    let paper = PaperExchange(
      settings: PaperSettings(
        balance: settings.paperBalance, series: UInt64(max(0, clock.now.seconds))),
      instruments: [], prices: .bybit, clock: clock)
    return VenuePorts(
      gateway: paper, account: paper, market: rest, streams: streams + [paper],
      follow: bybit.follow, paper: paper)
  }

  private func bybitKeys() throws -> BybitKeys {
    var missing: [String] = []
    func secret(_ name: String) -> Secret {
      guard let text = secrets[name] else {
        missing.append(name)
        return Secret("")
      }
      return Secret(text)
    }
    let keys = BybitKeys(key: secret("BYBIT_API_KEY"), secret: secret("BYBIT_API_SECRET"))
    guard missing.isEmpty else {
      throw SettingsProblem(
        place: missing.joined(separator: ", "),
        text: "missing secret: live trading needs it in the environment or in .env")
    }
    return keys
  }

  private func bybitREST(keys: BybitKeys?) throws -> BybitREST {
    do {
      // An order finds its connection open.
      if keys != nil { orders.keepWarm(try RequestURL(bybitSettings.restURL)) }
      return try BybitREST(
        http: SplitHTTPClient(readings: readings, changes: orders), settings: bybitSettings,
        keys: keys, clock: clock,
        log: Logger(label: "bybit"))
    } catch {
      throw SettingsProblem(place: "venue.endpoints.bybit_rest", text: "\(error)")
    }
  }

  private var bybitSettings: BybitSettings {
    var found =
      BybitSettings(settings.environment) ?? BybitSettings(restURL: "", webSocketURL: "")
    if let url = settings.endpoints.bybitREST { found.restURL = url }
    if let url = settings.endpoints.bybitWebSocket {
      found.webSocketURL = url
      found.privateWebSocketURL = url
    }
    return found
  }

  private var binanceSettings: BinanceSettings {
    var found = BinanceSettings(settings.environment) ?? BinanceSettings(webSocketURL: "")
    if let url = settings.endpoints.binanceWebSocket { found.webSocketURL = url }
    return found
  }
}
