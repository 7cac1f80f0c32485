import TradingModel
import Transport

extension BybitREST {
  /// `GET /v5/market/tickers`: the day's figures of every USDT perpetual, sorted by symbol.
  public func dayStatistics() async throws(VenueError) -> [DayStatistics] {
    let result = try await get("/v5/market/tickers", [("category", "linear")], signed: false)
    let time = now
    return try reading { () throws(JSONError) in
      try result.map("list") { row throws(JSONError) in
        try DayStatistics(bybit: row, at: time)
      }
    }
    .filter { $0.symbol.isUSDTPerpetual }
    .sorted { $0.symbol < $1.symbol }
  }

  /// `GET /v5/market/price-limit`: what an order may cost just now.
  public func priceLimit(of symbol: Symbol) async throws(VenueError) -> PriceLimit {
    let result = try await get(
      "/v5/market/price-limit", [("category", "linear"), ("symbol", symbol.name)], signed: false)
    return try reading { () throws(JSONError) in try PriceLimit(bybit: result) }
  }
}
