import TradingModel

/// What is known of every market, per venue and symbol.
struct MarketView: Sendable {
  private struct Key: Hashable, Sendable {
    let venue: Venue
    let symbol: Symbol
  }

  /// A venue lists some hundred contracts; what is beyond this is no market but a flood.
  static let capacity = 4000

  private var markets: [Key: SymbolMarket] = [:]
  private var tapes: [Key: RollingVWAP] = [:]

  subscript(venue: Venue, symbol: Symbol) -> SymbolMarket {
    markets[Key(venue: venue, symbol: symbol)] ?? SymbolMarket()
  }

  mutating func take(_ ticker: Ticker, at now: Timestamp) {
    let key = Key(venue: ticker.venue, symbol: ticker.symbol)
    guard hasRoom(for: key) else { return }
    markets[key, default: SymbolMarket()].take(ticker, at: now)
  }

  mutating func take(_ trade: Trade, at now: Timestamp) {
    let key = Key(venue: trade.venue, symbol: trade.symbol)
    guard hasRoom(for: key) else { return }
    tapes[key, default: RollingVWAP()]
      .add(price: trade.price, quantity: trade.quantity, at: trade.time)
    markets[key, default: SymbolMarket()].take(trade, at: now)
    if let price = tapes[key]?.price {
      markets[key]?.tapeVWAP = TimedPrice(price, at: now)
    }
  }

  private func hasRoom(for key: Key) -> Bool {
    markets.count < Self.capacity || markets[key] != nil
  }
}

extension SymbolMarket {
  /// The mark price, else the last trade, while it is fresh: what a position is worth.
  func worth(at now: Timestamp, within limit: Duration = .seconds(10)) -> Price? {
    mark?.fresh(at: now, within: limit) ?? last?.fresh(at: now, within: limit)
  }
}
