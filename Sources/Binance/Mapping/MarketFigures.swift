import TradingModel
import Transport

extension DayStatistics {
  /// A row of `/fapi/v1/ticker/24hr`: the rolling day of one symbol.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/24hr-Ticker-Price-Change-Statistics
  init(binance row: JSONValue) throws(JSONError) {
    let ticker = Ticker(
      venue: .binance, symbol: try row.rowSymbol, last: try row.amount("lastPrice"),
      vwap24h: try row.amount("weightedAvgPrice"), turnover24h: try row.amount("quoteVolume"),
      time: try row.time("closeTime"))
    self.init(
      ticker: ticker, open: try row.amount("openPrice"), high: try row.amount("highPrice"),
      low: try row.amount("lowPrice"), volume: try row.amount("volume"),
      tradeCount: Int(clamping: try row.integer("count")))
  }
}

/// A row of `/fapi/v1/premiumIndex`: mark price and funding of one symbol.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Mark-Price
public struct MarkFigures: Sendable, Hashable {
  public var symbol: Symbol
  public var mark: Price
  public var index: Price
  /// Nil for contracts that pay none.
  public var fundingRate: Ratio?
  public var nextFundingAt: Timestamp?
  public var time: Timestamp

  init(binance row: JSONValue) throws(JSONError) {
    symbol = try row.rowSymbol
    mark = try row.amount("markPrice")
    index = try row.amount("indexPrice")
    fundingRate = try row.optionalAmount("lastFundingRate")
    nextFundingAt = try row.timeIfSet("nextFundingTime")
    time = try row.time("time")
  }

  public var ticker: Ticker {
    Ticker(
      venue: .binance, symbol: symbol, mark: mark, index: index, fundingRate: fundingRate,
      time: time)
  }
}

extension FundingRate {
  /// A row of `/fapi/v1/fundingRate`: what was paid. Rows of before 2023 name no mark price.
  init(binance row: JSONValue) throws(JSONError) {
    self.init(
      symbol: try row.rowSymbol, rate: try row.amount("fundingRate"),
      mark: try row.priceIfSet("markPrice"), time: try row.time("fundingTime"))
  }
}

/// `/fapi/v1/openInterest`.
public struct OpenInterest: Sendable, Hashable {
  public var symbol: Symbol
  /// In units of the base coin.
  public var quantity: Volume
  public var time: Timestamp

  init(binance row: JSONValue) throws(JSONError) {
    symbol = try row.rowSymbol
    quantity = try row.amount("openInterest")
    time = try row.time("time")
  }
}

extension FeeRates {
  /// `/fapi/v1/commissionRate`.
  init(binance row: JSONValue) throws(JSONError) {
    self.init(
      symbol: try row.rowSymbol, maker: try row.amount("makerCommissionRate"),
      taker: try row.amount("takerCommissionRate"))
  }
}

/// A trade with its number: trades are paged by it, and told twice it counts once.
public struct NumberedTrade: Sendable, Hashable {
  /// Of the trade, or of the aggregate; the two count apart.
  public var number: Int64
  public var trade: Trade

  init(number: Int64, trade: Trade) {
    self.number = number
    self.trade = trade
  }

  /// A row of `/fapi/v1/trades` or `/historicalTrades`.
  init(binance row: JSONValue, symbol: Symbol) throws(JSONError) {
    number = try row.integer("id")
    trade = Trade(
      venue: .binance, symbol: symbol, price: try row.amount("price"),
      quantity: try row.amount("qty"),
      aggressor: try row.bool("isBuyerMaker") ? .sell : .buy, time: try row.time("time"))
  }

  /// A row of `/fapi/v1/aggTrades`.
  init(binanceAggregate row: JSONValue, symbol: Symbol) throws(JSONError) {
    number = try row.integer("a")
    trade = Trade(
      venue: .binance, symbol: symbol, price: try row.amount("p"), quantity: try row.amount("q"),
      aggressor: try row.bool("m") ? .sell : .buy, time: try row.time("T"))
  }
}

extension Candle {
  /// A row of `/fapi/v1/klines`: twelve elements by place.
  ///
  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Kline-Candlestick-Data
  ///
  /// - Parameter now: By the venue's clock: what ends later still forms.
  init(
    binance row: JSONValue, symbol: Symbol, interval: CandleInterval, now: Timestamp
  ) throws(JSONError) {
    let start = Timestamp(milliseconds: try row.integer(0))
    self.init(
      symbol: symbol, interval: interval, openTime: start, open: try row.amount(1),
      high: try row.amount(2), low: try row.amount(3), close: try row.amount(4),
      volume: try row.amount(5), turnover: try row.amount(7), takerBuyVolume: try row.amount(9),
      tradeCount: Int(clamping: try row.integer(8)), isClosed: start + interval.duration <= now)
  }
}

/// A depth snapshot: the book at one update id.
struct DepthSnapshot: Sendable, Hashable {
  var lastUpdateID: Int64
  var time: Timestamp?
  var bids: [BookLevel]
  var asks: [BookLevel]

  /// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Order-Book
  init(binance row: JSONValue) throws(JSONError) {
    lastUpdateID = try row.integer("lastUpdateId")
    time = try row.timeIfSet("T")
    bids = try row.map("bids", read: Self.level)
    asks = try row.map("asks", read: Self.level)
  }

  private static func level(_ pair: JSONValue) throws(JSONError) -> BookLevel {
    BookLevel(try pair.amount(0), try pair.amount(1))
  }
}
