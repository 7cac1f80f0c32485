import Strategies
import TradingModel

extension ExitPlan {
  /// Takes what a symbol's section of `coins.yaml` says; the rest stays as it is.
  mutating func read(_ section: SettingsReader) {
    readStopAndTarget(section)
    readPartials(section)
    readBreakEven(section)
    readTrailing(section)
    readTimeLimit(section)
    trigger = section.choice("exit_price", default: trigger, except: [.index])
    range.length = section.integer("atr_length", default: range.length, in: 1...1000)
    range.interval = section.choice("atr_interval", default: range.interval)
  }

  private mutating func readStopAndTarget(_ section: SettingsReader) {
    let share: ClosedRange<Ratio> = .zero ... .percent(100)
    if section.has("stop_loss_percent") {
      stop = .share(section.percent("stop_loss_percent", default: .percent(3), in: share))
    }
    if section.has("take_profit_percent") {
      target = .share(
        section.percent("take_profit_percent", default: .basisPoints(250), in: share))
    }
    for (key, percentKey) in [
      ("stop", "stop_loss_percent"), ("target", "take_profit_percent"),
    ] where section.has(key) && section.has(percentKey) {
      section.complain(key, "says the same as \(percentKey): keep one of them")
    }
    stop = section.distance("stop", default: stop) ?? stop
    target = section.distance("target", default: target, off: true)
    // So that neither is unknown where nothing is said.
    _ = (section.scalar("stop_loss_percent"), section.scalar("take_profit_percent"))
  }

  /// `[1r 50%, 2r 25%]`: where, and how much of the size.
  private mutating func readPartials(_ section: SettingsReader) {
    let isSaid = section.has("partial_targets")
    let parts = section.list("partial_targets")
    guard isSaid else { return }
    partials = parts.compactMap { text in
      do {
        guard let space = text.lastIndex(of: " ") else { throw AmountError.notANumber(text) }
        return PartialTarget(
          try ExitDistance(text[..<space]),
          try Ratio(percent: text[text.index(after: space)...]))
      } catch {
        section.complain(
          "partial_targets", "'\(text)': write where and how much, as `1.5% 30%` or `1r 50%`")
        return nil
      }
    }
  }

  private mutating func readBreakEven(_ section: SettingsReader) {
    let slippage = section.percent(
      "break_even_slippage_percent", default: breakEven?.slippage ?? .basisPoints(5),
      in: .zero ... .percent(10))
    breakEven = section.distance("break_even_after", default: breakEven?.after, off: true)
      .map { BreakEven(after: $0, slippage: slippage) }
  }

  private mutating func readTrailing(_ section: SettingsReader) {
    let step = section.percent(
      "trailing_step_percent", default: trailing?.step ?? .basisPoints(10),
      in: .zero ... .percent(10))
    let callback = section.distance("trailing_callback", default: trailing?.callback)
    let after = section.distance("trailing_after", default: trailing?.after, off: true)
    guard let after else {
      trailing = nil
      return
    }
    guard let callback else {
      section.complain("trailing_after", "needs trailing_callback, as 1% or 2atr")
      return
    }
    trailing = TrailingStop(after: after, callback: callback, step: step)
  }

  private mutating func readTimeLimit(_ section: SettingsReader) {
    let now = timeLimit.map { Int($0.after.wholeSeconds / 60) } ?? 0
    let minutes = section.integer("time_stop_minutes", default: now, in: 0...525_600)
    let spares = section.bool(
      "time_stop_spares_profit", default: timeLimit?.sparesProfit ?? false)
    timeLimit =
      minutes == 0 ? nil : TimeLimit(after: .minutes(Int64(minutes)), sparesProfit: spares)
  }
}

extension SettingsReader {
  /// A distance such as `2.5%`, `2atr`, `1r` or `at 64000`.
  ///
  /// - Parameter off: `off` is allowed, and means none.
  fileprivate func distance(
    _ key: String, default fallback: ExitDistance?, off: Bool = false
  ) -> ExitDistance? {
    guard let (text, place) = scalar(key) else { return fallback }
    // YAML readers take `off` for false.
    if off, ["off", "none", "false", "0"].contains(text.lowercased()) { return nil }
    do {
      return try ExitDistance(text)
    } catch {
      complain(
        at: place, key,
        "must be a distance such as 2.5%, 2atr, 1r or `at 64000`\(off ? ", or off" : ""), "
          + "is '\(text)'")
      return fallback
    }
  }
}
