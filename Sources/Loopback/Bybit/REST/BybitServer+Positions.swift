import Simulation
import TradingModel
import Transport

// Positions and what is set on them.

extension BybitServer {
  /// With a symbol its slots are shown also when they are flat; without one only open positions.
  func positions(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    let scope = try BybitScope(parameters)
    guard !scope.isWholeAccount else { throw .missingScope }
    if let symbol = scope.symbol, exchange.instrument(symbol) == nil {
      throw .parameter("symbol")
    }
    let reports = await exchange.read { (venue, now) in
      let positions =
        scope.symbol.map { venue.slots(of: $0, at: now) }
        ?? venue.openPositions().filter { scope.contains($0.key.symbol) }
      return positions.map { PositionReport($0, on: venue) }
    }
    let page = try BybitPage(
      reports, .ascending, limit: try parameters.limit(standard: 20, most: 200),
      after: parameters.text("cursor"),
      key: { "\($0.position.key.symbol.name)-\($0.position.key.slot.rawValue)" })
    var automatic: Set<PositionKey> = []
    for report in page.rows where await exchange.hasAutoMargin(report.position.key) {
      automatic.insert(report.position.key)
    }
    return page.result { report in
      let key = report.position.key
      return row(of: key.symbol) {
        BybitPositionRow(report, $0, hasAutoMargin: automatic.contains(key)).rest
      }
    }
  }

  /// One row for each order that closed something, newest first; profit after both fees.
  /// Source: Bybit V5 `GET /v5/position/closed-pnl`.
  func closedProfits(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    let scope = try BybitScope(parameters)
    let span = try BybitSpan(parameters)
    let trades = await exchange.read { (venue, _) in venue.closedTrades }
      .filter { scope.contains($0.order.symbol) && span.contains($0.createdAt) }
    let page = try BybitPage(
      trades.reversed(), .descending, limit: try parameters.limit(standard: 50, most: 100),
      after: parameters.text("cursor"), key: { BybitPage<Never>.name(of: $0.number) })
    return page.result { trade in row(of: trade.order.symbol) { BybitClosing(trade).row($0) } }
  }

  func setLeverage(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    try parameters.requireLinear()
    let symbol = try parameters.requiredSymbol()
    guard let long = try parameters.amount("buyLeverage", as: Ratio.self) else {
      throw .parameter("buyLeverage")
    }
    guard let short = try parameters.amount("sellLeverage", as: Ratio.self) else {
      throw .parameter("sellLeverage")
    }
    try await carryOut { (venue, now) throws(PaperRejection) in
      try venue.setLeverage(symbol, long: long, short: short, at: now)
    }
    return [:]
  }

  /// Full mode: one stop, one target and one trailing stop for the whole position. Partial mode adds
  /// a pair for a part of it. Source: Bybit V5 `POST /v5/position/trading-stop`.
  func setTradingStop(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    try parameters.requireLinear()
    let key = PositionKey(try parameters.requiredSymbol(), try parameters.slot())
    let sources = (try parameters.source("slTriggerBy"), try parameters.source("tpTriggerBy"))
    let trailing = try Self.trailing(parameters)
    guard try parameters.protectionMode() == .partial else {
      let stop = PaperLeg(try parameters.amount("stopLoss"))
      let target = PaperLeg(try parameters.amount("takeProfit"))
      try await carryOut { (venue, now) throws(PaperRejection) in
        _ = try venue.setTradingStop(
          key, stop: stop, target: target, trailing: trailing, stopSource: sources.0,
          targetSource: sources.1, at: now)
      }
      return [:]
    }
    let stop = try Self.partialLeg("stopLoss", "sl", sources.0, parameters)
    let target = try Self.partialLeg("takeProfit", "tp", sources.1, parameters)
    let sizes = [
      stop == nil ? nil : try parameters.amount("slSize", as: Quantity.self),
      target == nil ? nil : try parameters.amount("tpSize", as: Quantity.self),
    ].compactMap(\.self)
    guard Set(sizes).count <= 1 else { throw .parameter("tpSize") }
    try await carryOut { (venue, now) throws(PaperRejection) in
      if trailing != .unchanged {
        _ = try venue.setTradingStop(key, trailing: trailing, at: now)
        if stop == nil, target == nil { return }
      }
      _ = try venue.addPartialProtection(
        key, quantity: sizes.first ?? venue.position(key)?.quantity ?? .zero, stop: stop,
        target: target, at: now)
    }
    return [:]
  }

  /// `trailingStop` is a distance in USDT, `0` removes it; `activePrice` is where it arms.
  private static func trailing(
    _ parameters: BybitParameters
  ) throws(BybitRefusal) -> PaperTrailingLeg {
    guard let distance = try parameters.amount("trailingStop", as: Price.self) else {
      return .unchanged
    }
    guard !distance.isZero else { return .removed }
    return .at(
      PaperTrailing(
        distance: .price(distance), activation: try parameters.price("activePrice")))
  }

  private static func partialLeg(
    _ name: String, _ short: String, _ source: TriggerSource, _ parameters: BybitParameters
  ) throws(BybitRefusal) -> PaperPartialLeg? {
    guard let price = try parameters.price(name) else { return nil }
    return PaperPartialLeg(
      at: price, limit: try parameters.legLimit(short, .partial), source: source)
  }

  /// Puts margin to an isolated position, or takes some back.
  /// Source: Bybit V5 `POST /v5/position/add-margin`.
  func addMargin(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    try parameters.requireLinear()
    let key = PositionKey(try parameters.requiredSymbol(), try parameters.slot())
    guard let margin = try parameters.amount("margin", as: Notional.self),
      margin.wideCount % 10_000 == 0
    else { throw .parameter("margin") }
    let report = try await carryOut { (venue, now) throws(PaperRejection) in
      PositionReport(try venue.moveMargin(margin, to: key, at: now), on: venue)
    }
    var row = row(of: key.symbol) { BybitPositionRow(report, $0).rest }
    row["category"] = "linear"
    return row
  }

  /// An isolated position that comes near its liquidation is given as much margin again as it began
  /// with, as long as there is any. Source: Bybit V5 `POST /v5/position/set-auto-add-margin`.
  func setAutoAddMargin(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    try parameters.requireLinear()
    let symbol = try listedSymbol(parameters)
    let key = PositionKey(symbol, try parameters.slot())
    guard let wish = try parameters.integer("autoAddMargin"), (0...1).contains(wish) else {
      throw .parameter("autoAddMargin")
    }
    let isIsolated = await exchange.read { (venue, _) in venue.marginMode(of: symbol) == .isolated }
    guard isIsolated else {
      throw BybitRefusal(110_076, "Only isolated mode can set auto-add-margin")
    }
    await exchange.setAutoMargin(wish == 1, of: key)
    return [:]
  }

  func switchPositionMode(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    try parameters.requireLinear()
    let mode: PaperPositionMode
    switch try parameters.integer("mode") {
    case 0: mode = .oneWay
    case 3: mode = .hedge
    default: throw .parameter("mode")
    }
    let symbol = parameters.symbol
    guard symbol != nil || parameters.text("coin") == "USDT" else { throw .parameter("coin") }
    try await carryOut { (venue, _) throws(PaperRejection) in
      try venue.setPositionMode(mode, symbol: symbol)
    }
    return [:]
  }
}
