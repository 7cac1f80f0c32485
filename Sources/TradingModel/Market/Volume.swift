/// What was traded over a while, in units of the base coin, exact to 10⁻⁸.
///
/// Held in 128 bits: a day of a cheap coin is more than the largest `Quantity`, and sums need no check.
public struct Volume: ExactAmount {
  /// As `Notional`: 10²⁰ units.
  public static let limit: Int128 = Notional.limit
  public let wideCount: Int128

  public init(uncheckedCount: Int128) { wideCount = uncheckedCount }

  public init(_ quantity: Quantity) { wideCount = quantity.wideCount }

  public static func + (left: Volume, right: Volume) -> Volume {
    Volume(uncheckedCount: left.wideCount + right.wideCount)
  }

  public static func - (left: Volume, right: Volume) -> Volume {
    Volume(uncheckedCount: left.wideCount - right.wideCount)
  }

  public static func += (left: inout Volume, right: Volume) { left = left + right }
}
