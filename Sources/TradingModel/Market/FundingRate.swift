/// What longs paid shorts at one moment.
public struct FundingRate: Sendable, Hashable {
  public var symbol: Symbol
  /// Positive: longs paid.
  public var rate: Ratio
  /// At which it was paid; nil where the venue does not say.
  public var mark: Price?
  public var time: Timestamp

  public init(symbol: Symbol, rate: Ratio, mark: Price? = nil, time: Timestamp) {
    self.symbol = symbol
    self.rate = rate
    self.mark = mark
    self.time = time
  }
}
