import TradingModel
import Transport

// Market data.

extension BinanceServer {
  /// There are no candles before this: 2020-03-30.
  private static let listed = Timestamp(milliseconds: 1_585_526_400_000)
  private static let depths: [Int64] = [5, 10, 20, 50, 100, 500, 1_000]

  func time() -> JSONValue { ["serverTime": .integer(clock.now.milliseconds)] }

  func exchangeInfo() -> JSONValue {
    [
      "timezone": "UTC", "serverTime": .integer(clock.now.milliseconds),
      "futuresType": "U_MARGINED",
      "rateLimits": [
        BinanceRateGate.row("REQUEST_WEIGHT", "MINUTE", 1, BinanceRateGate.weightLimit),
        BinanceRateGate.row("ORDERS", "MINUTE", 1, BinanceRateGate.minuteLimit),
        BinanceRateGate.row("ORDERS", "SECOND", 10, BinanceRateGate.tenSecondsLimit),
      ],
      "exchangeFilters": [],
      "assets": [["asset": "USDT", "marginAvailable": true, "autoAssetExchange": "-10000"]],
      "symbols": .array(venue.instruments.map { .object(BinanceRows.contract($0)) }),
    ]
  }

  func depth(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    let limit = try parameters.integer("limit") ?? 500
    guard Self.depths.contains(limit) else { throw .badDepth }
    let market = market
    guard let board = market[instrument.symbol] else { throw .emptyBook }
    return BinanceMarketRows.depth(
      market.book(board), limit: Int(limit), id: market.snapshotID, ContractText(instrument),
      now: clock.now)
  }

  func trades(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    let limit = try parameters.limit(standard: 500, most: 1_000)
    let text = ContractText(instrument)
    return .array(
      prints(of: instrument.symbol).suffix(limit).map { BinanceMarketRows.trade($0, text) })
  }

  func historicalTrades(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    let limit = try parameters.limit(standard: 100, most: 500)
    guard let from = try parameters.integer("fromId") else { return try trades(parameters) }
    let text = ContractText(instrument)
    return .array(
      prints(of: instrument.symbol).drop { $0.number < from }.prefix(limit)
        .map { BinanceMarketRows.trade($0, text) })
  }

  func aggregateTrades(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    let limit = try parameters.limit(standard: 500, most: 1_000)
    let span = try parameters.span(longestHours: 1)
    let from = try parameters.integer("fromId")
    guard from == nil || (span.start == nil && span.end == nil) else { throw .badCombination }
    let prints = prints(of: instrument.symbol)
    let wanted: ArraySlice<MarketPrint>
    if let from {
      wanted = prints.drop { $0.number < from }.prefix(limit)
    } else if span.start != nil || span.end != nil {
      wanted = prints.filter {
        let time = $0.trade.time.milliseconds
        return time >= span.start ?? .min && time <= span.end ?? .max
      }.prefix(limit)
    } else {
      wanted = prints.suffix(limit)
    }
    let text = ContractText(instrument)
    return .array(wanted.map { BinanceMarketRows.aggregate($0, text) })
  }

  private func prints(of symbol: Symbol) -> [MarketPrint] {
    market.news.binanceTape.prints(of: symbol)
  }

  // MARK: Candles

  func candles(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    let (candles, interval) = try list(parameters, of: instrument)
    let text = ContractText(instrument)
    return .array(candles.map { BinanceMarketRows.candle($0, interval, text) })
  }

  func continuousCandles(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters, "pair")
    guard try parameters.required("contractType") == "PERPETUAL" else {
      throw .invalid("contractType")
    }
    let (candles, interval) = try list(parameters, of: instrument)
    let text = ContractText(instrument)
    return .array(candles.map { BinanceMarketRows.candle($0, interval, text) })
  }

  /// Index and mark follow the last price here.
  func priceCandles(
    _ parameters: BinanceParameters, _ name: String
  ) throws(BinanceRefusal) -> JSONValue {
    let (candles, interval) = try list(parameters, of: try instrument(parameters, name))
    return .array(candles.map { BinanceMarketRows.priceCandle($0, interval) })
  }

  /// The premium is nothing here: mark and index are one.
  func premiumCandles(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let (candles, interval) = try list(parameters, of: try instrument(parameters))
    return .array(
      candles.map { candle in
        var flat = candle
        (flat.open, flat.high, flat.low, flat.close) = (.zero, .zero, .zero, .zero)
        return BinanceMarketRows.priceCandle(flat, interval)
      })
  }

  /// From the start of the span on, where it has one; else the newest.
  private func list(
    _ parameters: BinanceParameters, of instrument: Instrument
  ) throws(BinanceRefusal) -> ([MarketCandle], ChartInterval) {
    guard let interval = ChartInterval(binance: try parameters.required("interval")) else {
      throw .badInterval
    }
    let limit = try parameters.limit(standard: 500, most: 1_500)
    let span = try parameters.span()
    let now = clock.now
    var to = min(now, span.end.map { Timestamp(milliseconds: $0) } ?? now)
    var from: Timestamp?
    if let start = span.start {
      let first = max(Timestamp(milliseconds: start), Self.listed)
      guard first <= to else { return ([], interval) }
      from = first
      // The oldest so many are meant, not the newest.
      var last = interval.start(of: first)
      if last < first { last = interval.end(from: last) }
      for _ in 1..<limit where last <= to { last = interval.end(from: last) }
      to = min(to, last)
    }
    let candles = market.news.binanceTape.candles(
      of: instrument.symbol, interval, from: from, to: to, limit: limit)
    return (candles, interval)
  }

  // MARK: Tickers and funding

  func premiumIndex(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let now = clock.now
    return try boards(parameters) { (board, _) in BinanceRows.premiumIndex(board, now) }
  }

  func dayTickers(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let now = clock.now
    return try boards(parameters) { (board, _) in BinanceRows.dayTicker(board, now) }
  }

  func prices(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let now = clock.now
    return try boards(parameters) { (board, _) in BinanceMarketRows.price(board, now) }
  }

  func bookTickers(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    try boards(parameters) { BinanceMarketRows.bookTicker($0, $1) }
  }

  /// One object with a symbol, an array without.
  private func boards(
    _ parameters: BinanceParameters, _ row: (SymbolBoard, BinanceMarket) -> JSONObject
  ) throws(BinanceRefusal) -> JSONValue {
    let market = market
    guard parameters["symbol"] != nil else {
      return .array(market.boards.map { .object(row($0, market)) })
    }
    guard let one = market[try instrument(parameters).symbol] else { throw .badSymbol }
    return .object(row(one, market))
  }

  /// Made up: a thousandth of what was traded in 24 hours.
  func openInterest(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let instrument = try instrument(parameters)
    let traded = market[instrument.symbol]?.volume24h ?? .zero
    let open = Volume(uncheckedCount: traded.wideCount / 1_000)
    return [
      "openInterest": ContractText(instrument).volume(open),
      "symbol": .string(instrument.symbol.name), "time": .integer(clock.now.milliseconds),
    ]
  }

  /// The rate has been what it is.
  func fundingRates(_ parameters: BinanceParameters) throws(BinanceRefusal) -> JSONValue {
    let limit = try parameters.limit(standard: 100, most: 1_000)
    let span = try parameters.span()
    let now = clock.now
    let one = try optionalInstrument(parameters)
    let boards = market.boards.filter { one == nil || $0.symbol == one?.symbol }
    var rows: [(time: Int64, row: JSONValue)] = []
    for board in boards {
      let interval = max(1, board.instrument.fundingInterval.wholeMilliseconds)
      var time = min(span.end ?? now.milliseconds, now.milliseconds) / interval * interval
      let start = min(max(0, span.start ?? 0), now.milliseconds)
      if span.start != nil {
        // From the start of the span on, so many at most.
        let first = (start + interval - 1) / interval * interval
        time = min(time, first + interval * Int64(limit - 1))
      }
      for _ in 0..<limit where time >= start {
        rows.append(
          (
            time,
            [
              "symbol": .string(board.symbol.name), "fundingTime": .integer(time),
              "fundingRate": BinanceRows.funding(board),
              "markPrice": BinanceRows.eightPlaces(board.mark),
            ]
          ))
        time -= interval
      }
    }
    rows.sort { $0.time < $1.time }
    return .array((span.start == nil ? rows.suffix(limit) : rows.prefix(limit)).map(\.row))
  }

  func fundingInformation() -> JSONValue {
    .array(
      venue.instruments.map { instrument in
        [
          "symbol": .string(instrument.symbol.name), "adjustedFundingRateCap": "0.02000000",
          "adjustedFundingRateFloor": "-0.02000000",
          "fundingIntervalHours": .integer(instrument.fundingInterval.wholeSeconds / 3_600),
          "disclaimer": false,
        ]
      })
  }
}
