/// A share of something, exact to 10⁻⁸: 0.05 is five percent. Leverage is a ratio, too.
public struct Ratio: ExactAmount {
  /// Ten thousand times.
  public static let limit: Int128 = 1_000_000_000_000
  public let count: Int64

  public var wideCount: Int128 { Int128(count) }
  public init(uncheckedCount: Int128) { count = Int64(truncatingIfNeeded: uncheckedCount) }
  public static func < (left: Ratio, right: Ratio) -> Bool { left.count < right.count }

  public static let one = Ratio(uncheckedCount: DecimalText.one)

  /// `percent(5)` is 0.05. For whole numbers written in code; see `init(percent:)` for text.
  public static func percent(_ value: Int32) -> Ratio {
    Ratio(uncheckedCount: Int128(value) * 1_000_000)
  }

  public static func basisPoints(_ value: Int32) -> Ratio {
    Ratio(uncheckedCount: Int128(value) * 10_000)
  }

  public static func times(_ value: Int32) -> Ratio {
    Ratio(uncheckedCount: Int128(value) * DecimalText.one)
  }

  /// Reads a percentage as people write it: `2.5` or `2.5%` is 0.025.
  public init(percent text: some StringProtocol) throws(AmountError) {
    let digits = text.last == "%" ? text.dropLast() : text[...]
    let counts = try DecimalText.count(of: digits, extraDigits: .refused)
    guard counts % 100 == 0 else { throw .tooManyDecimals(String(text)) }
    try self.init(count: counts / 100)
  }

  public static func + (left: Ratio, right: Ratio) -> Ratio {
    Ratio(uncheckedCount: left.wideCount + right.wideCount)
  }

  public static func - (left: Ratio, right: Ratio) -> Ratio {
    Ratio(uncheckedCount: left.wideCount - right.wideCount)
  }

  /// In percent with that many decimals, rounded half-even: `3.05`.
  public func percentText(decimals: Int) -> String {
    DecimalText.text(of: wideCount * 100, decimals: decimals)
  }

  /// In percent, exact: `2.5`.
  public var percentDescription: String { DecimalText.text(of: wideCount * 100, decimals: nil) }
}
