import TradingModel

// What a scenario lets the market do.

extension BotDay {
  /// Prices of a symbol fall (or, for shorts, rise) by that share, and a few seconds later positions
  /// of that side are liquidated: what the liquidation engine enters on.
  public func cascade(
    _ symbol: Symbol, closing side: PositionSide = .long, by share: Ratio = .percent(4)
  ) {
    venue.jump(symbol, by: side == .long ? -share : share)
    time.add("cascade", at: time.now + plan.marketPace * 2 + .milliseconds(500)) { [weak self] in
      guard let self, let price = venue.price(of: symbol) else { return }
      let size = Quantity(
        uncheckedCount: Notional.usdt(50_000).wideCount * 100_000_000 / max(1, price.wideCount))
      venue.take(
        .liquidation(
          Liquidation(
            venue: .bybit, symbol: symbol, closed: side, price: price, averagePrice: price,
            quantity: size, time: venue.now)))
    }
  }
}
