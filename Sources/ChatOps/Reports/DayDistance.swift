import TradingModel

/// How much equity lies between now and the day's limits.
struct DayDistance {
  /// Negative while the stop is not reached.
  let toStop: Notional
  let toTarget: Notional

  /// Nil when the figures leave the range of amounts.
  init?(_ day: DayView, limits: RiskLimits) {
    do {
      toStop = try day.baseline.equity.scaled(by: limits.dayStop) - day.net
      toTarget = try day.baseline.equity.scaled(by: limits.dayTarget) - day.net
    } catch {
      return nil
    }
  }
}
