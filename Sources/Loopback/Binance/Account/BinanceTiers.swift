import Simulation
import TradingModel

extension PaperTier {
  /// The steps of every contract: up to a value in USDT, that share of it must be left, and so many
  /// hundredths of the contract's largest leverage may be used.
  private static let steps: [(cap: Int64?, maintenance: Int32, leveragePercent: Int32)] = [
    (50_000, 40, 100), (500_000, 50, 80), (8_000_000, 100, 50), (50_000_000, 250, 20),
    (nil, 500, 10),
  ]

  /// The brackets of a contract on Binance: `cum` keeps the margin from jumping between them.
  ///
  /// Source: the shape of Binance USD-M `GET /fapi/v1/leverageBracket`.
  static func binance(_ instrument: Instrument) -> [PaperTier] {
    var tiers: [PaperTier] = []
    var floor = Notional.zero
    for step in steps {
      let rate = Ratio.basisPoints(step.maintenance)
      let largest = instrument.maxLeverage.count / Ratio.one.count
      let leverage = Ratio.times(
        Int32(clamping: max(1, largest * Int64(step.leveragePercent) / 100)))
      var deduction = Notional.zero
      if let before = tiers.last {
        let difference = rate.wideCount - before.maintenanceRate.wideCount
        deduction =
          before.deduction
          + Notional(uncheckedCount: floor.wideCount * difference / Ratio.one.wideCount)
      }
      let cap = step.cap.map { Notional.usdt($0) }
      tiers.append(
        PaperTier(cap: cap, maintenanceRate: rate, deduction: deduction, maxLeverage: leverage))
      floor = cap ?? floor
    }
    return tiers
  }
}
