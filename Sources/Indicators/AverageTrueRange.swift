import TradingModel

/// The average true range (ATR): how far a candle usually moves, smoothed over `length` candles.
///
/// True range = max(high − low, |high − previous close|, |low − previous close|); of the first
/// candle it is high − low. The first average is the plain mean of `length` true ranges; afterwards
/// ATR = (previous ATR × (length − 1) + true range) ÷ length. No value before the first average.
/// Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
public struct AverageTrueRange: Sendable, Hashable {
  /// How many candles it is smoothed over, at least 1.
  public let length: Int
  /// Closed candles taken so far.
  public private(set) var count = 0
  /// In USDT; nil until `length` candles were taken.
  public private(set) var value: Double?
  private var sum = 0.0
  private var previousClose: Double?

  public init(length: Int) {
    precondition(length >= 1)
    self.length = length
  }

  /// Takes the next closed candle.
  public mutating func add(high: Double, low: Double, close: Double) {
    let range = previousClose.map { max(high - low, abs(high - $0), abs(low - $0)) } ?? high - low
    previousClose = close
    count += 1
    if let value {
      self.value = (value * Double(length - 1) + range) / Double(length)
    } else {
      sum += range
      if count == length { value = sum / Double(length) }
    }
  }

  public mutating func add(_ candle: Candle) {
    add(high: candle.high.statistic, low: candle.low.statistic, close: candle.close.statistic)
  }

  /// The value as an amount, rounded at 10⁻⁸ USDT; nil while unknown, zero or beyond all prices.
  public var price: Price? {
    guard let value, value.isFinite, value > 0, value < 1e10 else { return nil }
    do {
      let price = try Price(count: Int64((value * 1e8).rounded()))
      return price > .zero ? price : nil
    } catch {
      return nil
    }
  }
}

extension Price {
  /// For statistics: an amount is never made of it again without being rounded by name.
  var statistic: Double { Double(count) / 1e8 }
}
