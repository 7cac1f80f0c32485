/// Candles that are asked for.
public struct CandleRequest: Sendable, Hashable {
  public var symbol: Symbol
  public var interval: CandleInterval
  /// The latest closed ones.
  public var count: Int

  public init(symbol: Symbol, interval: CandleInterval, count: Int) {
    self.symbol = symbol
    self.interval = interval
    self.count = count
  }
}
