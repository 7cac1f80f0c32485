import TradingModel

/// Candles of one minute made from a tape, and longer ones from those: what a replay answers with where
/// a venue would be asked.
///
/// A minute without a trade is a candle at the last price, as venues have it. The past is kept as far as
/// the longest question reaches.
public struct TapeCandles: Sendable {
  /// Fourteen hours of minutes, and every longer interval within them.
  private static let capacity = 1000

  private var minutes: [Symbol: [Candle]] = [:]

  public init() {}

  public mutating func take(_ trade: Trade, at now: Timestamp) {
    Self.add(trade, to: &minutes[trade.symbol, default: []], at: now)
  }

  /// In place: a copy of the past for every trade would be most of a replay's work.
  private static func add(_ trade: Trade, to candles: inout [Candle], at now: Timestamp) {
    let start = CandleInterval.oneMinute.start(of: now)
    fill(&candles, until: start)
    if var last = candles.last, last.openTime == start {
      last.high = max(last.high, trade.price)
      last.low = min(last.low, trade.price)
      last.close = trade.price
      candles[candles.count - 1] = last
    } else {
      candles.append(candle(of: trade.symbol, .oneMinute, start, at: trade.price))
    }
    if candles.count > capacity * 2 { candles.removeFirst(candles.count - Self.capacity) }
  }

  /// The latest that have ended by `now`, oldest first.
  func closed(_ request: CandleRequest, at now: Timestamp) -> [Candle] {
    latest(request, at: now).filter(\.isClosed)
  }

  /// The latest that have ended by `now`, oldest first, and behind them the one that still forms, as
  /// venues list them.
  public func latest(_ request: CandleRequest, at now: Timestamp) -> [Candle] {
    var candles = minutes[request.symbol] ?? []
    Self.fill(&candles, until: CandleInterval.oneMinute.start(of: now))
    let made =
      request.interval == .oneMinute ? candles : Self.joined(candles, request.interval)
    return made.suffix(request.count + 1).map {
      var candle = $0
      candle.isClosed = candle.closeTime <= now
      return candle
    }.suffix(made.last.map { $0.closeTime <= now } ?? true ? request.count : request.count + 1)
  }

  /// Minutes without a trade, up to the one that begins at `start`.
  private static func fill(_ candles: inout [Candle], until start: Timestamp) {
    guard let last = candles.last else { return }
    // After a silence that long nothing of before is left.
    let first = max(last.closeTime, start - .minutes(Int64(capacity)))
    var next = first
    while next < start {
      candles.append(candle(of: last.symbol, .oneMinute, next, at: last.close))
      next = next + .minutes(1)
    }
    if candles.count > capacity * 2 { candles.removeFirst(candles.count - Self.capacity) }
  }

  /// - Parameter minutes: Without a gap, or after one as if nothing had been before.
  private static func joined(_ minutes: [Candle], _ interval: CandleInterval) -> [Candle] {
    var joined: [Candle] = []
    for minute in minutes {
      let start = interval.start(of: minute.openTime)
      if var last = joined.last, last.openTime == start {
        last.high = max(last.high, minute.high)
        last.low = min(last.low, minute.low)
        last.close = minute.close
        joined[joined.count - 1] = last
      } else {
        var first = minute
        first.interval = interval
        first.openTime = start
        joined.append(first)
      }
    }
    return joined
  }

  private static func candle(
    of symbol: Symbol, _ interval: CandleInterval, _ start: Timestamp, at price: Price
  ) -> Candle {
    Candle(
      symbol: symbol, interval: interval, openTime: start, open: price, high: price, low: price,
      close: price, volume: .zero, turnover: .zero, isClosed: false)
  }
}
