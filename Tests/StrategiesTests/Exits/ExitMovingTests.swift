import Strategies
import TestSupport
import Testing
import TradingModel

struct ExitMovingTests {
  private let instrument = Instrument.example("SOLUSDT", tick: "0.01", step: "0.1", minimum: "0.1")
  /// 0.06 % each way.
  private let fees: Ratio = "0.0012"

  private func stop(
    _ plan: ExitPlan, _ side: PositionSide = .long, best: Price, range: Price? = nil,
    now: Price? = nil
  ) throws -> StopMove? {
    var ground = ExitGround(side: side, averageEntry: "100", range: range)
    ground.risk = try plan.risk(of: ground)
    return plan.movedStop(
      ground, best: best, range: now ?? range, fees: fees, instrument: instrument)
  }

  // Entry 100, stop 97: half of R is reached at 101.5, and leaving costs 0.17 %.
  @Test(
    arguments: [
      (.long, "101.49", nil), (.long, "101.5", "100.17"), (.long, "110", "100.17"),
      (.short, "98.51", nil), (.short, "98.5", "99.83"),
    ] as [(PositionSide, Price, Price?)])
  func `at half of R the stop goes to the entry with fees and slippage`(
    side: PositionSide, best: Price, stop: Price?
  ) throws {
    let plan = ExitPlan(breakEven: BreakEven(after: .risks("0.5")))
    #expect(try self.stop(plan, side, best: best)?.stop == stop)
  }

  @Test
  func `a threshold nearer than the costs waits until the market has passed them`() throws {
    let plan = ExitPlan(breakEven: BreakEven(after: .share("0.001")))
    #expect(try stop(plan, best: "100.17") == nil)
    #expect(try stop(plan, best: "100.18")?.stop == "100.17")
  }

  @Test(
    arguments: [
      (.long, "101.99", nil), (.long, "102", "94.86"), (.long, "112", "104.16"),
      (.short, "88", "94.16"),
    ] as [(PositionSide, Price, Price?)])
  func `seven percent behind the best price, once it was far enough in profit`(
    side: PositionSide, best: Price, stop: Price?
  ) throws {
    let plan = ExitPlan(
      trailing: TrailingStop(after: .share("0.02"), callback: .share("0.07")))
    let move = try self.stop(plan, side, best: best)
    #expect(move?.stop == stop)
    #expect(move.map { $0.reason == .trailing } ?? true)
  }

  // Fill 100, ATR 1.5, stop 1 ATR, target 2 ATR: half of the way is 101.5; two ATR behind 102.4.
  @Test
  func `a callback in ATR`() throws {
    let plan = ExitPlan(
      stop: .ranges("1"), target: .ranges("2"),
      trailing: TrailingStop(after: .risks("1"), callback: .ranges("2")))
    #expect(try stop(plan, best: "101.49", range: "1.5") == nil)
    #expect(try stop(plan, best: "102.4", range: "1.5")?.stop == "99.4")
    #expect(try stop(plan, best: "102.4", range: "1.5", now: "1")?.stop == "100.4")
  }

  @Test
  func `of break-even and trailing the one that protects more`() throws {
    let plan = ExitPlan(
      breakEven: BreakEven(after: .share("0.01")),
      trailing: TrailingStop(after: .share("0.02"), callback: .share("0.03")))
    #expect(try stop(plan, best: "102")?.reason == .breakEven)
    #expect(try stop(plan, best: "104")?.stop == "100.88")
  }

  @Test(
    arguments: [
      (59, false, "90", false), (60, false, "90", true), (60, true, "100.17", true),
      (60, true, "100.18", false),
    ] as [(Int64, Bool, Price, Bool)])
  func `time is up after an hour, for winners only where they are not spared`(
    minutes: Int64, sparesProfit: Bool, price: Price, isOver: Bool
  ) {
    let plan = ExitPlan(
      breakEven: BreakEven(after: .share("0.5")),
      timeLimit: TimeLimit(after: .minutes(60), sparesProfit: sparesProfit))
    let ground = ExitGround(side: .long, averageEntry: "100")
    #expect(
      plan.isOverdue(
        ground, openedAt: .noon, price: price, fees: fees, now: .noon + .minutes(minutes))
        == isOver)
  }

  @Test
  func `winners are not closed for time while no price is known`() {
    let plan = ExitPlan(timeLimit: TimeLimit(after: .minutes(1), sparesProfit: true))
    let ground = ExitGround(side: .long, averageEntry: "100")
    #expect(
      !plan.isOverdue(ground, openedAt: .noon, price: nil, fees: fees, now: .noon + .hours(1)))
  }
}
