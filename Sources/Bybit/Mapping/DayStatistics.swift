import TradingModel
import Transport

/// A ticker with the figures of the rolling 24 hours. Nil is "not said", never zero.
public struct DayStatistics: Sendable, Hashable {
  public var ticker: Ticker
  /// Against the price 24 hours ago: 0.05 is five percent up.
  public var change: Ratio?
  public var high: Price?
  public var low: Price?
  /// In units of the base coin.
  public var volume: Notional?
  /// Both sides together, in units of the base coin; twice the usual figure.
  public var openInterest: Notional?
  /// Both sides together, in USDT.
  public var openInterestValue: Notional?
  public var nextFundingAt: Timestamp?

  /// A row of `/v5/market/tickers`, or the data of a `tickers` snapshot.
  init(bybit row: JSONValue, at time: Timestamp) throws(JSONError) {
    let turnover: Notional? = try row.optionalAmount("turnover24h")
    volume = try row.optionalAmount("volume24h")
    ticker = Ticker(
      venue: .bybit, symbol: try row.rowSymbol, last: try row.priceIfSet("lastPrice"),
      mark: try row.priceIfSet("markPrice"), index: try row.priceIfSet("indexPrice"),
      bid: try row.priceIfSet("bid1Price"), ask: try row.priceIfSet("ask1Price"),
      vwap24h: Ticker.vwap(turnover: turnover, volume: volume), turnover24h: turnover,
      fundingRate: try row.optionalAmount("fundingRate"), time: time)
    change = try row.optionalAmount("price24hPcnt")
    high = try row.priceIfSet("highPrice24h")
    low = try row.priceIfSet("lowPrice24h")
    openInterest = try row.optionalAmount("openInterest")
    openInterestValue = try row.optionalAmount("openInterestValue")
    nextFundingAt = try row.timeIfSet("nextFundingTime")
  }
}

/// The prices between which an order must lie.
public struct PriceLimit: Sendable, Hashable {
  /// The most that a buy may bid.
  public var highestBuy: Price
  /// The least that a sell may ask.
  public var lowestSell: Price
  public var time: Timestamp

  /// The result of `/v5/market/price-limit`, or the data of a `priceLimit` frame.
  init(bybit row: JSONValue) throws(JSONError) {
    highestBuy = try row.amount("buyLmt")
    lowestSell = try row.amount("sellLmt")
    time = try row.time("ts")
  }
}
