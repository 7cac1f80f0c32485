import TradingModel

extension EntryCheck {
  /// 8: the market has not moved more than 1% away from the price that the engine saw.
  static let price = EntryCheck("price") { entry in
    let seen = entry.intent.price
    let limit = entry.settings.maxPriceDeviation
    guard let market = entry.situation.marketPrice, market > .zero else {
      return ["no fresh price of \(entry.intent.symbol) on the executing venue"]
    }
    guard seen.isBelow(market, by: limit) || seen.isAbove(market, by: limit) else { return [] }
    return ["signal at \(seen), market at \(market), at most \(limit.percentDescription)% apart"]
  }
}
