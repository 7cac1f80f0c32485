import EngineCore
import Risk
import Simulation
import Strategies
import TradingModel

// What a seed draws beside the account: how positions are left, whose signals count, what guards the
// margin.

extension DayPlan {
  mutating func drawEngine() {
    let chance = Chance(seed: seed, for: "engine")
    engine.liquidation?.defaults.exits = .drawn(chance)
    if chance.happens(0.2), let one = chance.pick(symbols) { drawFixedPrices(of: one, chance) }
    if chance.happens(0.25) { engine.liquidation?.source = .both }
    if chance.happens(0.3) {
      engine.risk.margin.mode = .tiers
      // The tiers are above what entries alone may use.
      engine.risk.limits.marginWarn = .percent(60)
      engine.risk.limits.marginBlock = .percent(70)
    }
    if chance.happens(0.3) { engine.risk.startLoss = .percent(Int32(chance.whole(4...12))) }
  }

  /// One symbol has its target, and at times what goes before it, at prices instead of distances: on
  /// the wrong side of the market for half of its entries.
  private mutating func drawFixedPrices(of symbol: SyntheticSymbol, _ chance: Chance) {
    guard var parameters = engine.liquidation?.defaults else { return }
    let isAbove = chance.happens(0.6)
    func price(_ basisPoints: Int) -> Price {
      let share = Int128(10_000 + (isAbove ? basisPoints : -basisPoints))
      return Price(uncheckedCount: symbol.price.wideCount * share / 10_000)
        .roundedDown(toMultipleOf: symbol.instrument.tickSize)
    }
    parameters.exits.target = .price(price(chance.whole(50...300)))
    if chance.happens(0.4) {
      parameters.exits.partials = [
        PartialTarget(.price(price(chance.whole(10...50))), .percent(40))
      ]
    }
    if chance.happens(0.3) { parameters.exits.breakEven?.after = .price(price(20)) }
    engine.liquidation?.symbols[symbol.instrument.symbol] = parameters
  }

  /// The engine's exits are measured in ATR.
  var usesRanges: Bool {
    guard let liquidation = engine.liquidation else { return false }
    return liquidation.defaults.exits.usesRange
      || liquidation.symbols.values.contains { $0.exits.usesRange }
  }
}

extension ExitPlan {
  /// As persons write theirs: each part is there or not, in percent, R or ATR; every third is the
  /// default.
  static func drawn(_ chance: Chance) -> ExitPlan {
    var plan = LiquidationParameters().exits
    guard chance.happens(0.7) else { return plan }
    func points(_ range: ClosedRange<Int>) -> Ratio { .basisPoints(Int32(chance.whole(range))) }
    /// In hundredths of R.
    func risks(_ range: ClosedRange<Int>) -> ExitDistance {
      .risks(.percent(Int32(chance.whole(range))))
    }
    func ranges(_ range: ClosedRange<Int>) -> ExitDistance {
      .ranges(.times(Int32(chance.whole(range))))
    }
    plan.range = RangeSettings(
      length: chance.whole(3...14), interval: chance.happens(0.8) ? .oneMinute : .threeMinutes)
    plan.stop = chance.happens(0.7) ? .share(points(80...400)) : ranges(4...12)
    plan.target =
      chance.pick([nil, .share(points(50...300)), risks(40...250), ranges(4...14)]) ?? nil
    if chance.happens(0.55) {
      let step = chance.whole(10...40)
      plan.partials = (1...chance.whole(1...3)).map {
        PartialTarget(
          .risks(.percent(Int32(step * $0))), .percent(Int32(chance.whole(10...33))))
      }
    }
    plan.breakEven =
      chance.happens(0.6)
      ? BreakEven(after: chance.happens(0.7) ? risks(15...80) : .share(points(20...100))) : nil
    if chance.happens(0.55) {
      plan.trailing = TrailingStop(
        after: chance.happens(0.6) ? risks(10...80) : .share(points(15...100)),
        callback: chance.happens(0.7) ? .share(points(30...150)) : ranges(2...6),
        step: points(3...30))
    }
    if chance.happens(0.4) {
      plan.timeLimit = TimeLimit(
        after: .minutes(Int64(chance.whole(3...180))), sparesProfit: chance.happens(0.5))
    }
    plan.trigger = chance.happens(0.4) ? .mark : .last
    return plan
  }
}
