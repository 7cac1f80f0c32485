/// Division of whole counts, with the rounding spelled out.
enum Rounding {
  /// `value` × `factor` ÷ `divisor`, half to even. The arguments keep the product within 128 bits
  /// because amounts are bounded; `value` is split so that the intermediate product is, too.
  static func halfEven(_ value: Int128, times factor: Int128, over divisor: Int128) -> Int128 {
    let (whole, rest) = value.quotientAndRemainder(dividingBy: divisor)
    let (head, overflow) = whole.multipliedReportingOverflow(by: factor)
    guard !overflow else { return whole.signum() * factor.signum() < 0 ? .min + 1 : .max }
    return head + halfEven(rest * factor, over: divisor)
  }

  static func halfEven(_ value: Int128, over divisor: Int128) -> Int128 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    let twice = remainder.magnitude * 2
    let awayFromZero =
      twice > divisor.magnitude || (twice == divisor.magnitude && !quotient.isMultiple(of: 2))
    guard awayFromZero else { return quotient }
    return quotient + ((value < 0) == (divisor < 0) ? 1 : -1)
  }

  /// The greatest multiple of `step` that is not above `value`; `step` is above zero.
  static func down(_ value: Int128, toMultipleOf step: Int128) -> Int128 {
    let remainder = value % step
    return remainder < 0 ? value - remainder - step : value - remainder
  }

  /// The smallest multiple of `step` that is not below `value`; `step` is above zero.
  static func up(_ value: Int128, toMultipleOf step: Int128) -> Int128 {
    -down(-value, toMultipleOf: step)
  }
}
