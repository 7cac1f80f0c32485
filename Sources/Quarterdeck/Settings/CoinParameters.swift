import Strategies
import TradingModel

/// `coins.yaml`: the liquidation engine's parameters, for all symbols and for some.
struct CoinParameters {
  private(set) var defaults = LiquidationParameters()
  private(set) var symbols: [Symbol: LiquidationParameters] = [:]
  /// As the file spells them.
  private(set) var names: [Symbol: String] = [:]

  init(reading file: SettingsReader) {
    let common = file.section("defaults")
    defaults.read(common)
    common.finish()
    let every = file.section("symbols")
    for key in every.keys {
      let section = every.section(key)
      guard let symbol = Symbol(key) else {
        every.complain(key, "is no symbol; BTC or BTCUSDT would be one")
        continue
      }
      if symbols[symbol] != nil { every.complain(key, "\(symbol) stands twice") }
      var parameters = defaults
      parameters.read(section)
      section.finish()
      symbols[symbol] = parameters
      names[symbol] = key
    }
    every.finish()
  }
}

extension LiquidationParameters {
  /// Overrides one value by the key that the file has for it, as `replay --set KEY=VALUE` does.
  mutating func read(_ section: SettingsReader) {
    let share: ClosedRange<Ratio> = .zero ... .percent(100)
    isEnabled = section.bool("enabled", default: isEnabled)
    leverage = section.amount("leverage", default: leverage, in: .one ... .times(125), unit: "x")
    exits.read(section)
    orderSize = section.percent("order_size_percent_balance", default: orderSize, in: share)
    longVWAPOffset = section.percent("long_vwap_offset", default: longVWAPOffset, in: share)
    shortVWAPOffset = section.percent("short_vwap_offset", default: shortVWAPOffset, in: share)
    minimumLiquidation = section.amount(
      "lick_value", default: minimumLiquidation, in: .zero ... .usdt(1_000_000_000), unit: "USDT")
  }
}
