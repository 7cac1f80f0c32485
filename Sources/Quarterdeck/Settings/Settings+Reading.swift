import Risk
import Strategies
import TradingModel
import Transport

extension Settings {
  /// Takes what `settings.yaml` says; the rest keeps its default.
  mutating func read(_ file: SettingsReader) {
    mode = file.choice("mode", default: mode)
    readVenue(file.section("venue"))
    readNetwork(file.section("network"))
    readChat(file.section("chat"))

    paper.read(file.section("paper"))

    let state = file.section("state")
    stateFolder = state.text("folder", default: stateFolder)
    stateFilesElsewhere = StateFilesElsewhere(reading: state)
    state.finish()

    guardian.read(file.section("guard"))
    longTerm = file.contracts("longterm")
    protectsManual = file.bool("protect_manual", default: protectsManual)
    setsLeverage = file.bool("check_leverage", default: setsLeverage)
    let limits = file.section("risk")
    risk.read(limits)
    risk.readMargin(file.section("margin"), beside: limits)

    let engines = file.section("engines")
    let engine = engines.section("liquidation")
    let isOn = engine.bool("enabled", default: true)
    var liquidation = LiquidationSettings()
    liquidation.read(engine)
    self.liquidation = isOn ? liquidation : nil
    engines.finish()
  }

  private mutating func readVenue(_ section: SettingsReader) {
    venue = section.choice(
      "name", default: venue, except: [.paper], hint: "; paper trading is `mode: paper`")
    environment = section.choice("environment", default: environment)
    let addresses = section.section("endpoints")
    endpoints.bybitREST = addresses.address("bybit_rest", .http, .https)
    endpoints.bybitWebSocket = addresses.address("bybit_ws", .ws, .wss)
    endpoints.binanceREST = addresses.address("binance_rest", .http, .https)
    endpoints.binanceWebSocket = addresses.address("binance_ws", .ws, .wss)
    addresses.finish()
    let needed =
      venue == .binance
      ? ["binance_rest", "binance_ws", "bybit_ws"] : ["bybit_rest", "bybit_ws", "binance_ws"]
    if environment == .loopback, needed.contains(where: { !addresses.has($0) }) {
      let names = needed.map { "endpoints.\($0)" }.joined(separator: ", ")
      section.complain(
        "environment", "loopback needs \(names); `quarterdeck simulate` prints them")
    }
    section.finish()
  }

  private mutating func readNetwork(_ section: SettingsReader) {
    network.proxy = section.scalar("proxy").map { Secret($0.text) }
    network.noProxy = section.list("no_proxy")
    network.extraCAFile = section.scalar("extra_ca_file")?.text
    section.finish()
  }

  private mutating func readChat(_ section: SettingsReader) {
    chat = section.choice("kind", default: chat)
    endpoints.telegram = section.address("base_url", .http, .https) ?? endpoints.telegram
    section.finish()
  }
}

extension RiskSettings {
  fileprivate mutating func read(_ section: SettingsReader) {
    limits.dayTarget = section.percent(
      "daily_target_pct", default: limits.dayTarget, in: .basisPoints(10) ... .percent(1000))
    readDayStop(section)
    limits.marginWarn = section.percent(
      "margin_warn_pct", default: limits.marginWarn, in: .percent(1) ... .percent(100))
    limits.marginBlock = section.percent(
      "margin_block_pct", default: limits.marginBlock, in: .percent(1) ... .percent(200))
    readDayNear(section)
    minimumBalance = section.amount(
      "min_balance_usdt", default: minimumBalance, in: .zero ... .usdt(1_000_000), unit: "USDT")
    if section.has("start_loss_pct") {
      startLoss = section.percent(
        "start_loss_pct", default: .percent(10), in: .basisPoints(10) ... .percent(100))
    }
    if section.has("equity_usdt") {
      equityCap = section.amount(
        "equity_usdt", default: .usdt(1), in: .usdt(1) ... .usdt(1_000_000_000), unit: "USDT")
    }
    exposureBase = section.choice("exposure_base", default: exposureBase)
    maxExposure = section.percent(
      "max_exposure_pct", default: maxExposure, in: .percent(1) ... .percent(10_000))
    maxPositionShare[.liquidation] = section.percent(
      "max_position_pct", default: maxPositionShare(of: .liquidation),
      in: .basisPoints(1) ... .percent(10_000))
    maxPositions = section.integer("max_positions", default: maxPositions, in: 1...200)
    maxPositionsPerEngine = section.integer(
      "max_positions_per_engine", default: maxPositionsPerEngine, in: 1...200)
    maxStopDistance = section.percent(
      "max_stop_pct", default: maxStopDistance, in: .basisPoints(5) ... .percent(90))
    stopSlippage = section.percent(
      "stop_slippage_pct", default: stopSlippage, in: .zero ... .percent(20))
    maxPriceDeviation = section.percent(
      "max_price_deviation_pct", default: maxPriceDeviation, in: .basisPoints(1) ... .percent(50))
    minimumEdge = .basisPoints(
      Int32(section.integer("min_edge_bps", default: 0, in: 0...10_000)))
    throttlePerSymbol.count = section.integer(
      "entries_per_symbol", default: throttlePerSymbol.count, in: 1...1000)
    throttlePerAccount.count = section.integer(
      "entries_per_account", default: throttlePerAccount.count, in: 1...1000)
    throttlePerSymbol.window = section.seconds(
      "throttle_window_s", default: throttlePerSymbol.window, in: 1...86_400)
    throttlePerAccount.window = throttlePerSymbol.window
    entryCooldown = section.seconds("cooldown_s", default: entryCooldown, in: 0...86_400)
    lossCooldown = section.seconds("loss_cooldown_s", default: lossCooldown, in: 0...86_400)
    section.finish()
  }

  /// `daily_stop_pct: -5`, or as the Python bots had it, `daily_max_dd_pct: 5`.
  private mutating func readDayStop(_ section: SettingsReader) {
    let stop = section.percent(
      "daily_stop_pct", default: limits.dayStop, in: .percent(-100) ... .basisPoints(-10))
    let drawdown = section.percent(
      "daily_max_dd_pct", default: -stop, in: .basisPoints(10) ... .percent(100))
    if section.has("daily_stop_pct"), section.has("daily_max_dd_pct"), drawdown != -stop {
      section.complain(
        "daily_max_dd_pct", "says \(drawdown.percentDescription), daily_stop_pct says otherwise")
    }
    limits.dayStop = -drawdown
  }
}

extension RiskSettings {
  /// The warning before the day stop: at four fifths of it, over at seven tenths, unless said.
  private mutating func readDayNear(_ section: SettingsReader) {
    let stop = limits.dayStop
    dayNear = (try? stop.scaled(by: .percent(80))) ?? stop
    dayNear = section.percent("daily_near_pct", default: dayNear, in: .percent(-100) ... .zero)
    dayNearClear = (try? dayNear.scaled(by: .basisPoints(8750))) ?? dayNear
  }
}

extension LiquidationSettings {
  fileprivate mutating func read(_ section: SettingsReader) {
    source = section.choice("source", default: source)
    eventMaxAge = section.seconds("event_max_age_s", default: eventMaxAge, in: 1...600)
    priceMaxAge = section.seconds("price_max_age_s", default: priceMaxAge, in: 1...600)
    vwapMaxAge = section.seconds("vwap_max_age_s", default: vwapMaxAge, in: 1...86_400)
    raiseLimit = section.amount(
      "raise_limit", default: raiseLimit, in: .one ... .times(100), unit: "times")
    section.finish()
  }
}
