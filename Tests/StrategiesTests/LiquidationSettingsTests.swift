import Strategies
import TestSupport
import Testing
import TradingModel

struct LiquidationSettingsTests {
  @Test
  func `the defaults have no problems`() {
    #expect(LiquidationSettings().problems.isEmpty)
  }

  @Test
  func `everything wrong is told at once, each line with its key`() {
    let wrong = LiquidationParameters(
      leverage: "0.5", takeProfit: .zero, stopLoss: .one, orderSize: "1.01",
      longVWAPOffset: "-0.01", shortVWAPOffset: .one, minimumLiquidation: "-1")
    let settings = LiquidationSettings(
      defaults: wrong, symbols: ["BTCUSDT": LiquidationParameters(stopLoss: .zero)],
      eventMaxAge: .zero, priceMaxAge: .zero, vwapMaxAge: .zero, raiseLimit: "0.9")
    #expect(
      settings.problems.map { String($0.prefix { $0 != ":" }) } == [
        "leverage", "take_profit_percent", "stop_loss_percent", "order_size_percent_balance",
        "long_vwap_offset", "short_vwap_offset", "lick_value", "BTCUSDT.stop_loss_percent",
        "event_max_age_s", "price_max_age_s", "vwap_max_age_s", "raise_limit",
      ])
  }

  @Test
  func `what lies just inside the bounds is allowed`() {
    let narrow = LiquidationParameters(
      leverage: .one, takeProfit: "0.00000001", stopLoss: "0.99999999", orderSize: .one,
      longVWAPOffset: .zero, shortVWAPOffset: "0.99999999", minimumLiquidation: .zero)
    #expect(LiquidationSettings(defaults: narrow, raiseLimit: .one).problems.isEmpty)
  }
}

struct StrategyCatalogTests {
  @Test
  func `every engine stands in the catalog once and says what it lives on`() {
    let names = StrategyCatalog.all.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(StrategyCatalog.all.allSatisfy { !$0.livesOn.isEmpty && !$0.summary.isEmpty })
    #expect(StrategyCatalog.links(of: .liquidation) == [.liquidations, .prices])
    #expect(StrategyCatalog.links(of: .momentum).isEmpty)
  }
}
