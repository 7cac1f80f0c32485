import TradingModel
import Transport

extension BinanceREST {
  /// `GET /fapi/v1/trades`: the latest prints, oldest first, at most 1,000.
  public func latestTrades(
    of symbol: Symbol, limit: Int = 500
  ) async throws(VenueError) -> [NumberedTrade] {
    let answer = try await send(
      .get(
        "/fapi/v1/trades",
        [("symbol", symbol.name), ("limit", "\(min(max(limit, 1), 1000))")],
        security: .open, weight: 5))
    return try reading { () throws(JSONError) in
      try answer.rows { row throws(JSONError) in try NumberedTrade(binance: row, symbol: symbol) }
    }
  }

  /// `GET /fapi/v1/aggTrades` of a span, all pages, oldest first: prints of one taker at one price as
  /// one. The venue serves spans of less than an hour at once.
  public func aggregateTrades(
    of symbol: Symbol, from start: Timestamp, to end: Timestamp
  ) async throws(VenueError) -> [NumberedTrade] {
    var found: [NumberedTrade] = []
    var windowStart = start
    while windowStart < end {
      let windowEnd = min(windowStart + .minutes(59), end)
      var page = try await aggregatePage(
        of: symbol,
        [
          ("startTime", "\(windowStart.milliseconds)"), ("endTime", "\(windowEnd.milliseconds)"),
        ])
      found += page
      // Further pages of a crowded hour go by number.
      while page.count == Self.tradePage, let last = page.last, last.trade.time < windowEnd {
        page = try await aggregatePage(of: symbol, [("fromId", "\(last.number + 1)")])
        found += page.filter { $0.trade.time <= windowEnd }
      }
      windowStart = windowEnd + .milliseconds(1)
    }
    return found
  }

  private func aggregatePage(
    of symbol: Symbol, _ span: [BinanceField]
  ) async throws(VenueError) -> [NumberedTrade] {
    let answer = try await send(
      .get(
        "/fapi/v1/aggTrades",
        [("symbol", symbol.name)] + span + [("limit", "\(Self.tradePage)")], security: .open,
        weight: 20))
    return try reading { () throws(JSONError) in
      try answer.rows { row throws(JSONError) in
        try NumberedTrade(binanceAggregate: row, symbol: symbol)
      }
    }
  }

  private static var tradePage: Int { 1000 }
}
