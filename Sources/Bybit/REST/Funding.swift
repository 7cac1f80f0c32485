import TradingModel
import Transport

extension BybitREST {
  /// `GET /v5/market/funding/history`, as many answers as it takes: rates paid from `start` up to
  /// and including `end`, oldest first.
  public func fundingHistory(
    of symbol: Symbol, from start: Timestamp, through end: Timestamp
  ) async throws(VenueError) -> [FundingRate] {
    let perAnswer = 200
    var found: [FundingRate] = []
    var to = end
    // Hourly funding over two years is 88 answers.
    for _ in 0..<100 where to >= start {
      let result = try await get(
        "/v5/market/funding/history",
        [
          ("category", "linear"), ("symbol", symbol.name), ("startTime", "\(start.milliseconds)"),
          ("endTime", "\(to.milliseconds)"), ("limit", "\(perAnswer)"),
        ], signed: false)
      let page = try reading { () throws(JSONError) in
        try result.map("list") { row throws(JSONError) in try FundingRate(bybit: row) }
      }
      found += page
      guard page.count >= perAnswer, let oldest = page.map(\.time).min() else { break }
      to = oldest - .milliseconds(1)
    }
    return found.sorted { $0.time < $1.time }
  }

  /// `GET /v5/market/open-interest`, all pages: from `start` up to and including `end`, oldest first.
  public func openInterest(
    of symbol: Symbol, every interval: OpenInterest.Interval, from start: Timestamp,
    through end: Timestamp
  ) async throws(VenueError) -> [OpenInterest] {
    let rows = try await allRows(
      "/v5/market/open-interest",
      [
        ("category", "linear"), ("symbol", symbol.name), ("intervalTime", interval.rawValue),
        ("startTime", "\(start.milliseconds)"), ("endTime", "\(end.milliseconds)"),
        ("limit", "200"),
      ], signed: false)
    return try reading { () throws(JSONError) in
      var found: [OpenInterest] = []
      for row in rows { found.append(try OpenInterest(bybit: row)) }
      return found
    }
    .sorted { $0.time < $1.time }
  }

  /// `GET /v5/market/risk-limit`, all pages: the tiers of one symbol or of all USDT perpetuals, by
  /// symbol and size.
  public func riskTiers(of symbol: Symbol? = nil) async throws(VenueError) -> [RiskTier] {
    var query = [(name: "category", value: "linear")]
    if let symbol { query.append(("symbol", symbol.name)) }
    let rows = try await allRows("/v5/market/risk-limit", query, signed: false)
    return try reading { () throws(JSONError) in
      var found: [RiskTier] = []
      for row in rows { found.append(try RiskTier(bybit: row)) }
      return found
    }
    .filter { $0.symbol.isUSDTPerpetual }
    .sorted { ($0.symbol, $0.limit) < ($1.symbol, $1.limit) }
  }
}

extension FundingRate {
  /// A row of `/v5/market/funding/history`.
  init(bybit row: JSONValue) throws(JSONError) {
    self.init(
      symbol: try row.rowSymbol, rate: try row.amount("fundingRate"),
      time: try row.time("fundingRateTimestamp"))
  }
}

/// How much is open in a contract.
public struct OpenInterest: Sendable, Hashable {
  public enum Interval: String, Sendable, Hashable, CaseIterable {
    case fiveMinutes = "5min"
    case fifteenMinutes = "15min"
    case halfHour = "30min"
    case oneHour = "1h"
    case fourHours = "4h"
    case oneDay = "1d"
  }

  /// Both sides together, in units of the base coin.
  public var amount: Notional
  public var time: Timestamp

  init(bybit row: JSONValue) throws(JSONError) {
    amount = try row.amount("openInterest")
    time = try row.time("timestamp")
  }
}

/// Up to which size which margin is asked for.
public struct RiskTier: Sendable, Hashable {
  public var symbol: Symbol
  public var id: Int64
  /// Position value up to which the tier holds, in USDT.
  public var limit: Notional
  /// Shares of the position value: 0.005 is half a percent.
  public var maintenanceMarginRate: Ratio
  public var initialMarginRate: Ratio
  public var maxLeverage: Ratio
  /// Taken off the maintenance margin, in USDT; nil where the venue does not say.
  public var deduction: Notional?

  init(bybit row: JSONValue) throws(JSONError) {
    symbol = try row.rowSymbol
    id = try row.integer("id")
    limit = try row.amount("riskLimitValue")
    maxLeverage = try row.amount("maxLeverage")
    let initial: Ratio = try row.amount("initialMargin")
    let maintenance: Ratio = try row.amount("maintenanceMargin")
    // Some rows hold shares and some percents: the margin at the highest leverage tells which.
    let isPercent =
      initial.wideCount * maxLeverage.wideCount > 10 * Ratio.one.wideCount * Ratio.one.wideCount
    initialMarginRate = isPercent ? Ratio(uncheckedCount: initial.wideCount / 100) : initial
    maintenanceMarginRate =
      isPercent ? Ratio(uncheckedCount: maintenance.wideCount / 100) : maintenance
    deduction = try row.optionalAmount("mmDeduction")
  }
}
