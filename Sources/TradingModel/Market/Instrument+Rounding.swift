extension Instrument {
  /// The largest leverage that the contract takes and that is not above `wanted`: at most its
  /// maximum, down to its step, at least one.
  public func leverage(upTo wanted: Ratio) -> Ratio {
    let most = maxLeverage >= .one ? min(wanted, maxLeverage) : wanted
    guard leverageStep > .zero else { return most }
    return max(
      .one, Ratio(uncheckedCount: most.wideCount - most.wideCount % leverageStep.wideCount))
  }

  /// An entry price on the tick, towards the passive side: a buy never pays more than `price`.
  ///
  /// For entries at a limit. No engine has any yet: all of them enter at market (docs/exits.md), where
  /// there is no price to round.
  public func entryPrice(_ price: Price, side: Side) -> Price {
    side == .buy
      ? price.roundedDown(toMultipleOf: tickSize) : price.roundedUp(toMultipleOf: tickSize)
  }

  /// A stop on the tick, towards earlier triggering: a long's stop is rounded up.
  public func stopPrice(_ price: Price, protecting side: PositionSide) -> Price {
    side == .long
      ? price.roundedUp(toMultipleOf: tickSize) : price.roundedDown(toMultipleOf: tickSize)
  }

  /// A target on the tick, towards earlier filling: a long's target is rounded down.
  public func targetPrice(_ price: Price, closing side: PositionSide) -> Price {
    side == .long
      ? price.roundedDown(toMultipleOf: tickSize) : price.roundedUp(toMultipleOf: tickSize)
  }
}
