import TradingModel
import Transport

extension BinanceREST: CandleReader {
  public func closedCandles(
    of symbol: Symbol, _ interval: CandleInterval, count: Int
  ) async throws(VenueError) -> [Candle] {
    try await latestCandles(of: symbol, interval, count: min(max(count, 1), 1000) + 1)
      .filter(\.isClosed)
  }
}

extension BinanceREST {
  /// The most candles that one request gives.
  private static var candlePage: Int { 1500 }

  /// `GET /fapi/v1/klines`, all pages: candles that begin in `start..<end`, oldest first. The last one
  /// may still form.
  public func candles(
    of symbol: Symbol, _ interval: CandleInterval, from start: Timestamp, to end: Timestamp
  ) async throws(VenueError) -> [Candle] {
    var found: [Candle] = []
    var next = start
    while next < end {
      let wanted = (end - next).wholeMilliseconds / interval.duration.wholeMilliseconds + 1
      let limit = Int(min(Int64(Self.candlePage), max(1, wanted)))
      let page = try await candlePage(
        of: symbol, interval,
        [
          ("startTime", "\(next.milliseconds)"),
          ("endTime", "\((end - .milliseconds(1)).milliseconds)"),
        ], limit: limit)
      found += page
      guard page.count == limit, let last = page.last, last.closeTime > next else { break }
      next = last.closeTime
    }
    return found
  }

  /// The latest candles, oldest first; the last one still forms.
  public func latestCandles(
    of symbol: Symbol, _ interval: CandleInterval, count: Int
  ) async throws(VenueError) -> [Candle] {
    try await candlePage(of: symbol, interval, [], limit: min(max(count, 1), Self.candlePage))
  }

  private func candlePage(
    of symbol: Symbol, _ interval: CandleInterval, _ span: [BinanceField], limit: Int
  ) async throws(VenueError) -> [Candle] {
    let fields: [BinanceField] =
      [("symbol", symbol.name), ("interval", interval.rawValue)] + span + [("limit", "\(limit)")]
    let answer = try await send(
      .get("/fapi/v1/klines", fields, security: .open, weight: Self.weight(ofCandles: limit)))
    let now = venueNow
    return try reading { () throws(JSONError) in
      try answer.rows { row throws(JSONError) in
        try Candle(binance: row, symbol: symbol, interval: interval, now: now)
      }
    }
  }

  static func weight(ofCandles limit: Int) -> Int {
    switch limit {
    case ..<100: 1
    case ..<500: 2
    case ...1000: 5
    default: 10
    }
  }
}
