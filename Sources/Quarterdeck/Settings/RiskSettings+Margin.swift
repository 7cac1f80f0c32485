import Risk
import TradingModel

extension RiskSettings {
  /// The section `margin`: what is done about the margin in use. Warning and block of the mode
  /// `levels` stand in `risk`.
  mutating func readMargin(_ section: SettingsReader, beside risk: SettingsReader) {
    margin.mode = section.choice("mode", default: margin.mode)
    margin.reduceShare = section.percent(
      "reduce_pct", default: margin.reduceShare, in: .percent(1) ... .percent(99))
    margin.cooldown = section.seconds("cooldown_s", default: margin.cooldown, in: 1...3600)
    margin.maxReductions = section.integer(
      "max_auto_reduce", default: margin.maxReductions, in: 1...100)
    margin.hysteresis = section.percent(
      "hysteresis_pct", default: margin.hysteresis, in: .zero ... .percent(50))
    limits.marginCut = margin.reduceShare
    if margin.mode == .tiers {
      let fixed = [(risk, "margin_warn_pct"), (risk, "margin_block_pct"), (section, "reduce_pct")]
      for (reader, key) in fixed where reader.has(key) {
        reader.complain(key, "has no place beside `margin.mode: tiers`, whose levels are fixed")
      }
      limits.marginWarn = MarginTier.alert
      limits.marginBlock = MarginTier.all[0].from
      limits.marginCut = MarginTier.all[0].share
    }
    section.finish()
  }
}
