/// Decimal text to whole counts of 10⁻⁸ and back, without a binary floating-point number between.
enum DecimalText {
  /// Counts in one unit.
  static let one: Int128 = 100_000_000
  private static let places = 8
  /// Above every limit: digits beyond are an overflow whatever follows.
  private static let ceiling: Int128 = 1_000_000_000_000_000_000_000_000_000_000

  static func count(
    of text: some StringProtocol, extraDigits: ExtraDigits
  ) throws(AmountError) -> Int128 {
    var copy = String(text)
    let result = copy.withUTF8 { bytes in
      Result { () throws(AmountError) in
        try count(ofUTF8: UnsafeRawBufferPointer(bytes), extraDigits: extraDigits)
      }
    }
    return try result.get()
  }

  static func count(
    ofUTF8 bytes: UnsafeRawBufferPointer, extraDigits: ExtraDigits
  ) throws(AmountError) -> Int128 {
    var index = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { index = 1 }
    var digits: Int128 = 0
    var decimals = 0
    var digitsSeen = 0
    var pointSeen = false
    // Past 10⁻²⁰ a digit can only break a tie; one bit remembers it.
    var lostNonZero = false
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "."), !pointSeen {
        pointSeen = true
      } else if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        digitsSeen += 1
        if pointSeen, decimals >= 20 {
          lostNonZero = lostNonZero || byte != UInt8(ascii: "0")
        } else {
          digits = digits * 10 + Int128(byte &- UInt8(ascii: "0"))
          if pointSeen { decimals += 1 }
          if digits > ceiling { throw .overflow }
        }
      } else {
        break
      }
      index += 1
    }
    guard digitsSeen > 0 else { throw .notANumber(shown(bytes)) }
    let exponent = try exponent(in: bytes, at: index)
    let magnitude = try scaled(
      digits, by: places - decimals + exponent, lostNonZero: lostNonZero,
      extraDigits: extraDigits, bytes: bytes)
    return isNegative ? -magnitude : magnitude
  }

  private static func exponent(
    in bytes: UnsafeRawBufferPointer, at start: Int
  ) throws(AmountError) -> Int {
    guard start < bytes.count else { return 0 }
    var index = start
    guard bytes[index] | 0x20 == UInt8(ascii: "e") else { throw .notANumber(shown(bytes)) }
    index += 1
    var isNegative = false
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    guard index < bytes.count, bytes.count - index <= 3 else { throw .notANumber(shown(bytes)) }
    var value = 0
    while index < bytes.count {
      guard bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "9") else {
        throw .notANumber(shown(bytes))
      }
      value = value * 10 + Int(bytes[index] &- UInt8(ascii: "0"))
      index += 1
    }
    return isNegative ? -value : value
  }

  private static func scaled(
    _ digits: Int128, by power: Int, lostNonZero: Bool, extraDigits: ExtraDigits,
    bytes: UnsafeRawBufferPointer
  ) throws(AmountError) -> Int128 {
    guard digits != 0 else {
      if lostNonZero, case .refused = extraDigits { throw .tooManyDecimals(shown(bytes)) }
      return 0
    }
    var value = digits
    if power >= 0 {
      for _ in 0..<power {
        value *= 10
        if value > ceiling { throw .overflow }
      }
      if lostNonZero, case .refused = extraDigits { throw .tooManyDecimals(shown(bytes)) }
      return value
    }
    // More than forty places down nothing of a number below the ceiling is left.
    var divisor: Int128 = 1
    for _ in 0..<min(-power, 37) { divisor *= 10 }
    let isExact = value % divisor == 0 && !lostNonZero && -power <= 37
    if !isExact, case .refused = extraDigits { throw .tooManyDecimals(shown(bytes)) }
    if -power > 37 { return 0 }
    // A lost digit makes an apparent tie a little more than a tie.
    if lostNonZero, value % divisor == divisor / 2, divisor > 1 { return value / divisor + 1 }
    value = Rounding.halfEven(value, over: divisor)
    return value
  }

  private static func shown(_ bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes.prefix(40), as: UTF8.self)
  }

  /// - Parameter decimals: That many places, rounded half-even; nil for as many as are needed.
  static func text(of count: Int128, decimals: Int?) -> String {
    var shown = count
    if let decimals, decimals < places {
      var step: Int128 = 1
      for _ in 0..<(places - max(0, decimals)) { step *= 10 }
      shown = Rounding.halfEven(count, over: step) * step
    }
    var (units, fraction) = unitsAndFraction(of: shown.magnitude)
    // Zeros at the end: all of them, or those beyond the places that are wanted.
    var left = places
    while left > 0, decimals.map({ left > max(0, $0) }) ?? (fraction % 10 == 0) {
      fraction /= 10
      left -= 1
    }
    let text = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: mostBytes) { room in
      var start = room.count
      func put(_ byte: UInt8) {
        start -= 1
        room[start] = byte
      }
      for _ in 0..<left {
        put(UInt8(ascii: "0") + UInt8(fraction % 10))
        fraction /= 10
      }
      if left > 0 { put(UInt8(ascii: ".")) }
      while units > UInt64.max {
        put(UInt8(ascii: "0") + UInt8(units % 10))
        units /= 10
      }
      var rest = UInt64(units)
      repeat {
        put(UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
      } while rest > 0
      if shown < 0 { put(UInt8(ascii: "-")) }
      return String(decoding: room[start...], as: UTF8.self)
    }
    let more = (decimals ?? 0) - places
    return more > 0 ? text + String(repeating: "0", count: more) : text
  }

  /// A sign, the 39 digits that fit 128 bits, and a point.
  private static let mostBytes = 41

  private static func unitsAndFraction(of count: UInt128) -> (UInt128, UInt64) {
    // Few amounts are beyond 64 bits, and dividing those takes ten times as long.
    if let small = UInt64(exactly: count) {
      let (units, fraction) = small.quotientAndRemainder(dividingBy: UInt64(one))
      return (UInt128(units), fraction)
    }
    let (units, fraction) = count.quotientAndRemainder(dividingBy: UInt128(one))
    return (units, UInt64(fraction))
  }
}
