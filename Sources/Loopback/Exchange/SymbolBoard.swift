import TradingModel

/// What one venue shows of one contract, kept up to date from what the market tells.
public struct SymbolBoard: Sendable, Hashable {
  public internal(set) var instrument: Instrument
  /// As it stands: every field that was ever told.
  public private(set) var ticker: Ticker
  public private(set) var lastTrade: Trade?
  /// Trades seen, which numbers them.
  public private(set) var tradeCount: Int64 = 0
  /// Where the walk began, and its bounds since.
  public private(set) var open: Price
  public private(set) var high: Price
  public private(set) var low: Price
  /// `PlusTick`, `MinusTick`, `ZeroPlusTick` or `ZeroMinusTick`, as Bybit names them.
  public private(set) var tickDirection = TickDirection.zeroPlus

  public enum TickDirection: String, Sendable, Hashable {
    case plus = "PlusTick"
    case minus = "MinusTick"
    case zeroPlus = "ZeroPlusTick"
    case zeroMinus = "ZeroMinusTick"
  }

  /// Nil while no price is known.
  init?(_ instrument: Instrument, _ ticker: Ticker) {
    guard let last = ticker.last ?? ticker.mark else { return nil }
    self.instrument = instrument
    self.ticker = ticker
    self.ticker.last = last
    open = last
    high = last
    low = last
  }

  public var symbol: Symbol { instrument.symbol }
  public var last: Price { ticker.last ?? open }
  public var mark: Price { ticker.mark ?? last }

  /// Volume of 24 hours, turnover over average price; nil while unknown.
  public var volume24h: Volume? {
    guard let turnover = ticker.turnover24h else { return nil }
    let price = (ticker.vwap24h ?? last).wideCount
    guard price > 0, turnover.wideCount < Notional.limit / 100_000_000 else { return nil }
    return Volume(uncheckedCount: turnover.wideCount * 100_000_000 / price)
  }

  /// When funding is next settled: at a whole multiple of the interval since 00:00 UTC.
  public func nextFunding(after now: Timestamp) -> Timestamp {
    let interval = max(1, instrument.fundingInterval.wholeMilliseconds)
    return Timestamp(milliseconds: (now.milliseconds / interval + 1) * interval)
  }

  mutating func take(_ news: Ticker) {
    ticker.last = news.last ?? ticker.last
    ticker.mark = news.mark ?? ticker.mark
    ticker.index = news.index ?? ticker.index
    ticker.bid = news.bid ?? ticker.bid
    ticker.ask = news.ask ?? ticker.ask
    ticker.vwap24h = news.vwap24h ?? ticker.vwap24h
    ticker.turnover24h = news.turnover24h ?? ticker.turnover24h
    ticker.fundingRate = news.fundingRate ?? ticker.fundingRate
    ticker.time = news.time
    reach(last)
  }

  mutating func take(_ trade: Trade) {
    let isUp = tickDirection == .plus || tickDirection == .zeroPlus
    if trade.price == last {
      tickDirection = isUp ? .zeroPlus : .zeroMinus
    } else {
      tickDirection = trade.price > last ? .plus : .minus
    }
    tradeCount += 1
    lastTrade = trade
    ticker.last = trade.price
    ticker.time = trade.time
    reach(trade.price)
  }

  private mutating func reach(_ price: Price) {
    high = max(high, price)
    low = min(low, price)
  }
}
