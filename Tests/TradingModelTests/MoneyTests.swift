import TestSupport
import Testing
import TradingModel

struct MoneyTests {
  @Test
  func `price times quantity is the cost`() {
    let price: Price = "64210.5"
    let quantity: Quantity = "0.12"
    #expect(price * quantity == "7705.26")
    #expect(
      Price(uncheckedCount: Price.limit) * Quantity(uncheckedCount: Quantity.limit)
        == Notional(uncheckedCount: Notional.limit))
  }

  @Test
  func `a sum that leaves the range is an error`() throws {
    let most = Price(uncheckedCount: Price.limit)
    #expect(throws: AmountError.overflow) { try most + "0.00000001" }
    #expect(try most + "-0.00000001" < most)
  }

  @Test
  func `a bound is strict and never rounded`() {
    // 0.00171 × (1 − 1.5 %) = 0.00168435, which four decimals would turn into 0.0017.
    let vwap: Price = "0.00171"
    #expect(!("0.00168435" as Price).isBelow(vwap, by: "0.015"))
    #expect(("0.00168434" as Price).isBelow(vwap, by: "0.015"))
    #expect(!("0.0017784" as Price).isAbove(vwap, by: "0.04"))
    #expect(("0.00177841" as Price).isAbove(vwap, by: "0.04"))
  }

  @Test
  func `ratios scale half to even and refuse nothing to divide by`() throws {
    #expect(try ("385" as Notional).ratio(to: "350") == "1.1")
    #expect(try ("1" as Notional).ratio(to: "3") == "0.33333333")
    #expect(throws: AmountError.divisionByZero) { try ("1" as Notional).ratio(to: .zero) }
    #expect(throws: AmountError.overflow) { try ("100000" as Notional).ratio(to: "0.00000001") }
    #expect(try ("100" as Price).scaled(by: .one - .percent(3)) == "97")
  }

  @Test
  func `percent is read as people write it`() throws {
    #expect(try Ratio(percent: "2.5") == "0.025")
    #expect(try Ratio(percent: "-5%") == .percent(-5))
    #expect(try Ratio(percent: "0.05").percentDescription == "0.05")
    #expect(("0.030517" as Ratio).percentText(decimals: 2) == "3.05")
    #expect(throws: AmountError.tooManyDecimals("0.0000001")) { try Ratio(percent: "0.0000001") }
  }

  @Test(arguments: [
    ("64210.55", "64210.5", "64210.6"), ("64210.5", "64210.5", "64210.5"),
    ("-0.05", "-0.1", "0"),
  ])
  func `rounding to a step is down or up by name`(text: String, down: String, up: String) throws {
    let price = try Price(text)
    #expect(try price.roundedDown(toMultipleOf: "0.1") == Price(down))
    #expect(try price.roundedUp(toMultipleOf: "0.1") == Price(up))
  }
}
