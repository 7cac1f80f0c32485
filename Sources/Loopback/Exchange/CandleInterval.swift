import TradingModel

/// How long a candle lasts. Days, weeks (from Monday) and months begin at 00:00 UTC.
public enum CandleInterval: Sendable, Hashable {
  /// Divides a day, or is a day.
  case minutes(Int64)
  case week
  case month

  /// Where the candle that holds `time` begins.
  public func start(of time: Timestamp) -> Timestamp {
    switch self {
    case .minutes(let minutes):
      let length = max(1, minutes) * 60
      return Timestamp(seconds: Self.floor(time.seconds, length) * length)
    case .week:
      // 1970-01-01 was a Thursday.
      let day = Int64(time.day.daysSince1970)
      return UTCDay(daysSince1970: Int(Self.floor(day + 3, 7) * 7 - 3)).start
    case .month:
      let (year, month, _) = time.day.components
      return UTCDay(year: year, month: month, day: 1).start
    }
  }

  /// Where the candle that begins at `start` ends, and the next begins.
  public func end(from start: Timestamp) -> Timestamp {
    switch self {
    case .minutes(let minutes): start + .minutes(max(1, minutes))
    case .week: start + .hours(7 * 24)
    case .month: self.start(of: start + .hours(32 * 24))
    }
  }

  private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }
}

/// What a price did within an interval.
public struct MarketCandle: Sendable, Hashable {
  public var start: Timestamp
  public var open: Price
  public var high: Price
  public var low: Price
  public var close: Price
  /// In base units. Carried by the widest amount there is: of cheap coins more is traded than a
  /// `Quantity` can hold.
  public var volume: Notional
  /// In USDT.
  public var turnover: Notional
  public var tradeCount: Int64
  /// The part of both that buyers took.
  public var takerVolume: Notional
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
    let volume = Notional(uncheckedCount: trade.quantity.wideCount)
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
