extension JSONValue {
  /// As `init(parsing:limits:)`, but text that is no Unicode costs itself alone: bytes that are no
  /// UTF-8 and escapes of half a surrogate pair become U+FFFD. For answers that hold what people
  /// typed, where one broken name must not make a whole answer unreadable.
  /// - Throws: `JSONError` for everything else that is wrong.
  public init(
    repairing bytes: [UInt8], limits: JSONLimits = .standard
  ) throws(JSONError) {
    do {
      try self.init(parsing: bytes, limits: limits)
    } catch .malformed {
      try self.init(parsing: Self.repaired(bytes), limits: limits)
    }
  }

  private static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    let source = Array(String(decoding: bytes, as: UTF8.self).utf8)
    var result: [UInt8] = []
    result.reserveCapacity(source.count)
    var index = 0
    while index < source.count {
      var length = 1
      if source[index] == UInt8(ascii: "\\") {
        length = 2  // A backslash keeps its next character, be it a backslash.
        if let unit = codeUnit(in: source, at: index) {
          length = 6
          if UTF16.isLeadSurrogate(unit), let next = codeUnit(in: source, at: index + 6),
            UTF16.isTrailSurrogate(next)
          {
            length = 12
          } else if UTF16.isSurrogate(unit) {
            result += Array(#"\ufffd"#.utf8)
            index += length
            continue
          }
        }
      }
      result += source[index..<min(index + length, source.count)]
      index += length
    }
    return result
  }

  /// The code unit that `\uXXXX` at `index` stands for.
  private static func codeUnit(in bytes: [UInt8], at index: Int) -> UInt16? {
    guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"),
      bytes[index + 1] == UInt8(ascii: "u")
    else { return nil }
    let digits = bytes[(index + 2)..<(index + 6)]
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}

extension UTF16 {
  fileprivate static func isSurrogate(_ unit: UInt16) -> Bool {
    isLeadSurrogate(unit) || isTrailSurrogate(unit)
  }
}
