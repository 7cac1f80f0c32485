import TestSupport
import Testing
import TradingModel

struct QuantityClosingTests {
  private static let rules = Instrument.example("SOLUSDT", step: "1", minimum: "5")

  @Test(
    arguments: [
      // On the step, downward.
      ("21", "0.5", "10"), ("20", "0.5", "10"), ("20", "1", "20"),
      // At least the smallest order.
      ("20", "0.1", "5"), ("10", "0.4", "5"),
      // What would stay could not be closed later.
      ("8", "0.5", "8"), ("9", "0.5", "9"), ("21", "0.8", "16"), ("21", "0.9", "21"),
      // Less than an order as it is.
      ("3", "0.5", "3"),
    ] as [(Quantity, Ratio, Quantity)])
  func `a share is on the step, and neither it nor what stays is less than an order`(
    whole: Quantity, share: Ratio, closed: Quantity
  ) {
    #expect(whole.closing(share, under: Self.rules) == closed)
  }

  @Test
  func `where the rules are not known it is the bare share`() {
    #expect(("8" as Quantity).closing("0.3", under: nil) == "2.4")
    #expect(("8" as Quantity).closing("1", under: nil) == "8")
  }
}
