extension Quantity {
  /// What a close of `share` takes off a position of this size: what is shown before, and what is
  /// done.
  ///
  /// Rounded down to the step, though at least the smallest order of the contract: that one holds for
  /// orders that only reduce, too, the minimum notional does not. Where what stays would be less
  /// than the smallest order, and so could not be closed later, it is all of it.
  /// Source: Bybit V5 `lotSizeFilter.minOrderQty` (10001) and 110094; Binance `MARKET_LOT_SIZE.minQty`
  /// (−4004) and −4164, "unless you choose reduce only".
  ///
  /// - Parameter rules: Of the contract; nil where they are not known.
  public func closing(_ share: Ratio, under rules: Instrument?) -> Quantity {
    guard share < .one else { return self }
    do {
      let part = try scaled(by: share)
      guard let rules else { return part }
      let quantity = max(part.roundedDown(toMultipleOf: rules.quantityStep), rules.minQuantity)
      guard quantity < self else { return self }
      let kept = try self - quantity
      return kept < rules.minQuantity ? self : quantity
    } catch {
      // A share under one is within the range.
      return self
    }
  }
}
