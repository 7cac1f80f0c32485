/// A price with the time it was seen.
public struct TimedPrice: Sendable, Hashable {
  public var price: Price
  public var time: Timestamp

  public init(_ price: Price, at time: Timestamp) {
    self.price = price
    self.time = time
  }

  /// The price, unless it is older than `limit`.
  public func fresh(at now: Timestamp, within limit: Duration) -> Price? {
    now - time <= limit ? price : nil
  }
}

/// What is known of one symbol's market on one venue. Nil is unknown, never zero.
public struct SymbolMarket: Sendable, Hashable {
  public var last: TimedPrice?
  public var mark: TimedPrice?
  public var bid: TimedPrice?
  public var ask: TimedPrice?
  /// The rolling 24 h VWAP as the venue gives it.
  public var vwap24h: TimedPrice?
  /// The VWAP of the trades that we saw ourselves in the last 24 h.
  public var tapeVWAP: TimedPrice?

  public init() {}

  public mutating func take(_ ticker: Ticker, at now: Timestamp) {
    if let price = ticker.last { last = TimedPrice(price, at: now) }
    if let price = ticker.mark { mark = TimedPrice(price, at: now) }
    if let price = ticker.bid { bid = TimedPrice(price, at: now) }
    if let price = ticker.ask { ask = TimedPrice(price, at: now) }
    if let price = ticker.vwap24h { vwap24h = TimedPrice(price, at: now) }
  }

  public mutating func take(_ trade: Trade, at now: Timestamp) {
    last = TimedPrice(trade.price, at: now)
  }
}
