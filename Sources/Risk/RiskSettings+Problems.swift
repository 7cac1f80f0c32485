import TradingModel

extension RiskSettings {
  /// Everything wrong with these settings, each line beginning with the key in the settings.
  public var problems: [String] { dayProblems + marginProblems + sizeProblems + entryProblems }

  private var dayProblems: [String] {
    var problems: [String] = []
    if limits.dayTarget <= .zero || limits.dayTarget > .times(10) {
      problems.append(
        "daily_target_pct: must be above 0 and at most 1000, is \(percent(limits.dayTarget))")
    }
    if limits.dayStop >= .zero || limits.dayStop < -.one {
      problems.append(
        "daily_stop_pct: must be under 0 and at least -100, is \(percent(limits.dayStop))")
    }
    if !(limits.dayStop < dayNear && dayNear < dayNearClear && dayNearClear <= .zero) {
      problems.append(
        "daily_near_pct: must lie between daily_stop_pct \(percent(limits.dayStop)) and its end "
          + "\(percent(dayNearClear)), is \(percent(dayNear))")
    }
    return problems
  }

  private var marginProblems: [String] {
    var problems: [String] = []
    if limits.marginWarn <= .zero || limits.marginWarn >= limits.marginBlock {
      problems.append(
        "margin_warn_pct: must be above 0 and under margin_block_pct \(percent(limits.marginBlock)), "
          + "is \(percent(limits.marginWarn))")
    }
    if margin.hysteresis < .zero || margin.hysteresis >= limits.marginWarn {
      problems.append(
        "margin.hysteresis_pct: must be at least 0 and under margin_warn_pct, "
          + "is \(percent(margin.hysteresis))")
    }
    if margin.reduceShare <= .zero || margin.reduceShare >= .one {
      problems.append(
        "margin.reduce_pct: must be above 0 and under 100, is \(percent(margin.reduceShare))")
    }
    if margin.cooldown <= .zero {
      problems.append("margin.cooldown_s: must be above 0, is \(margin.cooldown)")
    }
    if margin.maxReductions < 1 {
      problems.append("margin.max_auto_reduce: must be at least 1, is \(margin.maxReductions)")
    }
    return problems
  }

  private var sizeProblems: [String] {
    var problems: [String] = []
    if minimumBalance < .zero {
      problems.append("min_balance_usdt: must not be under 0, is \(minimumBalance)")
    }
    if let startLoss, startLoss <= .zero || startLoss > .one {
      problems.append(
        "start_loss_pct: must be above 0 and at most 100 where given, is \(percent(startLoss))")
    }
    if let equityCap, equityCap <= .zero {
      problems.append("equity_usdt: must be above 0 where given, is \(equityCap)")
    }
    if maxExposure <= .zero {
      problems.append("max_exposure_pct: must be above 0, is \(percent(maxExposure))")
    }
    for engine in maxPositionShare.keys.sorted() where maxPositionShare(of: engine) <= .zero {
      problems.append(
        "max_position_pct: must be above 0 for \(engine.rawValue), "
          + "is \(percent(maxPositionShare(of: engine)))")
    }
    if maxPositions < 1 { problems.append("max_positions: must be at least 1, is \(maxPositions)") }
    if maxPositionsPerEngine < 1 {
      problems.append(
        "max_positions_per_engine: must be at least 1, is \(maxPositionsPerEngine)")
    }
    return problems
  }

  private var entryProblems: [String] {
    var problems: [String] = []
    if minStopDistance <= .zero || minStopDistance >= maxStopDistance || maxStopDistance >= .one {
      problems.append(
        "max_stop_pct: stops must lie between more than 0 and less than 100, "
          + "are \(percent(minStopDistance)) to \(percent(maxStopDistance))")
    }
    if maxPriceDeviation <= .zero {
      problems.append("max_price_deviation_pct: must be above 0, is \(percent(maxPriceDeviation))")
    }
    if stopSlippage < .zero || stopSlippage >= .percent(50) {
      problems.append(
        "stop_slippage_pct: must be at least 0 and under 50, is \(percent(stopSlippage))")
    }
    if takerFee < .zero || takerFee >= .percent(5) {
      problems.append("taker_fee_pct: must be at least 0 and under 5, is \(percent(takerFee))")
    }
    if minimumEdge < .zero {
      problems.append("min_edge_bps: must not be under 0, is \(percent(minimumEdge)) percent")
    }
    for (key, pace) in [
      ("entries_per_symbol", throttlePerSymbol), ("entries_per_account", throttlePerAccount),
    ] where !(1...Throttle.longestPace).contains(pace.count) || pace.window <= .zero {
      problems.append(
        "\(key): must be 1 to \(Throttle.longestPace) orders in more than 0 s, "
          + "is \(pace.count) in \(pace.window)")
    }
    if failuresInARow < 1 {
      problems.append("failures_in_a_row: must be at least 1, is \(failuresInARow)")
    }
    for (key, duration) in [
      ("signal_max_age_s", signalMaxAge), ("account_max_age_s", accountMaxAge),
      ("max_clock_skew_ms", maxClockSkew),
    ] where duration <= .zero {
      problems.append("\(key): must be above 0, is \(duration)")
    }
    for (key, duration) in [
      ("cooldown_s", entryCooldown), ("loss_cooldown_s", lossCooldown),
    ] where duration < .zero {
      problems.append("\(key): must not be under 0, is \(duration)")
    }
    return problems
  }

  private func percent(_ ratio: Ratio) -> String { ratio.percentDescription }
}
