import Strategies
import TestSupport
import Testing
import TradingModel

struct LadderTests {
  private let plan = ExitPlan(
    partials: [PartialTarget(.risks("2"), "0.3"), PartialTarget(.share("0.03"), "0.5")])

  private func ladder(
    _ plan: ExitPlan? = nil, _ side: PositionSide = .long, open: Quantity, taken: Quantity = "0",
    step: Quantity = "0.1", minimum: Quantity = "0.1"
  ) throws -> [TargetStep] {
    try (plan ?? self.plan).ladder(
      ExitGround(side: side, averageEntry: "100", risk: "3"), open: open, taken: taken,
      instrument: .example("SOLUSDT", tick: "0.01", step: step, minimum: minimum))
  }

  @Test
  func `what is more than one order may be rests as several at its price`() throws {
    var rules = Instrument.example("SOLUSDT", tick: "0.01", step: "1", minimum: "5")
    rules.maxQuantity = "1000"
    func ladder(_ open: Quantity, _ parts: [PartialTarget]) throws -> [String] {
      try ExitPlan(partials: parts).ladder(
        ExitGround(side: .long, averageEntry: "100", risk: "3"), open: open, taken: "0",
        instrument: rules
      ).map { "\($0.price) \($0.quantity)" }
    }
    let half = PartialTarget(.risks("1"), "0.5")
    #expect(try ladder("4000", [half]) == ["103 1000", "103 1000"])
    // The rest of 3 is too small for an order of its own: it goes with the next one.
    #expect(
      try ladder("4006", [half, PartialTarget(.risks("2"), "0.25")])
        == ["103 1000", "103 1000", "106 1000"])
    #expect(
      try ladder("4020", [half, PartialTarget(.risks("2"), "0.1")])
        == ["103 1000", "103 1000", "103 10", "106 402"])
    #expect(try ladder("1000000", [half]).count == 20)
  }

  @Test
  func `the nearest first, each its share of the size`() throws {
    #expect(
      try ladder(open: "10") == [
        TargetStep(price: "103", quantity: "5"), TargetStep(price: "106", quantity: "3"),
      ])
    #expect(
      try ladder(nil, .short, open: "10") == [
        TargetStep(price: "97", quantity: "5"), TargetStep(price: "94", quantity: "3"),
      ])
  }

  @Test(
    arguments: [
      ("5", "5", ["106 3"]), ("2", "8", []), ("8", "2", ["103 3", "106 3"]),
      // Half of what was left was closed by hand: the rest of the ladder halves with it.
      ("2.5", "5", ["106 1"]),
      // Added to.
      ("15", "5", ["103 5", "106 6"]),
    ] as [(Quantity, Quantity, [String])])
  func `what was taken is taken, and what is left follows the size`(
    open: Quantity, taken: Quantity, steps: [String]
  ) throws {
    #expect(
      try ladder(open: open, taken: taken).map { "\($0.price) \($0.quantity)" } == steps)
  }

  @Test
  func `each is rounded down to the step, and together they never exceed what is open`() throws {
    let plan = ExitPlan(
      partials: (1...7).map { PartialTarget(.share(.percent($0)), "0.14") })
    for open in stride(from: 1, through: 40, by: 1) {
      let size = try Quantity(count: Int64(open) * 10_000_000)
      let steps = try ladder(plan, open: size)
      var sum = Quantity.zero
      for step in steps {
        #expect(step.quantity.isMultiple(of: "0.1"))
        sum = try sum + step.quantity
      }
      #expect(sum <= size)
    }
  }

  @Test
  func `what is too small for an order of its own goes with the next one`() throws {
    #expect(try ladder(open: "1.5", minimum: "1") == [TargetStep(price: "106", quantity: "1.2")])
    #expect(try ladder(open: "0.4", step: "1", minimum: "1").isEmpty)
  }

  @Test
  func `shares of all of it leave nothing open`() throws {
    let plan = ExitPlan(
      partials: [PartialTarget(.share("0.01"), "0.333"), PartialTarget(.share("0.02"), "0.667")])
    let steps = try ladder(plan, open: "1")
    #expect(steps.map(\.quantity) == ["0.3", "0.7"])
  }
}
