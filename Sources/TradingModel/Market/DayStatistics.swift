/// A ticker with the figures of the rolling 24 hours. Nil is "not said", never zero: venues say
/// different ones.
public struct DayStatistics: Sendable, Hashable {
  public var ticker: Ticker
  /// The price 24 hours ago.
  public var open: Price?
  public var high: Price?
  public var low: Price?
  public var volume: Volume?
  public var tradeCount: Int?
  /// As the venue counts: Bybit both sides together, twice the usual figure.
  public var openInterest: Volume?
  /// As `openInterest`, in USDT.
  public var openInterestValue: Notional?
  public var nextFundingAt: Timestamp?

  public init(
    ticker: Ticker, open: Price? = nil, high: Price? = nil, low: Price? = nil,
    volume: Volume? = nil, tradeCount: Int? = nil, openInterest: Volume? = nil,
    openInterestValue: Notional? = nil, nextFundingAt: Timestamp? = nil
  ) {
    self.ticker = ticker
    self.open = open
    self.high = high
    self.low = low
    self.volume = volume
    self.tradeCount = tradeCount
    self.openInterest = openInterest
    self.openInterestValue = openInterestValue
    self.nextFundingAt = nextFundingAt
  }

  public var symbol: Symbol { ticker.symbol }

  /// The last price against that of 24 hours ago, rounded half-even at 10⁻⁸: 0.05 is five percent up.
  /// Nil, too, beyond what a ratio can hold.
  public var change: Ratio? {
    guard let last = ticker.last, let open, !open.isZero else { return nil }
    do throws(AmountError) {
      return try Ratio(
        count: Rounding.halfEven(
          last.wideCount - open.wideCount, times: DecimalText.one, over: open.wideCount))
    } catch {
      return nil
    }
  }
}
