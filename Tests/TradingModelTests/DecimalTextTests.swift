import TestSupport
import Testing
import TradingModel

struct DecimalTextTests {
  @Test(arguments: [
    ("0", "0"), ("64210.50", "64210.5"), ("-0.003", "-0.003"), ("+7", "7"), (".5", "0.5"),
    ("5.", "5"), ("0.00000001", "0.00000001"), ("1.004e-05", "0.00001004"), ("1E3", "1000"),
    ("000123.4500", "123.45"), ("0.000000010000", "0.00000001"), ("-0", "0"),
  ])
  func `a decimal is read exactly and printed at its shortest`(text: String, printed: String) throws
  {
    #expect(try Notional(text).description == printed)
    #expect(try Notional(Notional(text).description) == Notional(text))
  }

  @Test(arguments: [
    "", "-", ".", "1,5", "abc", "1e", "1e+", "--1", "1.2.3", " 1", "0x10", "1e9999",
  ])
  func `what is no decimal is named`(text: String) {
    #expect(throws: AmountError.notANumber(text)) { try Price(text) }
  }

  @Test
  func `a ninth decimal place is refused where exactness is asked`() throws {
    #expect(throws: AmountError.tooManyDecimals("0.000000001")) {
      try Price("0.000000001" as String)
    }
    #expect(throws: AmountError.tooManyDecimals("1e-9")) { try Price("1e-9" as String) }
  }

  @Test(arguments: [
    ("0.000000005", 0), ("0.000000015", 2), ("0.0000000050000000000000000001", 1),
    ("0.000000014999999999999999999999", 1), ("-0.000000015", -2), ("1e-40", 0),
    ("0.00000001499", 1), ("0.00000001501", 2),
  ])
  func `further digits of a venue are rounded half to even`(text: String, count: Int) throws {
    #expect(try Notional(text, extraDigits: .roundedHalfEven).wideCount == Int128(count))
  }

  @Test
  func `ten thousand million is the last price, the next is an overflow`() throws {
    #expect(try Price("10000000000" as String).count == 1_000_000_000_000_000_000)
    #expect(throws: AmountError.overflow) { try Price("10000000000.00000001" as String) }
    #expect(throws: AmountError.overflow) { try Price("1e300" as String) }
    #expect(throws: AmountError.overflow) { try Notional(String(repeating: "9", count: 5000)) }
  }

  @Test
  func `text for people has as many places as asked, half to even`() {
    let amount: Notional = "1234.565"
    #expect(amount.text(decimals: 2) == "1234.56")
    #expect(amount.text(decimals: 0) == "1235")
    #expect(amount.text(decimals: 10) == "1234.5650000000")
    #expect((-amount).text(decimals: 1) == "-1234.6")
    #expect(Notional.zero.text(decimals: 2) == "0.00")
  }

  @Test
  func `an amount of any size is written as its digits stand`() throws {
    let chance = SeededRandom(seed: 7)
    func digits(_ count: UInt64) -> String {
      (0..<count).map { _ in "\(chance.next(below: 10))" }.joined()
    }
    for _ in 0..<500 {
      let units = "\(chance.next(below: 9) + 1)" + digits(chance.next(below: 19))
      let fraction = digits(chance.next(below: 8)) + "\(chance.next(below: 9) + 1)"
      let text = (chance.next(below: 2) == 0 ? "" : "-") + units + "." + fraction
      #expect(try Notional(text).description == text)
      #expect(try Notional(units).description == units)
      let nine = fraction.padding(to: 9)
      #expect(try Notional(text).text(decimals: 9).hasSuffix(".\(nine)"))
    }
  }

  @Test
  func `bytes of a frame are read in place`() throws {
    let frame = Array(#""p":"82338.30""#.utf8)
    let price = try frame.withUnsafeBytes { bytes in
      try Price(utf8: UnsafeRawBufferPointer(rebasing: bytes[5..<13]))
    }
    #expect(price == "82338.3")
  }
}

extension String {
  fileprivate func padding(to count: Int) -> String {
    self + String(repeating: "0", count: Swift.max(0, count - self.count))
  }
}
