import TradingModel
import Transport

// What everybody may ask.

extension BybitServer {
  func time() -> JSONObject {
    let now = clock.now
    return [
      "timeSecond": .string("\(now.seconds)"), "timeNano": .string("\(now.nanoseconds)"),
    ]
  }

  /// Source: Bybit V5 `GET /v5/market/instruments-info`.
  func instrumentsInfo(_ parameters: BybitParameters) throws(BybitRefusal) -> JSONObject {
    try parameters.requireLinear()
    var rows = exchange.instruments.enumerated().map {
      BybitInstrumentRow(instrument: $0.element, number: $0.offset + 1)
    }
    if let symbol = parameters.symbol {
      rows = rows.filter { $0.instrument.symbol == symbol }
      if rows.isEmpty { throw .parameter("symbol") }
    }
    if let base = parameters.text("baseCoin") {
      rows = rows.filter { $0.instrument.symbol.base == base }
    }
    let status = parameters.text("status") ?? "Trading"
    rows = rows.filter { $0.status == status }
    let page = try BybitPage(
      rows, .ascending, limit: try parameters.limit(standard: 500, most: 1000),
      after: parameters.text("cursor"), key: \.instrument.symbol.name)
    return page.result(\.row)
  }

  /// Source: Bybit V5 `GET /v5/market/tickers`.
  func tickers(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    try parameters.requireLinear()
    let (now, beat) = (exchange.clock.now, await exchange.beat)
    var boards = await exchange.bybit.symbols
    if let symbol = parameters.symbol {
      boards = boards.filter { $0.symbol == symbol }
      if boards.isEmpty { throw .parameter("symbol") }
    }
    return [
      "category": "linear",
      "list": .array(boards.map { .object(BybitTickerRow(board: $0, beat: beat, time: now).rest) }),
    ]
  }
}
