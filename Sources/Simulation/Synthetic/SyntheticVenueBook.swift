import TradingModel

/// What one venue shows of one synthetic symbol.
struct SyntheticVenueBook: Sendable {
  let venue: Venue
  private(set) var bid: Price
  private(set) var ask: Price
  private(set) var last: Price
  private(set) var told: Ticker?

  init(_ venue: Venue, _ walk: SyntheticWalk) {
    self.venue = venue
    (bid, ask) = Self.touch(venue, walk)
    last = bid
  }

  /// Follows the walk; a print outside the new touch is brought back by a trade.
  /// - Returns: The trade of this slice, if there is one.
  mutating func follow(_ walk: inout SyntheticWalk, at time: Timestamp) -> Trade? {
    let before = bid
    (bid, ask) = Self.touch(venue, walk)
    let isBusy = walk.isCrashing || last < bid || last > ask
    guard isBusy || walk.chance.unit() < 0.5 else { return nil }
    let isSell = bid < before || (bid == before && walk.chance.unit() < 0.5)
    last = isSell ? bid : ask
    return Trade(
      venue: venue, symbol: walk.symbol.instrument.symbol, price: last,
      quantity: walk.quantity(least: walk.isCrashing ? 400 : 60, at: last),
      aggressor: isSell ? .sell : .buy, time: time)
  }

  /// The whole ticker; nil when nothing on it has changed.
  mutating func news(_ walk: SyntheticWalk, funding: Ratio, at time: Timestamp) -> Ticker? {
    let ticker = ticker(walk, funding: funding, at: time)
    var same = ticker
    same.time = told?.time ?? time
    guard same != told else { return nil }
    told = ticker
    return ticker
  }

  func ticker(_ walk: SyntheticWalk, funding: Ratio, at time: Timestamp) -> Ticker {
    Ticker(
      venue: venue, symbol: walk.symbol.instrument.symbol, last: last,
      mark: walk.price(walk.mark), index: walk.price(walk.mark), bid: bid, ask: ask,
      vwap24h: walk.price(walk.average), turnover24h: walk.symbol.turnover, fundingRate: funding,
      time: time)
  }

  /// About one basis point wide, at least a tick.
  private static func touch(_ venue: Venue, _ walk: SyntheticWalk) -> (bid: Price, ask: Price) {
    let middle = venue == .bybit ? walk.level * (1 + walk.basis) : walk.level
    let tick = walk.symbol.instrument.tickSize
    let bid = walk.price(middle * 0.999_95)
    let ask = walk.price(middle * 1.000_05)
    return (bid, max(ask, Price(uncheckedCount: bid.wideCount + tick.wideCount)))
  }
}
