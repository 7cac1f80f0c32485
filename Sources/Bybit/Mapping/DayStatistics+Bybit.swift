import TradingModel
import Transport

extension DayStatistics {
  /// A row of `/v5/market/tickers`, or the data of a `tickers` snapshot.
  init(bybit row: JSONValue, at time: Timestamp) throws(JSONError) {
    let turnover: Notional? = try row.optionalAmount("turnover24h")
    let volume: Volume? = try row.optionalAmount("volume24h")
    let ticker = Ticker(
      venue: .bybit, symbol: try row.rowSymbol, last: try row.priceIfSet("lastPrice"),
      mark: try row.priceIfSet("markPrice"), index: try row.priceIfSet("indexPrice"),
      bid: try row.priceIfSet("bid1Price"), ask: try row.priceIfSet("ask1Price"),
      vwap24h: Ticker.vwap(turnover: turnover, volume: volume), turnover24h: turnover,
      fundingRate: try row.optionalAmount("fundingRate"), time: time)
    self.init(
      ticker: ticker, open: try row.priceIfSet("prevPrice24h"),
      high: try row.priceIfSet("highPrice24h"), low: try row.priceIfSet("lowPrice24h"),
      volume: volume, openInterest: try row.optionalAmount("openInterest"),
      openInterestValue: try row.optionalAmount("openInterestValue"),
      nextFundingAt: try row.timeIfSet("nextFundingTime"))
  }
}
