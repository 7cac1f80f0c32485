/// What a symbol's price did within one interval.
public struct Candle: Sendable, Hashable, Codable {
  public var symbol: Symbol
  public var interval: CandleInterval
  /// When it began, by the venue's clock: a multiple of the interval since 1970.
  public var openTime: Timestamp
  public var open: Price
  public var high: Price
  public var low: Price
  public var close: Price
  /// In units of the base coin.
  public var volume: Volume
  /// Turnover, in USDT.
  public var turnover: Notional
  /// How much of the volume takers bought, in units of the base coin; nil where the venue does not
  /// say.
  public var takerBuyVolume: Volume?
  /// Nil where the venue does not say.
  public var tradeCount: Int?
  /// No trade will change it any more.
  public var isClosed: Bool

  public init(
    symbol: Symbol, interval: CandleInterval, openTime: Timestamp, open: Price, high: Price,
    low: Price, close: Price, volume: Volume, turnover: Notional,
    takerBuyVolume: Volume? = nil, tradeCount: Int? = nil, isClosed: Bool
  ) {
    self.symbol = symbol
    self.interval = interval
    self.openTime = openTime
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
    self.turnover = turnover
    self.takerBuyVolume = takerBuyVolume
    self.tradeCount = tradeCount
    self.isClosed = isClosed
  }

  /// When it ends, and the next one begins.
  public var closeTime: Timestamp { openTime + interval.duration }

  /// High, low and the rest do not contradict each other.
  public var isCoherent: Bool {
    low <= min(open, close) && high >= max(open, close) && low > .zero
      && volume >= .zero && turnover >= .zero
  }
}
