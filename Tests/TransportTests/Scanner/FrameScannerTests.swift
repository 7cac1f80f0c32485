import TestSupport
import Testing
import TradingModel
import Transport

struct FrameScannerTests {
  /// What `body` reads from the text; nil for another shape, or when something is left over.
  private func read<Value>(
    _ text: String, _ body: (inout FrameScanner) throws(OtherShape) -> Value
  ) -> Value? {
    Array(text.utf8).withUnsafeBytes { bytes in
      do throws(OtherShape) {
        var scan = FrameScanner(bytes)
        let value = try body(&scan)
        try scan.end()
        return value
      } catch {
        return nil
      }
    }
  }

  @Test(arguments: [
    ("64210.50", 6_421_050_000_000), ("0", 0), ("-0", 0), ("-0.003", -300_000), ("1", 100_000_000),
    ("0.00000001", 1), ("0.000000010000", 1), ("10000000000", 1_000_000_000_000_000_000),
    ("-10000000000.00000000000", -1_000_000_000_000_000_000), ("6.50000000", 650_000_000),
  ])
  func `decimals become exact counts, quoted or bare`(text: String, count: Int64) {
    #expect(read(text) { scan throws(OtherShape) in try scan.decimal() } == count)
    #expect(read("\"\(text)\"") { scan throws(OtherShape) in try scan.decimal() } == count)
  }

  @Test(arguments: [
    "", "-", "+1", ".5", "5.", "01", "00", "1e5", "1E-7", "1 ", " 1", "1.2.3", "0.000000001",
    "0.0000000100001", "10000000000.00000001", "20000000000", "99999999999", "100000000000",
    "123456789012345678901234567890", "0x10", "NaN", "١", "1,5",
  ])
  func `decimals of another shape are left to the other reader`(text: String) {
    #expect(read(text) { scan throws(OtherShape) in try scan.decimal() } == nil)
    #expect(read("\"\(text)\"") { scan throws(OtherShape) in try scan.decimal() } == nil)
  }

  @Test
  func `amounts keep to the limit of their type`() {
    let price = read(#""81234.5""#) { scan throws(OtherShape) in try scan.amount(as: Price.self) }
    #expect(price == Price("81234.5"))
    #expect(
      read("10000") { scan throws(OtherShape) in try scan.amount(as: Ratio.self) }
        == Ratio("10000"))
    #expect(
      read("10000.00000001") { scan throws(OtherShape) in try scan.amount(as: Ratio.self) } == nil)
  }

  @Test
  func `whole numbers of up to 18 digits are read`() {
    let good: [(String, Int64)] = [
      ("0", 0), ("-5", -5), ("\"12\"", 12), ("1733011200691", 1_733_011_200_691),
      ("999999999999999999", 999_999_999_999_999_999),
    ]
    for (text, value) in good {
      #expect(read(text) { scan throws(OtherShape) in try scan.integer() } == value)
    }
    for text in ["", "-", "01", "1.0", "1e3", "1000000000000000000", "\"1", "1\"", "--1"] {
      #expect(read(text) { scan throws(OtherShape) in try scan.integer() } == nil, "\(text)")
    }
  }

  @Test
  func `texts are plain ASCII`() {
    #expect(read(#""BTCUSDT""#) { scan throws(OtherShape) in try scan.text().string } == "BTCUSDT")
    #expect(read(#""""#) { scan throws(OtherShape) in try scan.text().string } == "")
    for text in [#""a\nb""#, "\"é\"", "\"a", "a\"", "\"a\u{1}\"", #""a\"#] {
      #expect(read(text) { scan throws(OtherShape) in try scan.text().string } == nil, "\(text)")
    }
  }

  @Test
  func `literals match to the last byte`() {
    let frame = #"{"topic":"orderbook.50.BTCUSDT"}"#
    let rest = read(frame) { scan throws(OtherShape) -> String in
      try scan.literal(#"{"topic":"orderbook."#)
      let skipped = (scan.skips("200."), scan.skips("50."))
      #expect(skipped == (false, true))
      let symbol = try scan.textToQuote()
      #expect(symbol == "BTCUSDT" && !(symbol == "BTCUSD") && !(symbol == "BTCUSDT2"))
      try scan.literal("}")
      return symbol.string
    }
    #expect(rest == "BTCUSDT")
    for wrong in [#"{"topic":"orderbook:"#, #"{"topic""#, ""] {
      #expect(
        read(wrong) { scan throws(OtherShape) in try scan.literal(#"{"topic":"orderbook."#) } == nil
      )
    }
  }

  @Test
  func `fields come in any order, and what nobody asked for is passed over`() {
    struct Row: Equatable {
      var symbol: String?
      var update: Int64?
      var isSnapshot: Bool?
    }
    func row(_ text: String) -> Row? {
      read(text) { scan throws(OtherShape) -> Row in
        var row = Row()
        try scan.object { name, scan throws(OtherShape) in
          switch name {
          case "s": row.symbol = try scan.text().string
          case "u": row.update = try scan.integer()
          case "snap": row.isSnapshot = try scan.bool()
          default: try scan.skipValue()
          }
        }
        return row
      }
    }
    let whole = Row(symbol: "X", update: 7, isSnapshot: false)
    #expect(row(#"{"s":"X","u":7,"snap":false}"#) == whole)
    #expect(
      row(#"{"z":{"a":[1,-2.5e3,"\u00e9\\",null,true,{}]},"snap":false,"y":[],"u":7,"s":"X"}"#)
        == whole)
    #expect(row("{}") == Row())
    for text in [
      #"{"s":"X",}"#, #"{"s" :"X"}"#, #"{"s":"X""#, #"{"s":"X"}}"#, #"{,}"#, #"{"q":tru}"#,
      #"{"q":"\x"}"#, #"{"q":"\ud800"}"#, #"{"q":01}"#, #"{"q":1.}"#, #"{"q":[1,]}"#, "",
    ] {
      #expect(row(text) == nil, "\(text)")
    }
  }

  @Test(arguments: [(16, true), (17, false)])
  func `nesting is followed to a bound`(depth: Int, isRead: Bool) {
    let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    #expect((read(text) { scan throws(OtherShape) in try scan.skipValue().count } != nil) == isRead)
  }
}
