import TradingModel

/// What a price did within an interval.
public struct MarketCandle: Sendable, Hashable {
  public var start: Timestamp
  public var open: Price
  public var high: Price
  public var low: Price
  public var close: Price
  public var volume: Volume
  /// In USDT.
  public var turnover: Notional
  public var tradeCount: Int64
  /// The part of both that buyers took.
  public var takerVolume: Volume
  public var takerTurnover: Notional

  /// One at which nothing has happened yet.
  init(start: Timestamp, at price: Price) {
    self.start = start
    (open, high, low, close) = (price, price, price, price)
    volume = .zero
    turnover = .zero
    tradeCount = 0
    takerVolume = .zero
    takerTurnover = .zero
  }

  mutating func reach(_ price: Price) {
    high = max(high, price)
    low = min(low, price)
    close = price
  }

  mutating func take(_ trade: Trade) {
    reach(trade.price)
    let volume = Volume(trade.quantity)
    let turnover = trade.price * trade.quantity
    self.volume += volume
    self.turnover += turnover
    tradeCount += 1
    guard trade.aggressor == .buy else { return }
    takerVolume += volume
    takerTurnover += turnover
  }

  /// Takes the candle behind this one in.
  mutating func append(_ later: MarketCandle) {
    high = max(high, later.high)
    low = min(low, later.low)
    close = later.close
    volume += later.volume
    turnover += later.turnover
    tradeCount += later.tradeCount
    takerVolume += later.takerVolume
    takerTurnover += later.takerTurnover
  }
}
