import Binance
import Bybit
import Logging
import NIOCore
import Simulation
import Strategies
import TradingModel
import Transport

/// Everything that trading needs of the outside, behind the model's ports.
struct VenuePorts: Sendable {
  var gateway: any OrderGateway
  var account: any AccountReader
  var market: any MarketReader
  /// Candles of the executing venue; on paper of the one whose prices fill the orders.
  var candles: any CandleReader
  var streams: [any VenueStreams]
  /// Listens to the prices of these symbols from now on, too.
  var follow: @Sendable ([Symbol]) -> Void
  /// The paper account, when there is one: it must hear of prices and rules.
  var paper: PaperExchange?
  /// Hears the books that fill its orders.
  var paperBooks: PaperBooks?
  /// Reads the risk limits that the paper account's positions are held to; nil where they are not
  /// public and there is no key.
  var paperTiers: PaperTierWatch.Reading?
  /// It begins anew: what the journal knows of an account is of another one.
  var isPaperFresh = false
  /// Prepares the account before the streams are listened to.
  var arm: @Sendable () async -> Void = {}
  /// Why the account can't be traded at all as it is set up; nil when it can, or that can't be read.
  var unfitness: @Sendable () async -> String? = { nil }
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
  /// Takes what a person must know of the paper account's file.
  let alarms: Mailbox<Alert>
  /// Only what is open is looked after: no signals are listened to.
  var isStandIn = false
  /// Connections for orders are opened now, so that an order finds them open.
  var isWarm = true

  private func seesLiquidations(of venue: Venue) -> Bool {
    !isStandIn && (settings.liquidation?.source ?? .binance).includes(venue)
  }

  /// Liquidations may be silent for long, and so may the prices of a short allowlist: this topic
  /// speaks several times a second on every connection, so that its silence is the connection's.
  private static let signOfLife = PublicTopic(.ticker, of: Symbol(venueName: "BTCUSDT"))

  /// - Throws: `SettingsProblem` for a missing secret, an address that is none, or a paper account
  ///   that can't be read.
  func ports() throws -> VenuePorts {
    if settings.venue == .binance { return try binancePorts() }
    let connector = WebSocketConnector(chance: chance, network: network)
    let keys = try settings.mode == .live ? bybitKeys() : nil
    let rest = try bybitREST(keys: keys)
    let dead = DisconnectGuard(rest: rest, log: Logger(label: "bybit"))
    let access = keys.map { keys in
      BybitStreams.PrivateAccess(
        keys: keys, clockOffset: { rest.clockOffset }, marginMode: { rest.lastMarginMode },
        guardsAgainstDisconnect: { dead.isArmed })
    }
    let books = settings.mode == .paper ? PaperBooks(clock: clock) : nil
    let bybit = BybitStreams(
      settings: bybitSettings, account: access,
      feeds: PublicFeeds(
        liquidations: seesLiquidations(of: .bybit), book: books == nil ? nil : .fifty),
      listener: books, connector: connector, loop: loop, clock: clock, chance: chance,
      log: Logger(label: "bybit"))
    bybit.keepAlive(by: Self.signOfLife)
    var streams: [any VenueStreams] = [bybit]
    if seesLiquidations(of: .binance) {
      streams.append(
        BinanceStreams(
          settings: binanceSettings, connector: connector, loop: loop, clock: clock,
          chance: chance, log: Logger(label: "binance")))
    }
    guard settings.mode == .paper else {
      let socket = keys.flatMap { keys in
        BybitTradeSocket(
          settings: bybitSettings, keys: keys, clockOffset: { rest.clockOffset },
          connector: connector, loop: loop, clock: clock, chance: chance,
          log: Logger(label: "bybit"))
      }
      if let socket { streams.append(socket) }
      return VenuePorts(
        gateway: BybitOrders(rest: rest, socket: socket), account: rest, market: rest,
        candles: rest, streams: streams, follow: bybit.follow, arm: dead.arm)
    }
    let (paper, isFresh) = try paperExchange(prices: .bybit, readsTiers: true)
    return VenuePorts(
      gateway: paper, account: paper, market: rest, candles: rest, streams: streams + [paper],
      follow: bybit.follow, paper: paper, paperBooks: books,
      paperTiers: { () async throws(VenueError) in PaperTier.bybit(try await rest.riskTiers()) },
      isPaperFresh: isFresh)
  }

  /// Binance as executing venue, or as the one whose prices fill paper orders.
  private func binancePorts() throws -> VenuePorts {
    let connector = WebSocketConnector(chance: chance, network: network)
    let keys = try settings.mode == .live ? binanceKeys() : nil
    let rest = try binanceREST(keys: keys)
    var roles: Set<BinanceStreams.Role> = [.prices]
    if seesLiquidations(of: .binance) { roles.insert(.liquidations) }
    if keys != nil { roles.insert(.account) }
    let books = settings.mode == .paper ? PaperBooks(clock: clock) : nil
    let binance = BinanceStreams(
      settings: binanceSettings, rest: rest, roles: roles, listener: books, connector: connector,
      loop: loop, clock: clock, chance: chance, log: Logger(label: "binance"))
    var streams: [any VenueStreams] = [binance]
    var follow: @Sendable ([Symbol]) -> Void = { [hasBooks = books != nil] symbols in
      binance.follow(symbols)
      if hasBooks { binance.followBooks(symbols) }
    }
    if seesLiquidations(of: .bybit) {
      let bybit = BybitStreams(
        settings: bybitSettings, account: nil,
        feeds: PublicFeeds(tickers: false, liquidations: true), connector: connector, loop: loop,
        clock: clock, chance: chance, log: Logger(label: "bybit"))
      bybit.keepAlive(by: Self.signOfLife)
      streams.append(bybit)
      follow = { [follow] symbols in
        follow(symbols)
        bybit.follow(symbols)
      }
    }
    guard settings.mode == .paper else {
      return VenuePorts(
        gateway: rest, account: rest, market: rest, candles: rest, streams: streams, follow: follow,
        unfitness: rest.unfitness)
    }
    let tiers = try binanceTiers()
    let (paper, isFresh) = try paperExchange(prices: .binance, readsTiers: tiers != nil)
    return VenuePorts(
      gateway: paper, account: paper, market: rest, candles: rest, streams: streams + [paper],
      follow: follow, paper: paper, paperBooks: books, paperTiers: tiers, isPaperFresh: isFresh)
  }

  /// Binance tells its brackets to those with a key alone; on paper nothing else is asked with it.
  private func binanceTiers() throws -> PaperTierWatch.Reading? {
    guard secrets["BINANCE_API_KEY"] != nil, secrets["BINANCE_API_SECRET"] != nil else {
      return nil
    }
    var cold = self
    cold.isWarm = false
    let rest = try cold.binanceREST(keys: binanceKeys())
    return { () async throws(VenueError) in PaperTier.binance(try await rest.leverageBrackets()) }
  }

  /// The paper account as it was left, or a new one.
  /// - Parameters:
  ///   - prices: Whose prices fill its orders.
  ///   - readsTiers: Its risk limits will be told.
  private func paperExchange(
    prices: Venue, readsTiers: Bool
  ) throws(SettingsProblem) -> (PaperExchange, isFresh: Bool) {
    let file = PaperAccountFile(path: "\(settings.stateFolder)/paper.json")
    let log = Logger(label: "paper")
    var account: PaperAccount?
    do {
      switch try file.open(at: clock.now) {
      case .fresh: log.notice("the paper account begins anew")
      case .found(let found): account = found
      case .setAside(let path, let why):
        log.error(
          "the paper account begins anew", metadata: ["why": "\(why)", "kept": "\(path)"])
        alarms.put(
          Alert(
            .p1, .reconciled(["The paper account began anew: \(file.path) \(why). Kept: \(path)"]),
            at: clock.now))
      }
    } catch {
      throw SettingsProblem(place: "state.folder", text: "\(error)")
    }
    var rules = settings.paper.venueSettings(prices: prices, readsTiers: readsTiers)
    rules.series = UInt64(max(0, clock.now.seconds))
    let paper = PaperExchange(
      settings: rules, instruments: [], prices: prices, clock: clock,
      line: (settings.paper.conditions, chance), account: account, file: file
    ) { [alarms, clock] keeping in
      switch keeping {
      case .works:
        log.notice("the paper account is written again")
      case .failing(let why):
        log.error("the paper account is not written", metadata: ["error": "\(why)"])
        alarms.put(
          Alert(.p1, .reconciled(["The paper account is not written: \(why)"]), at: clock.now))
      }
    }
    return (paper, account == nil)
  }

  /// The secret of an HMAC key, or an RSA private key in PEM.
  private func bybitKeys() throws -> BybitKeys {
    let (key, secret) = try keyAndSecret("BYBIT_API_KEY", "BYBIT_API_SECRET")
    do throws(BybitKeysError) {
      return try BybitKeys(key: key, secretOrPEM: secret)
    } catch {
      throw SettingsProblem(place: "BYBIT_API_SECRET", text: "\(error)")
    }
  }

  /// The secret of an HMAC key, or a private key in PEM.
  private func binanceKeys() throws -> BinanceKeys {
    let (key, secret) = try keyAndSecret("BINANCE_API_KEY", "BINANCE_API_SECRET")
    do throws(SigningKeyError) {
      return try BinanceKeys(key: key, secret: secret)
    } catch {
      throw SettingsProblem(place: "BINANCE_API_SECRET", text: "\(error)")
    }
  }

  private func keyAndSecret(_ key: String, _ secret: String) throws -> (Secret, Secret) {
    let missing = [key, secret].filter { secrets[$0] == nil }
    guard let key = secrets[key], let secret = secrets[secret] else {
      throw SettingsProblem(
        place: missing.joined(separator: ", "),
        text: "missing secret: live trading needs it in the environment or in .env")
    }
    return (Secret(key), Secret(secret))
  }

  private func binanceREST(keys: BinanceKeys?) throws -> BinanceREST {
    do {
      // An order finds its connection open.
      if keys != nil, isWarm { orders.keepWarm(try RequestURL(binanceSettings.restURL)) }
      return try BinanceREST(
        http: SplitHTTPClient(readings: readings, changes: orders), settings: binanceSettings,
        keys: keys, clock: clock,
        log: Logger(label: "binance"))
    } catch {
      throw SettingsProblem(place: "venue.endpoints.binance_rest", text: "\(error)")
    }
  }

  private func bybitREST(keys: BybitKeys?) throws -> BybitREST {
    do {
      // An order finds its connection open.
      if keys != nil, isWarm { orders.keepWarm(try RequestURL(bybitSettings.restURL)) }
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
      found.tradeWebSocketURL = url
    }
    return found
  }

  private var binanceSettings: BinanceSettings {
    var found = BinanceSettings(settings.environment) ?? BinanceSettings(webSocketURL: "")
    if let url = settings.endpoints.binanceREST { found.restURL = url }
    if let url = settings.endpoints.binanceWebSocket {
      found.webSocketURL = url
      found.privateWebSocketURL = url
      // The loopback serves orders beside the streams; of other addresses only streams are known.
      found.tradeURL = settings.environment == .loopback ? "\(url)/ws-fapi/v1" : ""
    }
    return found
  }
}
