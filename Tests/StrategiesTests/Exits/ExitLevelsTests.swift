import Strategies
import TestSupport
import Testing
import TradingModel

struct ExitLevelsTests {
  private let instrument = Instrument.example("SOLUSDT", tick: "0.01", step: "0.1", minimum: "0.1")

  private func ground(
    _ side: PositionSide, entry: Price = "100", range: Price? = nil
  ) -> ExitGround {
    ExitGround(side: side, averageEntry: entry, range: range)
  }

  @Test(
    arguments: [(.long, "97", "102.5"), (.short, "103", "97.5")] as [(PositionSide, Price, Price)])
  func `percentages are of the average entry, by the side of the position`(
    side: PositionSide, stop: Price, target: Price
  ) throws {
    let levels = try ExitPlan().levels(ground(side), instrument: instrument)
    #expect(levels == ExitLevels(stop: stop, target: target))
  }

  // From the original's worked example: fill 100, ATR 1.5, multiples 1 and 2.
  @Test(
    arguments: [(.long, "98.5", "103"), (.short, "101.5", "97")] as [(PositionSide, Price, Price)])
  func `distances in ATR`(side: PositionSide, stop: Price, target: Price) throws {
    let plan = ExitPlan(stop: .ranges("1"), target: .ranges("2"))
    let levels = try plan.levels(ground(side, range: "1.5"), instrument: instrument)
    #expect(levels == ExitLevels(stop: stop, target: target))
  }

  @Test
  func `a target in R is a multiple of the distance to the stop`() throws {
    let plan = ExitPlan(stop: .ranges("2"), target: .risks("1.5"))
    let levels = try plan.levels(ground(.long, range: "1.5"), instrument: instrument)
    #expect(levels == ExitLevels(stop: "97", target: "104.5"))
  }

  @Test
  func `an ATR that is not known gives no stop, never a guessed one`() {
    #expect(throws: ExitError.rangeUnknown) {
      try ExitPlan(stop: .ranges("2")).levels(ground(.long), instrument: instrument)
    }
  }

  @Test
  func `fixed prices hold for the side they are on`() throws {
    let plan = ExitPlan(stop: .price("95"), target: .price("120.004"))
    let levels = try plan.levels(ground(.long), instrument: instrument)
    #expect(levels == ExitLevels(stop: "95", target: "120"))
    #expect(throws: ExitError.wrongSide("95", entry: "100")) {
      try plan.levels(ground(.short), instrument: instrument)
    }
  }

  @Test
  func `stops are rounded towards earlier triggering, targets towards earlier filling`() throws {
    let plan = ExitPlan(stop: .share("0.03333"), target: .share("0.03333"))
    let long = try plan.levels(ground(.long, entry: "99.99"), instrument: instrument)
    let short = try plan.levels(ground(.short, entry: "99.99"), instrument: instrument)
    // 96.6573333 and 103.3226667
    #expect(long == ExitLevels(stop: "96.66", target: "103.32"))
    #expect(short == ExitLevels(stop: "103.32", target: "96.66"))
  }

  @Test
  func `a range as large as the price gives no stop below zero`() {
    #expect(throws: ExitError.amount(.overflow)) {
      try ExitPlan(stop: .ranges("2")).levels(
        ground(.long, range: "50"), instrument: instrument)
    }
  }

  @Test
  func `everything wrong with a plan is told by its key`() {
    let plan = ExitPlan(
      stop: .risks("1"), target: .share("1"),
      partials: [PartialTarget(.risks("1"), "0.6"), PartialTarget(.risks("2"), "0.5")],
      breakEven: BreakEven(after: .ranges("0")),
      trailing: TrailingStop(after: .risks("1"), callback: .price("5")),
      range: RangeSettings(length: 0))
    #expect(
      plan.problems == [
        "take_profit_percent: must be between 0 and 100, is 100",
        "stop: R is the distance to the stop: write it in % or atr",
        "partial_targets: must be at most 100% of the size together, is 110%",
        "break_even_after: must be above 0, is 0atr",
        "trailing_callback: must be a distance such as 1% or 2atr",
        "atr_length: must be between 1 and 1000, is 0",
      ])
    #expect(ExitPlan().problems.isEmpty)
  }
}
