/// What trading a symbol costs the account, as shares of the value.
public struct FeeRates: Sendable, Hashable {
  public var symbol: Symbol
  /// Negative is a rebate.
  public var maker: Ratio
  public var taker: Ratio

  public init(symbol: Symbol, maker: Ratio, taker: Ratio) {
    self.symbol = symbol
    self.maker = maker
    self.taker = taker
  }
}
