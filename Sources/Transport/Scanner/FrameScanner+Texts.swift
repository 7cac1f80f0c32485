// Strings, and values that are passed over.
extension FrameScanner {
  /// A whole string, quotes and all, of printable ASCII without escapes.
  @inlinable
  public mutating func text() throws(OtherShape) -> FrameText {
    try byte(UInt8(ascii: "\""))
    return try textToQuote()
  }

  /// The rest of a string whose beginning was taken as a literal, and its closing quote.
  @inlinable
  public mutating func textToQuote() throws(OtherShape) -> FrameText {
    let start = position
    var cursor = start
    let end = limit
    while cursor < end {
      let byte = cursor.pointee
      if byte == UInt8(ascii: "\"") {
        position = cursor + 1
        return FrameText(UnsafeBufferPointer(start: start, count: cursor - start))
      }
      guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { break }
      cursor += 1
    }
    throw OtherShape()
  }

  /// `true` or `false`.
  @inlinable
  public mutating func bool() throws(OtherShape) -> Bool {
    if skips("true") { return true }
    if skips("false") { return false }
    throw OtherShape()
  }

  /// Levels of nesting that `skipValue` follows.
  static let maxDepth = 16

  /// Passes over any value, checked as strictly as simdjson does; blanks are none of it.
  /// - Returns: Its bytes.
  @discardableResult
  public mutating func skipValue() throws(OtherShape) -> UnsafeBufferPointer<UInt8> {
    let start = position
    try skipValue(depth: 0)
    return UnsafeBufferPointer(start: start, count: position - start)
  }

  private mutating func skipValue(depth: Int) throws(OtherShape) {
    switch next {
    case UInt8(ascii: "\""): try skipString()
    case UInt8(ascii: "{"):
      guard depth < Self.maxDepth else { throw OtherShape() }
      try skipList(from: UInt8(ascii: "{"), to: UInt8(ascii: "}"), depth, named: true)
    case UInt8(ascii: "["):
      guard depth < Self.maxDepth else { throw OtherShape() }
      try skipList(from: UInt8(ascii: "["), to: UInt8(ascii: "]"), depth, named: false)
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: try skipNumber()
    }
  }

  private mutating func skipList(
    from open: UInt8, to close: UInt8, _ depth: Int, named: Bool
  ) throws(OtherShape) {
    try byte(open)
    guard next != close else { return try byte(close) }
    while true {
      if named {
        try skipString()
        try byte(UInt8(ascii: ":"))
      }
      try skipValue(depth: depth + 1)
      guard next == UInt8(ascii: ",") else { return try byte(close) }
      position += 1
    }
  }

  private mutating func skipString() throws(OtherShape) {
    try byte(UInt8(ascii: "\""))
    while position < limit {
      let byte = position.pointee
      position += 1
      if byte == UInt8(ascii: "\"") { return }
      // Beyond ASCII the encoding would have to be checked.
      guard byte >= 0x20, byte < 0x80 else { break }
      if byte == UInt8(ascii: "\\") { try skipEscape() }
    }
    throw OtherShape()
  }

  private mutating func skipEscape() throws(OtherShape) {
    switch next {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
    case UInt8(ascii: "u"):
      position += 1
      var unit = 0
      for _ in 0..<4 {
        guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
          throw OtherShape()
        }
        unit = unit << 4 | digit
        position += 1
      }
      // Halves of a pair would have to fit together.
      guard !(0xD800..<0xE000).contains(unit) else { throw OtherShape() }
    default: throw OtherShape()
    }
  }

  private mutating func skipNumber() throws(OtherShape) {
    if next == UInt8(ascii: "-") { position += 1 }
    let isZero = next == UInt8(ascii: "0")
    let whole = skipDigits()
    guard whole > 0, !isZero || whole == 1 else { throw OtherShape() }
    if next == UInt8(ascii: ".") {
      position += 1
      guard skipDigits() > 0 else { throw OtherShape() }
    }
    if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      guard skipDigits() > 0 else { throw OtherShape() }
    }
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while position < limit, position.pointee &- UInt8(ascii: "0") <= 9 { position += 1 }
    return position - start
  }
}
