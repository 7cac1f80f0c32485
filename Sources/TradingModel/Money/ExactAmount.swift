/// A decimal amount held as a whole count of 10⁻⁸ of its unit.
///
/// Every amount lies within ±`Self.limit` counts, so that a product of a price and a quantity, and a
/// ratio of the result, always fit 128 bits. What would leave the range is an error, never a wrap.
public protocol ExactAmount: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  /// The largest magnitude, in counts of 10⁻⁸.
  static var limit: Int128 { get }

  /// The amount in whole counts of 10⁻⁸ of its unit.
  var wideCount: Int128 { get }

  /// For values already known to be within the limit.
  init(uncheckedCount: Int128)
}

/// Why a text or a number is not an amount.
public enum AmountError: Error, Equatable, Sendable {
  /// The text is not a decimal number: `12.5`, `-0.003`, `1e-7` would be.
  case notANumber(String)
  /// More than eight decimal places that are not zeros, where exactness is required.
  case tooManyDecimals(String)
  /// Beyond what the amount can hold.
  case overflow
  /// A ratio of something to nothing.
  case divisionByZero
}

extension AmountError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notANumber(let text): "'\(text)' is not a decimal number"
    case .tooManyDecimals(let text): "'\(text)' has more than eight decimal places"
    case .overflow: "the amount is too large"
    case .divisionByZero: "division by zero"
    }
  }
}

/// What happens to digits past 10⁻⁸.
public enum ExtraDigits: Sendable {
  /// Only zeros may stand there: for what we send and what people write.
  case refused
  /// Rounded half-even: for fees and borrow amounts that a venue reports.
  case roundedHalfEven
}

extension ExactAmount {
  public static var zero: Self { Self(uncheckedCount: 0) }
  public var isZero: Bool { wideCount == 0 }

  /// The amount of `count` × 10⁻⁸.
  /// - Throws: `AmountError.overflow` beyond the limit.
  public init(count: some BinaryInteger) throws(AmountError) {
    guard let wide = Int128(exactly: count), wide.magnitude <= Self.limit.magnitude else {
      throw .overflow
    }
    self.init(uncheckedCount: wide)
  }

  /// The same for what is computed in this module: nothing to convert.
  init(count: Int128) throws(AmountError) {
    guard count.magnitude <= Self.limit.magnitude else { throw .overflow }
    self.init(uncheckedCount: count)
  }

  /// Reads a decimal such as `64210.50`, `-0.003` or `1.004e-05`.
  /// - Throws: `AmountError`, naming the text.
  public init(_ text: some StringProtocol, extraDigits: ExtraDigits = .refused) throws(AmountError)
  {
    try self.init(count: DecimalText.count(of: text, extraDigits: extraDigits))
  }

  /// Reads a decimal from UTF-8 bytes, for frames that are decoded in place.
  public init(
    utf8 bytes: UnsafeRawBufferPointer, extraDigits: ExtraDigits = .refused
  ) throws(AmountError) {
    try self.init(count: DecimalText.count(ofUTF8: bytes, extraDigits: extraDigits))
  }

  /// The shortest exact decimal: no trailing zeros, no exponent.
  public var description: String { DecimalText.text(of: wideCount, decimals: nil) }

  /// Exactly `decimals` places, rounded half-even; for people, not for venues.
  public func text(decimals: Int) -> String { DecimalText.text(of: wideCount, decimals: decimals) }

  public static func < (left: Self, right: Self) -> Bool { left.wideCount < right.wideCount }

  public static prefix func - (amount: Self) -> Self { Self(uncheckedCount: -amount.wideCount) }

  public var magnitude: Self { wideCount < 0 ? -self : self }

  /// This amount times `ratio`, rounded half-even at 10⁻⁸.
  /// - Throws: `AmountError.overflow`.
  public func scaled(by ratio: Ratio) throws(AmountError) -> Self {
    try Self(count: Rounding.halfEven(wideCount, times: ratio.wideCount, over: DecimalText.one))
  }

  /// What share of `whole` this is.
  /// - Throws: `AmountError.divisionByZero`, or `.overflow` for more than ten thousand times.
  public func ratio(to whole: Self) throws(AmountError) -> Ratio {
    guard !whole.isZero else { throw .divisionByZero }
    return try Ratio(
      count: Rounding.halfEven(wideCount, times: DecimalText.one, over: whole.wideCount))
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    try self.init(container.decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
