import TradingModel
import Transport

// Books, trades and what else everybody may ask about a contract.

extension BybitServer {
  /// Source: Bybit V5 `GET /v5/market/orderbook`. `u` is that of the stream of 1000 levels.
  func orderBook(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    try parameters.requireLinear()
    let symbol = try listedSymbol(parameters)
    let limit = try parameters.limit(standard: 25, most: 1000)
    let beat = await exchange.beat
    guard let board = await exchange.bybit[symbol] else { throw .noMarket }
    let channel = BybitBookChannel.deepest
    let book = SyntheticBook(board, beat: channel.drawnBeat(beat), depth: limit)
    let now = clock.now.milliseconds
    var result = BybitBookRow(board.instrument).data(
      bids: book.bids, asks: book.asks, update: channel.update(at: beat),
      sequence: BybitBookRow.sequence(at: beat))
    result["ts"] = .integer(now)
    result["cts"] = .integer(now - BybitBookRow.gatewayLag)
    return result
  }

  /// Newest first. Source: Bybit V5 `GET /v5/market/recent-trade`.
  func recentTrades(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    try parameters.requireLinear()
    let symbol = try listedSymbol(parameters)
    let limit = try parameters.limit(standard: 500, most: 1000)
    let prints = await exchange.bybitTape.prints(of: symbol)
    return [
      "category": "linear",
      "list": .array(
        prints.suffix(limit).reversed().map { print in
          .object(row(of: symbol) { BybitPrintRow(print, $0).rest })
        }),
    ]
  }

  /// Source: Bybit V5 `GET /v5/market/risk-limit`, 15 contracts a page.
  func riskLimits(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    try parameters.requireLinear()
    let symbol = parameters.symbol
    let listed = exchange.instruments.enumerated().filter {
      symbol == nil || $0.element.symbol == symbol
    }
    guard !listed.isEmpty else { throw .parameter("symbol") }
    let page = try BybitPage(
      listed, .ascending, limit: 15, after: parameters.text("cursor"),
      key: \.element.symbol.name)
    let wanted = page.rows
    let rows = await exchange.read { (venue, _) in
      wanted.flatMap { BybitTierRow.rows(of: $0.element, number: $0.offset + 1, on: venue) }
    }
    return [
      "category": "linear", "list": .array(rows.map { .object($0) }),
      "nextPageCursor": .string(page.nextCursor),
    ]
  }

  /// Newest first. Source: Bybit V5 `GET /v5/market/funding/history`.
  func fundingHistory(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    try parameters.requireLinear()
    let symbol = try listedSymbol(parameters)
    let limit = try parameters.limit(standard: 200, most: 200)
    let start = try parameters.moment("startTime")
    let end = try parameters.moment("endTime")
    guard start == nil || end != nil else { throw .parameter("endTime") }
    guard let board = await exchange.bybit[symbol] else { throw .noMarket }
    let interval = max(1, board.instrument.fundingInterval.wholeMilliseconds)
    var settled = min(clock.now, end ?? clock.now).milliseconds / interval * interval
    var rows: [JSONValue] = []
    while rows.count < limit, settled >= max(start?.milliseconds ?? 0, interval) {
      rows.append([
        "symbol": .string(symbol.name),
        "fundingRate": .string(Self.fundingRate(board, at: settled).text(decimals: 8)),
        "fundingRateTimestamp": .string("\(settled)"),
      ])
      settled -= interval
    }
    return ["category": "linear", "list": .array(rows)]
  }

  /// What was settled before is made up: between none and twice the rate of today.
  private static func fundingRate(_ board: SymbolBoard, at milliseconds: Int64) -> Ratio {
    let today = board.ticker.fundingRate ?? Ratio(uncheckedCount: 10_000)
    let share = Int128(milliseconds / 3_600_000 % 21)
    return Ratio(uncheckedCount: today.wideCount * share / 10)
  }

  /// Source: Bybit V5 `GET /v5/market/price-limit`; five percent, as `instruments-info` says.
  func priceLimit(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    if parameters.text("category") != nil { try parameters.requireLinear() }
    let symbol = try listedSymbol(parameters)
    guard let board = await exchange.bybit[symbol] else { throw .noMarket }
    let text = ContractText(board.instrument)
    func bound(_ share: Ratio) -> JSONValue {
      do {
        return text.price(
          try board.mark.scaled(by: share).roundedDown(toMultipleOf: board.instrument.tickSize))
      } catch {
        return ""
      }
    }
    return [
      "symbol": .string(symbol.name), "buyLmt": bound(.percent(105)),
      "sellLmt": bound(.percent(95)), "ts": .string("\(clock.now.milliseconds)"),
    ]
  }

  /// Newest first. Source: Bybit V5 `GET /v5/market/open-interest`.
  func openInterest(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    let (symbol, moments, next) = try history(parameters, name: "intervalTime")
    guard let volume = await exchange.bybit[symbol]?.volume24h else { throw .noMarket }
    return [
      "symbol": .string(symbol.name), "category": "linear",
      "list": .array(
        moments.map { moment in
          let sway = Int128(900 + moment / 60_000 % 201)
          return [
            "openInterest": JSONValue(Volume(uncheckedCount: volume.wideCount / 1_000 * sway)),
            "timestamp": .string("\(moment)"),
          ]
        }), "nextPageCursor": .string(next),
    ]
  }

  /// Longs and shorts among the accounts. Source: Bybit V5 `GET /v5/market/account-ratio`.
  func accountRatio(_ parameters: BybitParameters) async throws(BybitRefusal) -> JSONObject {
    let (symbol, moments, next) = try history(parameters, name: "period")
    return [
      "list": .array(
        moments.map { moment in
          let buyers = Ratio(uncheckedCount: Int128(40_000_000 + moment / 60_000 % 201 * 100_000))
          return [
            "symbol": .string(symbol.name), "buyRatio": .string(buyers.text(decimals: 4)),
            "sellRatio": .string((Ratio.one - buyers).text(decimals: 4)),
            "timestamp": .string("\(moment)"),
          ]
        }), "nextPageCursor": .string(next),
    ]
  }

  /// The moments of a list that has a row for each interval, newest first, in ms; and the cursor of
  /// what comes after them.
  private func history(
    _ parameters: BybitParameters, name: String
  ) throws(BybitRefusal) -> (Symbol, [Int64], String) {
    try parameters.requireLinear()
    let symbol = try listedSymbol(parameters)
    let minutes: [String: Int64] = [
      "5min": 5, "15min": 15, "30min": 30, "1h": 60, "4h": 240, "1d": 1_440,
    ]
    guard let interval = minutes[try parameters.required(name)].map({ $0 * 60_000 }) else {
      throw .parameter(name)
    }
    let limit = try parameters.limit(standard: 50, most: 500)
    let start = try parameters.moment("startTime")?.milliseconds ?? 1_585_526_400_000
    var end = min(clock.now, try parameters.moment("endTime") ?? clock.now).milliseconds
    if let cursor = parameters.text("cursor") {
      guard let last = Int64(cursor.drop { !$0.isNumber }) else { throw .parameter("cursor") }
      end = min(end, last - 1)
    }
    var moments: [Int64] = []
    var moment = end / interval * interval
    while moments.count < limit, moment >= start {
      moments.append(moment)
      moment -= interval
    }
    return (symbol, moments, moment >= start ? moments.last.map { "page:\($0)" } ?? "" : "")
  }
}
