/// A size in units of the base coin, exact to 10⁻⁸. Sizes are unsigned; differences may be negative.
public struct Quantity: ExactAmount {
  public static let limit: Int128 = 1_000_000_000_000_000_000
  public let count: Int64

  public var wideCount: Int128 { Int128(count) }
  public init(uncheckedCount: Int128) { count = Int64(truncatingIfNeeded: uncheckedCount) }
  public static func < (left: Quantity, right: Quantity) -> Bool { left.count < right.count }

  public static func + (left: Quantity, right: Quantity) throws(AmountError) -> Quantity {
    try Quantity(count: left.wideCount + right.wideCount)
  }

  public static func - (left: Quantity, right: Quantity) throws(AmountError) -> Quantity {
    try Quantity(count: left.wideCount - right.wideCount)
  }

  /// The greatest multiple of `step` not above this quantity.
  public func roundedDown(toMultipleOf step: Quantity) -> Quantity {
    step.count > 0
      ? Quantity(uncheckedCount: Rounding.down(wideCount, toMultipleOf: step.wideCount)) : self
  }

  /// The smallest multiple of `step` not below this quantity.
  public func roundedUp(toMultipleOf step: Quantity) -> Quantity {
    step.count > 0
      ? Quantity(uncheckedCount: Rounding.up(wideCount, toMultipleOf: step.wideCount)) : self
  }

  public func isMultiple(of step: Quantity) -> Bool { step.count > 0 && count % step.count == 0 }
}
