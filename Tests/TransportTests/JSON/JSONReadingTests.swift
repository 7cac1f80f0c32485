import TestSupport
import Testing
import TradingModel
import Transport

struct JSONReadingTests {
  static let text = #"""
    {"result":{"list":[{"price":"64210.50","qty":0.001,"fee":"-0.00000000499","stop":"",
    "target":null,"time":"1760000000123","id":9007199254740993,"ok":true,"side":"Buy\u0021"}]}}
    """#
  let value: JSONValue

  init() throws { value = try JSONValue(parsing: Self.text) }

  @Test
  func `amounts are exact, from text and from numbers, and rounded past their last digit`() throws {
    let row = try value.at("result", "list", 0)
    #expect(try row.amount("price") as Price == "64210.5")
    #expect(try row.amount("qty") as Quantity == "0.001")
    #expect(try row.amount("fee") as Notional == .zero)
    let tenth = try JSONValue(parsing: "[0.1, 1.004e-05, 123456789.12345678]")
    #expect(try tenth.amount(0) as Price == "0.1")
    #expect(try tenth.amount(1) as Price == "0.00001004")
    #expect(try tenth.amount(2) as Price == "123456789.12345678")
  }

  @Test
  func `whole numbers keep all their digits, at both ends of the range`() throws {
    #expect(try value.integer("result", "list", 0, "id") == 9_007_199_254_740_993)
    #expect(try value.integer("result", "list", 0, "time") == 1_760_000_000_123)
    let edges = try JSONValue(parsing: "[9223372036854775807,-9223372036854775808]")
    #expect(try edges.integer(0) == .max)
    #expect(try edges.integer(1) == .min)
    for wrong in ["9223372036854775808", "-9223372036854775809", "1.0", "1e3", "\"\"", "\"12 \""] {
      let value = try JSONValue(parsing: "{\"a\":\(wrong)}")
      #expect(throws: JSONError.self) { try value.integer("a") }
      try read(value.text) { view in
        #expect(throws: JSONError.self) { try view.integer("a") }
      }
    }
  }

  @Test
  func `missing, null and empty are nil, and a wrong kind is an error`() throws {
    let row = try value.at("result", "list", 0)
    #expect(try row.optionalAmount("stop") as Price? == nil)
    #expect(try row.optionalAmount("target") as Price? == nil)
    #expect(try row.optionalAmount("nowhere") as Price? == nil)
    #expect(try row.optionalAmount("price") as Price? == "64210.5")
    #expect(try row.optionalString("target") == nil)
    #expect(throws: JSONError.wrongKind(path: "ok", expected: "a number", found: .bool)) {
      try row.optionalInteger("ok")
    }
  }

  @Test
  func `an error names the way to the value`() throws {
    func message(_ read: () throws(JSONError) -> some Any) -> String {
      do throws(JSONError) {
        _ = try read()
        return "no error"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message { () throws(JSONError) in try value.string("result", "list", 1, "price") }
        == "result.list[1] is missing")
    #expect(
      message { () throws(JSONError) in try value.array("result", "list", 0, "ok") }
        == "result.list[0].ok is bool, not an array")
    #expect(
      message { () throws(JSONError) in
        try value.map("result", "list") { row throws(JSONError) in try row.amount("side") as Price }
      } == "result.list[0].side: 'Buy!' is not a decimal number")
  }

  @Test
  func `a view reads in place what a value holds`() throws {
    try read(Self.text) { root in
      let list = try root.required("result").required("list")
      #expect(list.count == 1)
      for row in list.elements {
        #expect(try row.amount("price") as Price == "64210.5")
        #expect(try row.amount("qty") as Quantity == "0.001")
        #expect(try row.optionalAmount("stop") as Price? == nil)
        #expect(try row.optionalAmount("target") as Price? == nil)
        #expect(try row.integer("id") == 9_007_199_254_740_993)
        #expect(try row.bool("ok"))
        #expect(row.field("side")?.isString("Buy!") == true)
        #expect(row.field("sid") == nil)
      }
      #expect(root.value == value)
      #expect(throws: JSONError.missing(path: "nowhere")) { try root.amount("nowhere") as Price }
    }
  }

  private func read(
    _ text: String, body: (JSONView) throws -> Void
  ) throws {
    var failure: (any Error)?
    var bytes = Array(text.utf8)
    try bytes.withUnsafeMutableBytes { bytes in
      try JSONReader().read(UnsafeRawBufferPointer(bytes)) { view throws(JSONError) in
        do { try body(view) } catch { failure = error }
      }
    }
    if let failure { throw failure }
  }

  @Test
  func `digits past the eighth decimal are rounded half-even, and that is counted`() throws {
    let before = RoundedAmounts.count
    let value = try JSONValue(parsing: #"{"fee":"0.123456785","exact":"0.1234567800"}"#)
    let fee: Notional = try value.amount("fee")
    #expect(fee == "0.12345678")
    let after = RoundedAmounts.count
    #expect(after > before)
    let exact: Notional = try value.amount("exact")
    #expect(exact == "0.12345678")
  }
}
