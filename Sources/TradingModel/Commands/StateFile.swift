/// Files that other programs read (spec: risk, day limits and panic).
public enum StateFile: Sendable, Hashable {
  case dailyPnL(DayView, locks: [Lock], stoppedBy: Lock?)
  /// A row of the log of days. A day that has its row gets no second.
  case dayResult(DayResult)
  /// A line of the day's snapshots.
  case moment(AccountMoment)
  case tradingDisabled(Lock)
  case tradingEnabled
  /// With the lock that it stands for.
  case panicLock(FlattenReport, Lock)
  case panicUnlocked
}

/// What a UTC day came to.
public struct DayResult: Sendable, Hashable {
  public var day: UTCDay
  /// Equity less baseline, in USDT and as a share of the baseline.
  public var amount: Notional
  public var result: Ratio
  public var trades: Int

  public init(day: UTCDay, amount: Notional, result: Ratio, trades: Int) {
    self.day = day
    self.amount = amount
    self.result = result
    self.trades = trades
  }
}

extension DayView {
  public var dayResult: DayResult {
    DayResult(day: baseline.day, amount: net, result: result, trades: won + lost)
  }
}

/// The account at one moment. What is not known is nil.
public struct AccountMoment: Sendable, Hashable {
  public var time: Timestamp
  public var equity: Notional?
  /// Today's result as a share of the baseline.
  public var dayResult: Ratio?
  public var marginUse: Ratio?
  public var positions: [PositionView]

  public init(
    time: Timestamp, equity: Notional?, dayResult: Ratio?, marginUse: Ratio?,
    positions: [PositionView]
  ) {
    self.time = time
    self.equity = equity
    self.dayResult = dayResult
    self.marginUse = marginUse
    self.positions = positions
  }
}
