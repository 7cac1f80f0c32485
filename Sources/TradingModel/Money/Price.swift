/// A price in quote currency (USDT) per unit of base, exact to 10⁻⁸.
public struct Price: ExactAmount {
  /// Ten thousand million per unit: far above any market, and small enough for every product.
  public static let limit: Int128 = 1_000_000_000_000_000_000
  public let count: Int64

  public var wideCount: Int128 { Int128(count) }
  public init(uncheckedCount: Int128) { count = Int64(truncatingIfNeeded: uncheckedCount) }
  public static func < (left: Price, right: Price) -> Bool { left.count < right.count }

  /// What `quantity` costs at this price, in USDT, rounded half-even at 10⁻⁸.
  public static func * (price: Price, quantity: Quantity) -> Notional {
    Notional(
      uncheckedCount: Rounding.halfEven(
        price.wideCount * quantity.wideCount, over: DecimalText.one))
  }

  public static func + (left: Price, right: Price) throws(AmountError) -> Price {
    try Price(count: left.wideCount + right.wideCount)
  }

  public static func - (left: Price, right: Price) throws(AmountError) -> Price {
    try Price(count: left.wideCount - right.wideCount)
  }

  /// The greatest multiple of `tick` not above this price.
  public func roundedDown(toMultipleOf tick: Price) -> Price {
    tick.count > 0
      ? Price(uncheckedCount: Rounding.down(wideCount, toMultipleOf: tick.wideCount)) : self
  }

  /// The smallest multiple of `tick` not below this price.
  public func roundedUp(toMultipleOf tick: Price) -> Price {
    tick.count > 0
      ? Price(uncheckedCount: Rounding.up(wideCount, toMultipleOf: tick.wideCount)) : self
  }

  public func isMultiple(of tick: Price) -> Bool { tick.count > 0 && count % tick.count == 0 }

  /// Whether this price lies strictly below `reference` × (1 − `offset`), without rounding a bound.
  public func isBelow(_ reference: Price, by offset: Ratio) -> Bool {
    wideCount * DecimalText.one < reference.wideCount * (DecimalText.one - offset.wideCount)
  }

  /// Whether this price lies strictly above `reference` × (1 + `offset`), without rounding a bound.
  public func isAbove(_ reference: Price, by offset: Ratio) -> Bool {
    wideCount * DecimalText.one > reference.wideCount * (DecimalText.one + offset.wideCount)
  }

  /// How far away this price is, as a share of `reference`: 0.01 for one percent, never negative.
  public func distance(from reference: Price) throws(AmountError) -> Ratio {
    try (self - reference).magnitude.ratio(to: reference)
  }
}
