import TradingModel

extension ExitPlan {
  /// Everything wrong with the plan, each line beginning with the key in the settings.
  public var problems: [String] {
    var problems: [String] = []
    func check(_ isRight: Bool, _ key: String, _ problem: String) {
      if !isRight { problems.append("\(key): \(problem)") }
    }
    func distance(_ distance: ExitDistance, _ key: String, percentKey: String? = nil) {
      if case .share(let share) = distance {
        check(
          distance.isSound, percentKey ?? key,
          "must be between 0 and 100, is \(share.percentDescription)")
      } else {
        check(distance.isSound, key, "must be above 0, is \(distance)")
      }
    }
    if let target { distance(target, "target", percentKey: "take_profit_percent") }
    distance(stop, "stop", percentKey: "stop_loss_percent")
    check(!stop.usesRisk, "stop", "R is the distance to the stop: write it in % or atr")
    for part in partials {
      distance(part.distance, "partial_targets")
      check(
        part.share > .zero && part.share <= .one, "partial_targets",
        "a part must be above 0 and at most 100%, is \(part.share.percentDescription)%")
    }
    let all = partials.reduce(Ratio.zero) { $0 + $1.share }
    check(
      all <= .one, "partial_targets",
      "must be at most 100% of the size together, is \(all.percentDescription)%")
    check(partials.count <= 10, "partial_targets", "must be at most 10, is \(partials.count)")
    if let breakEven {
      distance(breakEven.after, "break_even_after")
      check(
        breakEven.slippage >= .zero && breakEven.slippage < .one, "break_even_slippage_percent",
        "must be at least 0 and under 100, is \(breakEven.slippage.percentDescription)")
    }
    if let trailing {
      distance(trailing.after, "trailing_after")
      distance(trailing.callback, "trailing_callback")
      if case .price = trailing.callback {
        check(false, "trailing_callback", "must be a distance such as 1% or 2atr")
      }
      check(
        trailing.step >= .zero && trailing.step < .one, "trailing_step_percent",
        "must be at least 0 and under 100, is \(trailing.step.percentDescription)")
    }
    if let timeLimit {
      check(timeLimit.after > .zero, "time_stop_minutes", "must be above 0")
    }
    check(
      (1...1000).contains(range.length), "atr_length",
      "must be between 1 and 1000, is \(range.length)")
    return problems
  }
}
