import Foundation
import TestSupport
import Testing
import TradingModel
import Transport

struct JSONValueTests {
  @Test
  func `a text becomes a value and back, digits and order kept`() throws {
    let text =
      #"{"z":[1,-0.0,1e-7,123456789012345678901234567890.10,[],{}],"a":{"b":null,"c":true},"d":false}"#
    let value = try JSONValue(parsing: text)
    #expect(value["z"]?[3] == .number("123456789012345678901234567890.10"))
    #expect(value.text == text)
  }

  @Test(arguments: [
    #""plain""#: "plain", #""\"\\\/\b\f\n\r\t""#: "\"\\/\u{8}\u{C}\n\r\t", #""\u0041\u00e9""#: "Aé",
    #""\ud83d\ude00 \uD834\uDD1E""#: "😀 𝄞", "\"naïve 😀\"": "naïve 😀", #""""#: "",
    #""\u0000""#: "\0",
  ])
  func `escapes stand for their characters`(text: String, expected: String) throws {
    #expect(try JSONValue(parsing: text) == .string(expected))
    #expect(try JSONValue(parsing: " [ \(text) ] ")[0] == .string(expected))
    #expect(try JSONValue(parsing: "{\(text):1}")[expected] == .number("1"))
  }

  @Test
  func `what is written reads back the same, and only what must be is escaped`() throws {
    let text = String(String.UnicodeScalarView((0..<0x80).compactMap(Unicode.Scalar.init)))
    for string in [text, "😀é\u{2028}", "a\"b\\c/d"] {
      let value: JSONValue = ["k\n\u{1}": .string(string)]
      #expect(try JSONValue(parsing: value.text) == value)
    }
    #expect(JSONValue.string("é/\u{7F}\u{1F}\n").text == "\"é/\u{7F}\\u001f\\n\"")
    let built: JSONValue = ["a": 1, "b": [true, .null, "x"], "c": .integer(UInt64.max)]
    #expect(built.text == #"{"a":1,"b":[true,null,"x"],"c":18446744073709551615}"#)
  }

  @Test(arguments: [
    "", " ", "{", "[", "]", "}", "{}}", "[]]", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}",
    "{\"a\" 1}",
    "{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "{\"a\":1 \"b\":2}", "[1}", "{\"a\":1]", "nul",
    "nulll", "tru",
    "truex", "True", "[truefalse]", "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x10", "1_0", "NaN",
    "Infinity", "[1a]", "[--1]", "[1.2.3]", "\"", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"",
    "\"\\ud83d\"",
    "\"\\ude00\"", "\"a\nb\"", "\"a\tb\"", "\"a\"b", "\"a\" 1", "1 2", "[] []", "{} 1", "null null",
    "[\"a\"b]",
    "[1]\0", "\0", "\u{FEFF}", "[1]x", "{\"a\":1}{", "{\"a\":\"b\"\"c\"}", "[[[]]",
  ])
  func `what is no JSON is refused`(text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test(arguments: [
    [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
    [0x22, 0xE2, 0x82, 0x22], [0x5B, 0x80, 0x5D],
  ])
  func `what is no UTF-8 is refused`(bytes: [UInt8]) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
  }

  @Test
  func `what is no Unicode can be repaired, and nothing else`() throws {
    let broken =
      Array(#"["a"#.utf8) + [0xFF] + Array(#"\ud83d\n\\ud83d\ude00 \ud83d\ude00",1.50]"#.utf8)
    #expect(throws: JSONError.self) { try JSONValue(parsing: broken) }
    #expect(
      try JSONValue(repairing: broken)
        == [.string("a\u{FFFD}\u{FFFD}\n\\ud83d\u{FFFD} 😀"), .number("1.50")])
    #expect(throws: JSONError.self) { try JSONValue(repairing: Array("<html>\\".utf8)) }
  }

  @Test
  func `every beginning of a text is refused, the whole is not`() throws {
    let text = Array(#"{"a":[1.5,"x\n\u00e9😀",{"b":null}],"c":true}"#.utf8)
    for length in 0..<text.count {
      #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text[..<length])) }
    }
    _ = try JSONValue(parsing: text)
  }

  @Test
  func `damaged texts are refused or read, and never crash`() throws {
    let chance = SeededRandom(seed: 7)
    let good = Array(#"{"a":[1.5,-2e3,"x\n\u00e9😀",{"b":null,"c":[true,false]}],"d":"0.1"}"#.utf8)
    let reader = JSONReader()
    for _ in 0..<20_000 {
      var bytes = good
      for _ in 0...chance.next(below: 3) {
        let index = Int(chance.next(below: UInt64(bytes.count)))
        switch chance.next(below: 3) {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: chance.next())
        case 1: bytes.remove(at: index)
        default: bytes.insert(good[Int(chance.next(below: UInt64(good.count)))], at: index)
        }
      }
      guard let value = try? reader.value(of: bytes) else { continue }
      #expect(try reader.value(of: value.bytes) == value)
    }
  }

  @Test
  func `depth and size are limited, at the edge and not before`() throws {
    let limits = JSONLimits(maxBytes: 20, maxDepth: 3)
    _ = try JSONValue(parsing: "[[[1]]]", limits: limits)
    #expect(throws: JSONError.tooDeep(limit: 3)) {
      try JSONValue(parsing: #"[[{"a":[]}]]"#, limits: limits)
    }
    _ = try JSONValue(parsing: String(repeating: "1", count: 20), limits: limits)
    #expect(throws: JSONError.tooLarge(limitBytes: 20)) {
      try JSONValue(parsing: String(repeating: "1", count: 21), limits: limits)
    }
    #expect(throws: JSONError.self) {
      try JSONValue(parsing: String(repeating: "[", count: 1_000_000))
    }
    #expect(throws: JSONError.self) {
      try JSONValue(parsing: String(repeating: #"{"a":"#, count: 1_000_000))
    }
    let long = String(repeating: "x", count: 3_000_000)
    #expect(try JSONValue(parsing: "[\"\(long)\"]")[0]?.stringValue == long)
  }

  @Test
  func `an error says where the text goes wrong`() {
    #expect(throws: JSONError.malformed(offset: 6, "not a value")) {
      try JSONValue(parsing: #"{"a": nul}"#)
    }
  }

  @Test
  func `every file of the fixtures reads, and what is written reads the same`() throws {
    for file in Fixtures.files(extension: "json") {
      let bytes = [UInt8](try Data(contentsOf: file))
      let value = try JSONValue(parsing: bytes)
      #expect(try JSONValue(parsing: value.bytes) == value, "\(file)")
    }
  }
}
