import TradingModel

// Rates of the paper venue lie below one and values below 10²⁸ counts, so these products fit.

extension Notional {
  /// This value times a rate below one, rounded half away from zero at 10⁻⁸.
  func share(_ rate: Ratio) -> Notional {
    let product = wideCount * rate.wideCount
    let half: Int128 = product < 0 ? -50_000_000 : 50_000_000
    return Notional(uncheckedCount: (product + half) / 100_000_000)
  }

  /// This value over a leverage of at least one.
  func divided(by leverage: Ratio) -> Notional {
    leverage.isZero ? self : Notional(uncheckedCount: wideCount * 100_000_000 / leverage.wideCount)
  }
}

extension Price {
  /// This price moved against an order of `side` by a rate below one, onto the tick.
  func worsened(for side: Side, by rate: Ratio, tick: Price) -> Price {
    let shift = wideCount * rate.wideCount / 100_000_000
    let moved = Price(uncheckedCount: side == .buy ? wideCount + shift : wideCount - shift)
    return side == .buy
      ? moved.roundedUp(toMultipleOf: tick) : moved.roundedDown(toMultipleOf: tick)
  }
}
