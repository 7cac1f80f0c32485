/// Something seen on a market. Every event names the venue it was seen on.
public enum MarketEvent: Sendable, Hashable {
  case liquidation(Liquidation)
  case trade(Trade)
  case ticker(Ticker)

  public var symbol: Symbol {
    switch self {
    case .liquidation(let event): event.symbol
    case .trade(let event): event.symbol
    case .ticker(let event): event.symbol
    }
  }

  public var venue: Venue {
    switch self {
    case .liquidation(let event): event.venue
    case .trade(let event): event.venue
    case .ticker(let event): event.venue
    }
  }
}

/// A forced order, told by the side of the **position** that was liquidated.
///
/// Binance names the order's side (SELL closed a long), Bybit the position's (Buy was a long): the
/// mapping of each venue turns both into this.
public struct Liquidation: Sendable, Hashable, Codable {
  public var venue: Venue
  public var symbol: Symbol
  public var closed: PositionSide
  /// The order's limit: near the bankruptcy price.
  public var price: Price
  public var averagePrice: Price
  public var quantity: Quantity
  /// When the venue says it happened.
  public var time: Timestamp

  public init(
    venue: Venue, symbol: Symbol, closed: PositionSide, price: Price, averagePrice: Price,
    quantity: Quantity, time: Timestamp
  ) {
    self.venue = venue
    self.symbol = symbol
    self.closed = closed
    self.price = price
    self.averagePrice = averagePrice
    self.quantity = quantity
    self.time = time
  }

  /// Average price times quantity, in USDT.
  public var value: Notional { averagePrice * quantity }
}

/// A print on the public tape.
public struct Trade: Sendable, Hashable, Codable {
  public var venue: Venue
  public var symbol: Symbol
  public var price: Price
  public var quantity: Quantity
  /// The side that took liquidity.
  public var aggressor: Side
  public var time: Timestamp

  public init(
    venue: Venue, symbol: Symbol, price: Price, quantity: Quantity, aggressor: Side,
    time: Timestamp
  ) {
    self.venue = venue
    self.symbol = symbol
    self.price = price
    self.quantity = quantity
    self.aggressor = aggressor
    self.time = time
  }
}

/// What changed on a ticker; nil is "not said", never zero.
public struct Ticker: Sendable, Hashable, Codable {
  public var venue: Venue
  public var symbol: Symbol
  public var last: Price?
  public var mark: Price?
  public var index: Price?
  public var bid: Price?
  public var ask: Price?
  /// Volume-weighted average price of the rolling 24 hours.
  public var vwap24h: Price?
  /// Turnover of the rolling 24 hours, in USDT.
  public var turnover24h: Notional?
  public var fundingRate: Ratio?
  public var time: Timestamp

  public init(
    venue: Venue, symbol: Symbol, last: Price? = nil, mark: Price? = nil, index: Price? = nil,
    bid: Price? = nil, ask: Price? = nil, vwap24h: Price? = nil, turnover24h: Notional? = nil,
    fundingRate: Ratio? = nil, time: Timestamp
  ) {
    self.venue = venue
    self.symbol = symbol
    self.last = last
    self.mark = mark
    self.index = index
    self.bid = bid
    self.ask = ask
    self.vwap24h = vwap24h
    self.turnover24h = turnover24h
    self.fundingRate = fundingRate
    self.time = time
  }
}
