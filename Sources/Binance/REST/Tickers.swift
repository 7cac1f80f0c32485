import TradingModel
import Transport

extension BinanceREST {
  /// `GET /fapi/v1/ticker/24hr` of all USDT perpetuals, sorted by symbol.
  public func dayStatistics() async throws(VenueError) -> [DayStatistics] {
    let answer = try await send(.get("/fapi/v1/ticker/24hr", security: .open, weight: 40))
    let rows = try reading { () throws(JSONError) in
      try answer.someRows { row throws(JSONError) in
        try row.rowSymbol.isUSDTPerpetual ? try DayStatistics(binance: row) : nil
      }
    }
    return rows.sorted { $0.symbol < $1.symbol }
  }

  /// `GET /fapi/v1/ticker/24hr` of one symbol.
  public func dayStatistics(of symbol: Symbol) async throws(VenueError) -> DayStatistics {
    let answer = try await send(
      .get("/fapi/v1/ticker/24hr", [("symbol", symbol.name)], security: .open, weight: 1))
    return try reading { () throws(JSONError) in try DayStatistics(binance: answer) }
  }

  /// `GET /fapi/v1/ticker/bookTicker` of all USDT perpetuals: best bid and ask, sorted by symbol.
  public func touches() async throws(VenueError) -> [Ticker] {
    let answer = try await send(.get("/fapi/v1/ticker/bookTicker", security: .open, weight: 5))
    let rows = try reading { () throws(JSONError) in
      try answer.someRows { row throws(JSONError) in
        try row.rowSymbol.isUSDTPerpetual ? try Ticker(binanceTouch: row) : nil
      }
    }
    return rows.sorted { $0.symbol < $1.symbol }
  }

  /// `GET /fapi/v1/ticker/bookTicker` of one symbol.
  public func touch(of symbol: Symbol) async throws(VenueError) -> Ticker {
    let answer = try await send(
      .get("/fapi/v1/ticker/bookTicker", [("symbol", symbol.name)], security: .open, weight: 2))
    return try reading { () throws(JSONError) in try Ticker(binanceTouch: answer) }
  }

  /// `GET /fapi/v1/premiumIndex` of all USDT perpetuals, sorted by symbol.
  public func markFigures() async throws(VenueError) -> [MarkFigures] {
    let answer = try await send(.get("/fapi/v1/premiumIndex", security: .open, weight: 10))
    let rows = try reading { () throws(JSONError) in
      try answer.someRows { row throws(JSONError) in
        try row.rowSymbol.isUSDTPerpetual ? try MarkFigures(binance: row) : nil
      }
    }
    return rows.sorted { $0.symbol < $1.symbol }
  }

  /// `GET /fapi/v1/premiumIndex` of one symbol.
  public func markFigures(of symbol: Symbol) async throws(VenueError) -> MarkFigures {
    let answer = try await send(
      .get("/fapi/v1/premiumIndex", [("symbol", symbol.name)], security: .open, weight: 1))
    return try reading { () throws(JSONError) in try MarkFigures(binance: answer) }
  }

  /// `GET /fapi/v1/openInterest`.
  public func openInterest(of symbol: Symbol) async throws(VenueError) -> OpenInterest {
    let answer = try await send(
      .get("/fapi/v1/openInterest", [("symbol", symbol.name)], security: .open, weight: 1))
    return try reading { () throws(JSONError) in try OpenInterest(binance: answer) }
  }

  /// `GET /fapi/v1/fundingRate` since then, all pages, oldest first.
  public func fundingRates(
    of symbol: Symbol, since start: Timestamp
  ) async throws(VenueError) -> [FundingRate] {
    var found: [FundingRate] = []
    var next = start
    while true {
      let answer = try await send(
        .get(
          "/fapi/v1/fundingRate",
          [("symbol", symbol.name), ("startTime", "\(next.milliseconds)"), ("limit", "1000")],
          security: .open, weight: 1))
      let page = try reading { () throws(JSONError) in try answer.rows(FundingRate.init(binance:)) }
      found += page
      guard page.count == 1000, let last = page.last, last.time >= next else { return found }
      next = last.time + .milliseconds(1)
    }
  }
}

extension Ticker {
  /// A row of `/fapi/v1/ticker/bookTicker`; a side that is empty has no price.
  init(binanceTouch row: JSONValue) throws(JSONError) {
    self.init(
      venue: .binance, symbol: try row.rowSymbol, bid: try row.priceIfSet("bidPrice"),
      ask: try row.priceIfSet("askPrice"), time: try row.time("time"))
  }
}
