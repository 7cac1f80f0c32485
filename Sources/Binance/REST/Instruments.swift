import TradingModel
import Transport

extension BinanceREST: MarketReader {
  /// `GET /fapi/v1/exchangeInfo`, with the funding intervals and, where there is a key, the largest
  /// leverage of each symbol.
  public func instruments() async throws(VenueError) -> [Instrument] {
    async let asked = outcome { () async throws(VenueError) in
      try await self.send(.get("/fapi/v1/exchangeInfo", security: .open, weight: 1))
    }
    async let askedIntervals = outcome { () async throws(VenueError) in
      try await self.fundingIntervals()
    }
    async let askedBrackets = outcome { () async throws(VenueError) in
      self.hasKeys ? try await self.leverageBrackets() : []
    }
    let info = try await asked.get()
    let limits = try reading { () throws(JSONError) in try info.array("rateLimits") }
    budget.learn(limits, sentAt: now, at: now)
    let intervals = try await askedIntervals.get()
    let brackets = try await askedBrackets.get()
    var leverages: [Symbol: Ratio] = [:]
    for bracket in brackets { leverages[bracket.symbol] = bracket.maxLeverage }
    let found = try reading { () throws(JSONError) in
      try Self.instruments(in: info, leverages: leverages, fundingIntervals: intervals)
    }
    memory.take(found)
    return found
  }

  /// The USDT perpetuals in an answer of `GET /fapi/v1/exchangeInfo`.
  /// - Throws: `JSONError`, naming what is missing.
  public static func instruments(
    in answer: JSONValue, leverages: [Symbol: Ratio] = [:],
    fundingIntervals: [Symbol: Duration] = [:]
  ) throws(JSONError) -> [Instrument] {
    let rows = try answer.map("symbols") { row throws(JSONError) -> Instrument? in
      let symbol = try row.rowSymbol
      return try Instrument(
        binance: row, maxLeverage: leverages[symbol], fundingInterval: fundingIntervals[symbol])
    }
    return rows.compactMap(\.self).sorted { $0.symbol < $1.symbol }
  }

  /// `GET /fapi/v1/fundingInfo`: symbols that are not listed pay every eight hours.
  func fundingIntervals() async throws(VenueError) -> [Symbol: Duration] {
    let answer = try await send(.get("/fapi/v1/fundingInfo", security: .open, weight: 0))
    let rows = try reading { () throws(JSONError) in
      try answer.rows { row throws(JSONError) in
        (try row.rowSymbol, Duration.hours(try row.integer("fundingIntervalHours")))
      }
    }
    return Dictionary(rows, uniquingKeysWith: { _, last in last })
  }

  /// `GET /fapi/v1/leverageBracket` of all symbols.
  public func leverageBrackets() async throws(VenueError) -> [LeverageBrackets] {
    let answer = try await send(.get("/fapi/v1/leverageBracket", weight: 1))
    return try reading { () throws(JSONError) in try answer.rows(LeverageBrackets.init(binance:)) }
  }

  /// `GET /fapi/v1/leverageBracket` of one symbol: an array of one, or that one alone.
  public func leverageBrackets(of symbol: Symbol) async throws(VenueError) -> LeverageBrackets {
    let answer = try await send(
      .get("/fapi/v1/leverageBracket", [("symbol", symbol.name)], weight: 1))
    return try reading { () throws(JSONError) in
      try LeverageBrackets(binance: answer[0] ?? answer)
    }
  }

  /// `GET /fapi/v1/time`.
  public func serverTime() async throws(VenueError) -> Timestamp {
    let answer = try await send(
      .get("/fapi/v1/time", security: .open, weight: 1, urgency: .closing))
    return try reading { () throws(JSONError) in try answer.time("serverTime") }
  }
}
