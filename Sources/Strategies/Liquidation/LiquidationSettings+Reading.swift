import TradingModel

// How the engine reads a market: what counts as the price, the VWAP, the stop and the target.

extension LiquidationSettings {
  /// The last trade of the signal venue, else of the executing one; nil when neither is fresh.
  func price(signal: SymbolMarket, executing: SymbolMarket, now: Timestamp) -> Price? {
    usable(signal.last, at: now, within: priceMaxAge)
      ?? usable(executing.last, at: now, within: priceMaxAge)
  }

  /// The venue's own 24 h VWAP, else that of the tape that we saw; nil when neither is fresh.
  func vwap(signal: SymbolMarket, now: Timestamp) -> Price? {
    usable(signal.vwap24h, at: now, within: vwapMaxAge)
      ?? usable(signal.tapeVWAP, at: now, within: vwapMaxAge)
  }

  /// Stop and target in percent of `entry`, on the tick.
  func levels(
    for side: PositionSide, entry: Price, instrument: Instrument
  ) throws(AmountError) -> (stop: Price, target: Price) {
    let parameters = parameters(for: instrument.symbol)
    let risk = side == .long ? -parameters.stopLoss : parameters.stopLoss
    let reward = side == .long ? parameters.takeProfit : -parameters.takeProfit
    let stop = try entry.scaled(by: .one + risk)
    let target = try entry.scaled(by: .one + reward)
    return (
      instrument.stopPrice(stop, protecting: side), instrument.targetPrice(target, closing: side)
    )
  }

  /// Fresh and above zero: nothing trades at zero, though every price would lie far from it.
  private func usable(_ seen: TimedPrice?, at now: Timestamp, within limit: Duration) -> Price? {
    guard let price = seen?.fresh(at: now, within: limit), price > .zero else { return nil }
    return price
  }
}
