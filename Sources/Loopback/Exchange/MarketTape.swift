import TradingModel

/// A trade with what the venue's tape says of it.
public struct MarketPrint: Sendable, Hashable {
  public let trade: Trade
  /// From 1, without gaps, for each symbol.
  public let number: Int64
  public let direction: SymbolBoard.TickDirection
}

/// What was traded on one venue: the latest prints and the candles of every contract.
public struct MarketTape: Sendable {
  private var symbols: [Symbol: SymbolTape] = [:]

  init(_ board: MarketBoard, at time: Timestamp) {
    for board in board.symbols { symbols[board.symbol] = SymbolTape(board, at: time) }
  }

  /// Newest last, at most a thousand.
  public func prints(of symbol: Symbol) -> [MarketPrint] {
    Array((symbols[symbol]?.prints ?? []).suffix(SymbolTape.mostPrints))
  }

  /// Candles that begin within a span, oldest first; the last one may still be open. None before the
  /// contract was listed.
  /// - Parameter limit: The newest of them, so many at most.
  public func candles(
    of symbol: Symbol, _ interval: ChartInterval, from: Timestamp? = nil, to: Timestamp,
    limit: Int
  ) -> [MarketCandle] {
    symbols[symbol]?.candles(interval, from: from, to: to, limit: limit) ?? []
  }

  /// The candle that holds `time`.
  public func candle(
    of symbol: Symbol, _ interval: ChartInterval, at time: Timestamp
  ) -> MarketCandle? {
    symbols[symbol]?.candles(interval, from: nil, to: time, limit: 1).last
  }

  /// - Parameter board: The board after the event.
  /// - Returns: The print, when it was a trade.
  mutating func take(_ event: MarketEvent, _ board: SymbolBoard?) -> MarketPrint? {
    guard let board else { return nil }
    if symbols[event.symbol] == nil {
      symbols[event.symbol] = SymbolTape(board, at: event.time)
    }
    switch event {
    case .trade(let trade):
      let print = MarketPrint(
        trade: trade, number: board.tradeCount, direction: board.tickDirection)
      symbols[event.symbol]?.take(print)
      return print
    case .ticker: symbols[event.symbol]?.reach(board.last, at: event.time)
    case .liquidation: break
    }
    return nil
  }
}

/// The tape of one contract.
private struct SymbolTape: Sendable {
  static let mostPrints = 1_000
  /// Of live minutes so many are kept; before them the past is made up.
  private static let mostMinutes = 20_000
  /// Bybit's first linear contracts opened on 2020-03-30.
  private static let listed = Timestamp(milliseconds: 1_585_526_400_000)

  private(set) var prints: [MarketPrint] = []
  private var minutes: [MarketCandle] = []
  private let past: SyntheticPast

  init(_ board: SymbolBoard, at time: Timestamp) {
    past = SyntheticPast(board, until: time)
    minutes = [MarketCandle(start: ChartInterval.minutes(1).start(of: time), at: board.last)]
  }

  mutating func take(_ print: MarketPrint) {
    prints.append(print)
    if prints.count >= 2 * Self.mostPrints { prints.removeFirst(Self.mostPrints) }
    open(at: print.trade.time)
    minutes[minutes.endIndex - 1].take(print.trade)
  }

  mutating func reach(_ price: Price, at time: Timestamp) {
    open(at: time)
    minutes[minutes.endIndex - 1].reach(price)
  }

  /// Makes sure that the last minute is the one of `time`.
  private mutating func open(at time: Timestamp) {
    let start = ChartInterval.minutes(1).start(of: time)
    guard let last = minutes.last, start > last.start else { return }
    minutes.append(MarketCandle(start: start, at: last.close))
    if minutes.count >= 2 * Self.mostMinutes { minutes.removeFirst(Self.mostMinutes) }
  }

  func candles(
    _ interval: ChartInterval, from: Timestamp?, to: Timestamp, limit: Int
  ) -> [MarketCandle] {
    var candles: [MarketCandle] = []
    var start = interval.start(of: to)
    while candles.count < limit, start >= max(from ?? Self.listed, Self.listed) {
      candles.append(candle(from: start, to: interval.end(from: start)))
      start = interval.start(of: start - .nanoseconds(1))
    }
    return candles.reversed()
  }

  private func candle(from start: Timestamp, to end: Timestamp) -> MarketCandle {
    var candle: MarketCandle?
    if start < past.end { candle = past.candle(from: start, to: end) }
    let first = index(of: start)
    for minute in minutes[first...].prefix(while: { $0.start < end }) {
      if candle == nil {
        candle = minute
        candle?.start = start
      } else {
        candle?.append(minute)
      }
    }
    // Nothing was traded: the price before it stands.
    let before = first > minutes.startIndex ? minutes[first - 1].close : minutes[0].open
    return candle ?? MarketCandle(start: start, at: before)
  }

  /// The first minute at or after `time`.
  private func index(of time: Timestamp) -> Int {
    var (low, high) = (minutes.startIndex, minutes.endIndex)
    while low < high {
      let middle = (low + high) / 2
      if minutes[middle].start < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
