import TestSupport
import Testing
import TradingModel

struct InstrumentSizingTests {
  let instrument = Instrument.example()

  @Test
  func `a budget buys the largest multiple of the step that it pays for`() throws {
    #expect(try instrument.quantity(for: "115.5", at: "60000") == "0.001")
    #expect(try instrument.quantity(for: "120", at: "60000") == "0.002")
    #expect(try instrument.quantity(for: "119.99999999", at: "60000") == "0.001")
  }

  @Test
  func `under the minimum the smallest tradable quantity is named`() {
    #expect(throws: SizingError.belowMinimum(intended: .zero, smallest: "0.001")) {
      try instrument.quantity(for: "25", at: "60000")
    }
  }

  @Test
  func `a raise to the minimum is bounded by the factor`() throws {
    // The smallest order costs 60 USDT: twice 30 pays for it, twice 29.99 does not.
    #expect(try instrument.quantity(for: "30", at: "60000", raisingUpTo: .times(2)) == "0.001")
    #expect(throws: SizingError.belowMinimum(intended: .zero, smallest: "0.001")) {
      try instrument.quantity(for: "29.99", at: "60000", raisingUpTo: .times(2))
    }
  }

  @Test
  func `the minimum notional is met after rounding to the step`() throws {
    let coin = Instrument.example("XRPUSDT", tick: "0.0001", step: "0.1", minimum: "0.1")
    #expect(try coin.smallestQuantity(at: "0.52") == "9.7")
    #expect(("0.52" as Price) * "9.6" < "5")
    #expect(("0.52" as Price) * "9.7" >= "5")
  }

  @Test
  func `above the largest market order is an error, a price of zero too`() {
    #expect(throws: SizingError.aboveMaximum("1190")) {
      try instrument.quantity(for: "1000000000", at: "60000")
    }
    #expect(throws: SizingError.unusable(.divisionByZero)) {
      try instrument.quantity(for: "25", at: .zero)
    }
  }

  @Test
  func `stops trigger earlier, targets fill earlier, entries stay passive`() {
    #expect(instrument.stopPrice("100.01", protecting: .long) == "100.1")
    #expect(instrument.stopPrice("100.09", protecting: .short) == "100")
    #expect(instrument.targetPrice("100.09", closing: .long) == "100")
    #expect(instrument.targetPrice("100.01", closing: .short) == "100.1")
    #expect(instrument.entryPrice("100.09", side: .buy) == "100")
    #expect(instrument.entryPrice("100.01", side: .sell) == "100.1")
  }
}
