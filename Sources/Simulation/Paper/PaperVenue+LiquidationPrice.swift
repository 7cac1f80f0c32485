import TradingModel

// Where a position would be taken over. These are for people to see: what takes it over is judged in
// `PaperVenue+Liquidation.swift`.

extension PaperVenue {
  /// Where an isolated position loses the margin put up for it; nil when flat or in cross margin.
  public func bankruptcyPrice(of position: PaperPosition) -> Price? {
    guard isIsolated(position.key.symbol) else { return nil }
    return boundary(of: position, loss: position.isolatedMargin)
  }

  /// Where the mark price takes a position over, as far as it can be told; nil when flat, and where
  /// no price would.
  ///
  /// Isolated: the loss that leaves the maintenance margin, which counts by the value at entry on
  /// Bybit, at mark on Binance. Cross: as if only this symbol's price moved from where it is.
  public func liquidationPrice(of position: PaperPosition) -> Price? {
    let symbol = position.key.symbol
    guard isIsolated(symbol) else { return crossLiquidationPrice(of: position) }
    switch settings.rules.maintenanceBasis {
    case .entry:
      let maintenance = maintenance(of: position.cost, symbol)
      return boundary(of: position, loss: max(.zero, position.isolatedMargin - maintenance))
    case .mark:
      let tier = tier(of: symbol, at: value(of: position))
      let margin = position.isolatedMargin + tier.deduction
      switch position.side {
      case nil: return nil
      case .long:
        return price(
          position, worth: position.cost - margin, share: .one - tier.maintenanceRate)
      case .short:
        return price(
          position, worth: position.cost + margin, share: .one + tier.maintenanceRate)
      }
    }
  }

  private func boundary(of position: PaperPosition, loss: Notional) -> Price? {
    let value = position.side == .long ? position.cost - loss : position.cost + loss
    return price(position, worth: value, share: .one)
  }

  /// `worth` ÷ (quantity × `share`), on the tick, towards earlier liquidation.
  private func price(_ position: PaperPosition, worth: Notional, share: Ratio) -> Price? {
    guard let side = position.side, let tick = instruments[position.key.symbol]?.tickSize else {
      return nil
    }
    do {
      let price = try worth.price(per: position.quantity.scaled(by: share))
      // A long at 1x loses all at zero: no price takes it over.
      guard price > .zero else { return nil }
      return side == .long
        ? price.roundedUp(toMultipleOf: tick) : price.roundedDown(toMultipleOf: tick)
    } catch {
      return nil
    }
  }

  private func crossLiquidationPrice(of position: PaperPosition) -> Price? {
    guard let side = position.side, let mark = markets[position.key.symbol]?.valuation else {
      return nil
    }
    let (equity, maintenance) = crossAccount()
    let buffer = equity - maintenance
    let fee = settings.rules.reservesFees ? settings.takerFee : .zero
    let rate = tier(of: position.key.symbol, at: value(of: position)).maintenanceRate + fee
    let value = mark * position.quantity
    switch side {
    case .long:
      return price(position, worth: value.share(.one - rate) - buffer, share: .one - rate)
    case .short:
      return price(position, worth: value.share(.one + rate) + buffer, share: .one + rate)
    }
  }
}
