/// An amount of USDT, exact to 10⁻⁸: cost, margin, equity, profit and loss (negative), fees.
///
/// Held in 128 bits, so that every product of a price and a quantity fits and sums need no check.
public struct Notional: ExactAmount {
  /// 10²⁰ USDT: the largest price times the largest quantity.
  public static let limit: Int128 = 10_000_000_000_000_000_000_000_000_000
  public let wideCount: Int128

  public init(uncheckedCount: Int128) { wideCount = uncheckedCount }

  public static func usdt(_ units: Int64) -> Notional {
    Notional(uncheckedCount: Int128(units) * DecimalText.one)
  }

  public static func + (left: Notional, right: Notional) -> Notional {
    Notional(uncheckedCount: left.wideCount + right.wideCount)
  }

  public static func - (left: Notional, right: Notional) -> Notional {
    Notional(uncheckedCount: left.wideCount - right.wideCount)
  }

  public static func += (left: inout Notional, right: Notional) { left = left + right }
  public static func -= (left: inout Notional, right: Notional) { left = left - right }

  /// This amount spread over `quantity`: a price rounded half-even at 10⁻⁸.
  /// - Throws: `AmountError.divisionByZero`, `.overflow`.
  public func price(per quantity: Quantity) throws(AmountError) -> Price {
    guard !quantity.isZero else { throw .divisionByZero }
    return try Price(
      count: Rounding.halfEven(wideCount, times: DecimalText.one, over: quantity.wideCount))
  }

  /// How much of the base coin this amount buys at `price`, rounded down at 10⁻⁸.
  /// - Throws: `AmountError.divisionByZero`, `.overflow`.
  public func quantity(at price: Price) throws(AmountError) -> Quantity {
    guard !price.isZero else { throw .divisionByZero }
    return try Quantity(
      count: Rounding.down(wideCount * DecimalText.one, toMultipleOf: price.wideCount)
        / price.wideCount)
  }
}
