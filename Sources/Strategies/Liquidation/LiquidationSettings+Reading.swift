import TradingModel

// How the engine reads a market: what counts as the price and the VWAP.

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

  /// Fresh and above zero: nothing trades at zero, though every price would lie far from it.
  private func usable(_ seen: TimedPrice?, at now: Timestamp, within limit: Duration) -> Price? {
    guard let price = seen?.fresh(at: now, within: limit), price > .zero else { return nil }
    return price
  }
}
