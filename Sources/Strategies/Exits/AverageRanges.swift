import Indicators
import TradingModel

/// The ATR of every symbol whose exits are measured in it.
///
/// Closed candles are asked for from the executing venue: enough of them at first, then one after each
/// close. A gap begins anew. No value before `length` candles, and none that is older than two of them:
/// an entry that needs one is refused.
public struct AverageRanges: Sendable {
  fileprivate struct Series: Sendable {
    var average: AverageTrueRange
    let interval: CandleInterval
    /// When the newest candle ended.
    var endedAt: Timestamp?
    var nextAskAt: Timestamp
    /// When the last question left; nil once it was answered.
    var askedAt: Timestamp?
    var retry = AverageRanges.firstRetry
  }

  /// A venue needs a moment to close a candle.
  private static let settling = Duration.seconds(2)
  private static let answerLimit = Duration.seconds(30)
  fileprivate static let firstRetry = Duration.seconds(5)
  private static let longestRetry = Duration.seconds(60)
  /// Questions that leave at once: a long list is warmed up over some seconds.
  private static let mostAtOnce = 5
  /// Wilder's average forgets slowly: five lengths leave under 1 % of its beginning.
  private static let warmUpLengths = 5

  private var series: [Symbol: Series] = [:]

  public init() {}

  /// Keeps the ATR of these symbols from now on, and of no others.
  public mutating func follow(_ wanted: [Symbol: RangeSettings], at now: Timestamp) {
    series = series.filter { wanted[$0.key].map($0.value.fits) ?? false }
    for (symbol, settings) in wanted where series[symbol] == nil {
      series[symbol] = Series(
        average: AverageTrueRange(length: settings.length), interval: settings.interval,
        nextAskAt: now)
    }
  }

  /// The ATR in USDT; nil while it is not known.
  public func value(of symbol: Symbol, at now: Timestamp) -> Price? {
    guard let series = series[symbol], let endedAt = series.endedAt,
      now - endedAt <= series.interval.duration * 2 + Self.answerLimit
    else { return nil }
    return series.average.price
  }

  /// What is to be asked for now, sorted by symbol.
  public mutating func due(at now: Timestamp) -> [CandleRequest] {
    var requests: [CandleRequest] = []
    for symbol in series.keys.sorted() {
      guard requests.count < Self.mostAtOnce else { break }
      guard var one = series[symbol], now >= one.nextAskAt,
        one.askedAt.map({ now - $0 >= Self.answerLimit }) ?? true
      else { continue }
      one.askedAt = now
      series[symbol] = one
      requests.append(
        CandleRequest(symbol: symbol, interval: one.interval, count: one.missing(at: now)))
    }
    return requests
  }

  public mutating func take(_ candles: [Candle], for request: CandleRequest, at now: Timestamp) {
    guard var one = series[request.symbol], one.interval == request.interval else { return }
    one.askedAt = nil
    one.retry = Self.firstRetry
    let before = one.endedAt
    let usable = candles.sorted { $0.openTime < $1.openTime }.filter {
      $0.isClosed && $0.isCoherent && $0.interval == one.interval
        && $0.openTime >= before ?? $0.openTime
    }
    if let before, let first = usable.first, first.openTime > before {
      // Something is missing in between: the whole history is asked for anew.
      one.average = AverageTrueRange(length: one.average.length)
      one.endedAt = nil
      one.nextAskAt = now
      series[request.symbol] = one
      return
    }
    for candle in usable {
      if let endedAt = one.endedAt {
        guard candle.openTime >= endedAt else { continue }
        // The venue itself has none in between: what follows is another average.
        if candle.openTime > endedAt { one.average = AverageTrueRange(length: one.average.length) }
      }
      one.average.add(candle)
      one.endedAt = candle.closeTime
    }
    let isNew = one.endedAt != before
    let next = one.interval.end(of: now) + Self.settling
    // The newest may not be closed at the venue yet.
    one.nextAskAt = isNew ? next : min(next, now + Self.firstRetry)
    series[request.symbol] = one
  }

  public mutating func failed(_ request: CandleRequest, at now: Timestamp) {
    guard var one = series[request.symbol] else { return }
    one.askedAt = nil
    one.nextAskAt = now + one.retry
    one.retry = min(one.retry * 2, Self.longestRetry)
    series[request.symbol] = one
  }

  fileprivate static func warmUp(_ length: Int) -> Int { min(length * warmUpLengths + 1, 1000) }
}

extension AverageRanges.Series {
  fileprivate func fits(_ settings: RangeSettings) -> Bool {
    average.length == settings.length && interval == settings.interval
  }

  /// How many candles lie between what is known and now, with one to spare.
  fileprivate func missing(at now: Timestamp) -> Int {
    let all = AverageRanges.warmUp(average.length)
    guard let endedAt, average.value != nil else { return all }
    let gap = (interval.start(of: now) - endedAt).wholeSeconds / interval.duration.wholeSeconds
    return min(all, max(1, Int(gap)) + 1)
  }
}
