import TradingModel
import Transport

extension BybitREST: CandleReader {
  public func closedCandles(
    of symbol: Symbol, _ interval: CandleInterval, count: Int
  ) async throws(VenueError) -> [Candle] {
    let end = now + clockOffset
    let start = interval.start(of: end) - interval.duration * min(max(count, 1), 1000)
    return try await candles(of: symbol, interval, from: start, through: end).filter(\.isClosed)
  }
}

extension BybitREST {
  /// The most bars of one answer.
  private static let barsPerAnswer = 1000
  private static let mostAnswers = 200

  /// `GET /v5/market/kline`, as many answers as it takes: every candle that opens from `start` up to
  /// and including `end`, oldest first. The one that is still forming says so.
  public func candles(
    of symbol: Symbol, _ interval: CandleInterval, from start: Timestamp, through end: Timestamp
  ) async throws(VenueError) -> [Candle] {
    let rows = try await bars("/v5/market/kline", symbol, interval, start, end)
    let time = now + clockOffset
    return try reading { () throws(JSONError) in
      var candles: [Candle] = []
      for row in rows {
        candles.append(try Candle(bybit: row, of: symbol, interval, at: time))
      }
      return candles
    }
  }

  /// `GET /v5/market/mark-price-kline`, `index-price-kline` or `premium-index-price-kline`: as
  /// `candles`, of a price that nobody trades at.
  public func bars(
    of price: ReferencePrice, _ symbol: Symbol, _ interval: CandleInterval,
    from start: Timestamp, through end: Timestamp
  ) async throws(VenueError) -> [PriceBar] {
    let rows = try await bars(price.path, symbol, interval, start, end)
    return try reading { () throws(JSONError) in
      var bars: [PriceBar] = []
      for row in rows { bars.append(try PriceBar(bybit: row)) }
      return bars
    }
  }

  /// Rows oldest first. Each answer is asked for a span that it can hold, since the venue does not
  /// say which end of a longer one it would leave out.
  private func bars(
    _ path: String, _ symbol: Symbol, _ interval: CandleInterval, _ start: Timestamp,
    _ end: Timestamp
  ) async throws(VenueError) -> [JSONValue] {
    var rows: [JSONValue] = []
    var from = interval.start(of: start)
    if from < start { from = from + interval.duration }
    let last = min(end, now + clockOffset)
    for _ in 0..<Self.mostAnswers {
      guard from <= last else { return rows }
      let span = interval.duration * (Self.barsPerAnswer - 1)
      let to = min(from + span, last)
      let result = try await get(
        path,
        [
          ("category", "linear"), ("symbol", symbol.name), ("interval", interval.bybit),
          ("start", "\(from.milliseconds)"), ("end", "\(to.milliseconds)"),
          ("limit", "\(Self.barsPerAnswer)"),
        ], signed: false)
      rows += try reading { () throws(JSONError) in try result.array("list") }.reversed()
      from = from + interval.duration * Self.barsPerAnswer
    }
    let most = Self.mostAnswers * Self.barsPerAnswer
    throw .rejected(
      Rejection(code: 0, reason: "more than \(most) candles were asked for", meaning: .other))
  }
}
