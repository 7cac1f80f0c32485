import TradingModel
import Transport

// What everybody may ask.

extension BybitServer {
  func time() -> JSONObject {
    let now = exchange.clock.now
    return [
      "timeSecond": .string("\(now.seconds)"), "timeNano": .string("\(now.nanoseconds)"),
    ]
  }

  /// Source: Bybit V5 `GET /v5/market/instruments-info`. Other categories are empty here.
  func instrumentsInfo(_ parameters: BybitParameters) throws(BybitRefusal) -> JSONObject {
    let category = parameters.text("category")
    guard let category, ["linear", "inverse", "spot", "option"].contains(category) else {
      throw .category
    }
    var rows = exchange.instruments.enumerated().map {
      BybitInstrumentRow(instrument: $0.element, number: $0.offset + 1)
    }
    if category != "linear" { rows = [] }
    if let symbol = parameters.symbol {
      rows = rows.filter { $0.instrument.symbol == symbol }
      if rows.isEmpty { throw .parameter("symbol") }
    }
    if let base = parameters.text("baseCoin") {
      rows = rows.filter { $0.instrument.symbol.base == base }
    }
    let wantsTrading = parameters.text("status") ?? "Trading" == "Trading"
    rows = rows.filter { $0.instrument.isTrading == wantsTrading }
    let page = try BybitPage(
      rows, .ascending, limit: try parameters.limit(standard: 500, most: 1000),
      after: parameters.text("cursor"), key: \.instrument.symbol.name)
    var result = page.result(\.row)
    result["category"] = .string(category)
    return result
  }

  /// Source: Bybit V5 `GET /v5/market/tickers`.
  func tickers(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    try parameters.requireLinear()
    let now = exchange.clock.now
    var boards = await exchange.bybit.symbols
    if let symbol = parameters.symbol {
      boards = boards.filter { $0.symbol == symbol }
      if boards.isEmpty { throw .parameter("symbol") }
    }
    return [
      "category": "linear",
      "list": .array(boards.map { .object(BybitTickerRow(board: $0, time: now).rest) }),
    ]
  }
}
