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
    return page.result { report in
      row(of: report.position.key.symbol) { BybitPositionRow(report, $0).rest }
    }
  }

  /// One row for each order that closed something, newest first; profit after both fees.
  /// Source: Bybit V5 `GET /v5/position/closed-pnl`.
  func closedProfits(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    let scope = try BybitScope(parameters)
    let span = try BybitSpan(parameters)
    let executions = await exchange.read { (venue, _) in venue.executionHistory }
      .filter {
        !$0.closedQuantity.isZero && scope.contains($0.order.symbol) && span.contains($0.time)
      }
    var closings: [BybitClosing] = []
    for execution in executions {
      if let place = closings.lastIndex(where: { $0.order.id == execution.order.id }) {
        closings[place].take(execution)
      } else {
        closings.append(BybitClosing(execution))
      }
    }
    let page = try BybitPage(
      closings.reversed(), .descending, limit: try parameters.limit(standard: 50, most: 100),
      after: parameters.text("cursor"), key: \.key)
    return page.result { closing in row(of: closing.order.symbol) { closing.row($0) } }
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

  /// Full mode: one stop and one target for the whole position.
  func setTradingStop(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    try parameters.requireLinear()
    let key = PositionKey(try parameters.requiredSymbol(), try parameters.slot())
    guard parameters.text("tpslMode") ?? "Full" == "Full" else { throw .parameter("tpslMode") }
    guard try parameters.price("trailingStop") == nil else { throw .parameter("trailingStop") }
    let stop = PaperLeg(try parameters.amount("stopLoss", as: Price.self))
    let target = PaperLeg(try parameters.amount("takeProfit", as: Price.self))
    let stopSource = try parameters.source("slTriggerBy")
    let targetSource = try parameters.source("tpTriggerBy")
    try await carryOut { (venue, now) throws(PaperRejection) in
      _ = try venue.setTradingStop(
        key, stop: stop, target: target, stopSource: stopSource, targetSource: targetSource,
        at: now)
    }
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
