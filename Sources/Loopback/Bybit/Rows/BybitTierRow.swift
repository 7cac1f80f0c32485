import Simulation
import TradingModel
import Transport

/// A step of the risk limits as `risk-limit` shows it, and as positions name it.
struct BybitTierRow {
  /// What stands for a tier without end.
  private static let endless = Notional.usdt(2_000_000_000)
  /// Steps of one contract that are looked for, at most.
  private static let mostSteps = 100

  /// The tiers of a contract, the smallest first.
  static func tiers(of symbol: Symbol, on venue: PaperVenue) -> [PaperTier] {
    var tiers: [PaperTier] = []
    var value = Notional.zero
    for _ in 0..<mostSteps {
      let tier = venue.tier(of: symbol, at: value)
      guard tiers.last != tier else { break }
      tiers.append(tier)
      guard let cap = tier.cap else { break }
      value = Notional(uncheckedCount: cap.wideCount + 1)
    }
    return tiers
  }

  /// - Parameter number: Of the contract, from 1: ids of tiers are built on it.
  static func rows(of instrument: Instrument, number: Int, on venue: PaperVenue) -> [JSONObject] {
    tiers(of: instrument.symbol, on: venue).enumerated().map { place, tier in
      [
        "id": .integer(number * mostSteps + place), "symbol": .string(instrument.symbol.name),
        "riskLimitValue": JSONValue(tier.cap ?? endless),
        "maintenanceMargin": JSONValue(tier.maintenanceRate),
        "initialMargin": .string(initialRate(tier.maxLeverage)),
        "isLowestRisk": place == 0 ? 1 : 0,
        "maxLeverage": .string(tier.maxLeverage.text(decimals: 2)),
        "mmDeduction": tier.deduction.isZero ? "" : JSONValue(tier.deduction),
      ]
    }
  }

  private static func initialRate(_ leverage: Ratio) -> String {
    guard leverage > .zero else { return "" }
    return Ratio(uncheckedCount: Ratio.one.wideCount * Ratio.one.wideCount / leverage.wideCount)
      .description
  }
}
