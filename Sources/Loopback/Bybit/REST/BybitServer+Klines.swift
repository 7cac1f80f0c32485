import TradingModel
import Transport

/// What a candle is of.
enum BybitKlineKind: Sendable {
  case last, mark, index
  /// How far the mark price stands above the index, as a share.
  case premium
}

extension BybitServer {
  /// Newest first. Source: Bybit V5 `GET /v5/market/kline` and its three siblings.
  func klines(
    _ parameters: BybitParameters, of kind: BybitKlineKind
  ) async throws(BybitRefusal) -> JSONObject {
    // The category of this one has a standard.
    if parameters.text("category") != nil { try parameters.requireLinear() }
    let symbol = try listedSymbol(parameters)
    guard let interval = BybitInterval.named(try parameters.required("interval")) else {
      throw .parameter("interval")
    }
    let limit = try parameters.limit(standard: 200, most: 1000)
    let now = clock.now
    let start = try parameters.moment("start")
    var end = min(now, try parameters.moment("end") ?? now)
    if let start {
      guard start <= end || start > now else { throw .parameter("end") }
      // So many from the start on, where the end lies further away.
      var last = interval.start(of: start)
      for _ in 1..<max(2, limit) where last <= end { last = interval.end(from: last) }
      if parameters.text("end") == nil { end = min(end, last) }
    }
    let candles = await exchange.bybitTape.candles(
      of: symbol, interval, from: start, to: end, limit: limit)
    let text = row(of: symbol) { ["text": .string("\(ContractText($0).priceDecimals)")] }
    let decimals = text["text"]?.stringValue.flatMap { Int($0) } ?? 2
    return [
      "symbol": .string(symbol.name), "category": "linear",
      "list": .array(candles.reversed().map { .array(Self.row($0, kind, decimals)) }),
    ]
  }

  private static func row(
    _ candle: MarketCandle, _ kind: BybitKlineKind, _ decimals: Int
  ) -> [JSONValue] {
    let start = JSONValue.string("\(candle.start.milliseconds)")
    guard kind != .premium else {
      // The made-up premium sways within two basis points.
      let sway = Double(candle.start.seconds % 977) / 977 * 0.000_4 - 0.000_2
      let value = Ratio(uncheckedCount: Int128(sway * 100_000_000)).text(decimals: 6)
      return [start] + Array(repeating: JSONValue.string(value), count: 4)
    }
    let prices = [candle.open, candle.high, candle.low, candle.close].map {
      JSONValue.string($0.text(decimals: decimals))
    }
    guard kind == .last else { return [start] + prices }
    return [start] + prices + [JSONValue(candle.volume), JSONValue(candle.turnover)]
  }

  /// The symbol that is asked for, which must be listed.
  func listedSymbol(_ parameters: BybitParameters) throws(BybitRefusal) -> Symbol {
    let symbol = try parameters.requiredSymbol()
    guard exchange.instrument(symbol) != nil else { throw .parameter("symbol") }
    return symbol
  }
}
