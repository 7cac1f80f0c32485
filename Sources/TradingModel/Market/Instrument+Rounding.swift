extension Instrument {
  /// An entry price on the tick, towards the passive side: a buy never pays more than `price`.
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
