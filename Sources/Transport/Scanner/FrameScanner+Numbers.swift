import TradingModel

// Numbers, written as numbers or as strings.
extension FrameScanner {
  /// The largest magnitude of a decimal, in counts: a price's and a quantity's own.
  @usableFromInline static let maxCount: UInt64 = 1_000_000_000_000_000_000

  /// A decimal as a whole count of 10⁻⁸: `"64210.50"` is 6421050000000. Zeros past 10⁻⁸ are dropped;
  /// other digits there, an exponent, or more than 10¹⁸ counts are another shape.
  @inlinable
  @inline(__always)
  public mutating func decimal() throws(OtherShape) -> Int64 {
    guard next == UInt8(ascii: "\"") else { return try bareDecimal() }
    position += 1
    let count = try bareDecimal()
    try byte(UInt8(ascii: "\""))
    return count
  }

  /// A decimal as an exact amount: `let price: Price = try scan.amount()`.
  @inlinable
  public mutating func amount<Amount: ExactAmount>(
    as type: Amount.Type = Amount.self
  ) throws(OtherShape) -> Amount {
    let count = Int128(try decimal())
    guard count.magnitude <= Amount.limit.magnitude else { throw OtherShape() }
    return Amount(uncheckedCount: count)
  }

  /// A whole number of at most 18 digits.
  @inlinable
  public mutating func integer() throws(OtherShape) -> Int64 {
    guard next == UInt8(ascii: "\"") else { return try bareInteger() }
    position += 1
    let value = try bareInteger()
    try byte(UInt8(ascii: "\""))
    return value
  }

  @inlinable
  mutating func bareInteger() throws(OtherShape) -> Int64 {
    let isNegative = next == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let value = try wholeDigits(atMost: 18)
    return isNegative ? -Int64(value) : Int64(value)
  }

  @inlinable
  @inline(__always)
  mutating func bareDecimal() throws(OtherShape) -> Int64 {
    let isNegative = next == UInt8(ascii: "-")
    if isNegative { position += 1 }
    // Eleven digits and eight places fit 64 bits without a sign.
    var count = try wholeDigits(atMost: 11) &* 100_000_000
    if next == UInt8(ascii: ".") {
      position += 1
      count = count &+ (try places())
    }
    guard count <= Self.maxCount else { throw OtherShape() }
    return isNegative ? -Int64(count) : Int64(count)
  }

  /// Digits as JSON has them: at least one, no zero in front of others.
  @inlinable
  @inline(__always)
  mutating func wholeDigits(atMost most: Int) throws(OtherShape) -> UInt64 {
    let start = position
    let eight = EightDigits(at: start, before: limit)
    var value = eight.whole
    var cursor = start + eight.count
    if eight.count == 8 {
      while cursor < limit, cursor - start <= most {
        let digit = cursor.pointee &- UInt8(ascii: "0")
        guard digit <= 9 else { break }
        value = value &* 10 &+ UInt64(digit)
        cursor += 1
      }
    }
    let count = cursor - start
    guard count > 0, count <= most, count == 1 || start.pointee != UInt8(ascii: "0") else {
      throw OtherShape()
    }
    position = cursor
    return value
  }

  /// The digits behind a point, in counts of 10⁻⁸: at least one, and none but zeros past the eighth.
  @inlinable
  @inline(__always)
  mutating func places() throws(OtherShape) -> UInt64 {
    let eight = EightDigits(at: position, before: limit)
    guard eight.count > 0 else { throw OtherShape() }
    position += eight.count
    if eight.count == 8 {
      // Any other digit is a surprise to whoever reads on.
      while position < limit, position.pointee == UInt8(ascii: "0") { position += 1 }
    }
    return eight.places
  }
}
