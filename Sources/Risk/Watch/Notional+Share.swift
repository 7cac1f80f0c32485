import TradingModel

extension Notional {
  /// Whether this is at least `whole` × `share`, compared without rounding and without a limit.
  func isAtLeast(_ share: Ratio, of whole: Notional) -> Bool {
    let (high, low) = wideCount.multipliedFullWidth(by: Ratio.one.wideCount)
    let (otherHigh, otherLow) = whole.wideCount.multipliedFullWidth(by: share.wideCount)
    return (high, low) >= (otherHigh, otherLow)
  }

  /// Whether this is at most `whole` × `share`, compared without rounding and without a limit.
  func isAtMost(_ share: Ratio, of whole: Notional) -> Bool {
    (-self).isAtLeast(-share, of: whole)
  }
}
