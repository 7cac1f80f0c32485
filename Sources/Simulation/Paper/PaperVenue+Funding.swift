import TradingModel

// Funding. Source: Bybit and Binance USD-M: at each multiple of the interval, counted from 00:00 UTC,
// longs pay shorts value at mark × rate; below zero the shorts pay.

extension PaperVenue {
  /// Moments that are charged for at once, after a long silence.
  private static let mostMoments: Int64 = 1000

  /// Charges the moments that have passed since the market was last heard of, at the rate and the
  /// mark price that stood then. An unknown rate charges nothing.
  mutating func settleFunding(_ symbol: Symbol, at time: Timestamp) {
    guard let market = markets[symbol],
      let interval = instruments[symbol]?.fundingInterval.wholeNanoseconds, interval > 0
    else { return }
    let (periods, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: interval)
    let newest = Timestamp(nanoseconds: (rest < 0 ? periods - 1 : periods) * interval)
    guard let charged = market.fundedAt else {
      markets[symbol]?.fundedAt = newest
      return
    }
    guard newest > charged else { return }
    markets[symbol]?.fundedAt = newest
    guard let rate = market.fundingRate, !rate.isZero, let price = market.valuation else { return }
    // Back from the newest one: since the last charge the interval may have changed.
    let count = min(
      Self.mostMoments, (newest.nanoseconds - charged.nanoseconds + interval - 1) / interval)
    let moments = (1...count).map { step in
      Timestamp(nanoseconds: newest.nanoseconds - (count - step) * interval)
    }
    for key in openPositions(of: symbol).map(\.key) {
      charge(key, at: price, rate, moments)
      tellPosition(key)
      tellWallet(at: time)
    }
  }

  private mutating func charge(
    _ key: PositionKey, at price: Price, _ rate: Ratio, _ moments: [Timestamp]
  ) {
    guard let position = positions[key], let openedAt = position.openedAt else { return }
    let payment = (price * position.quantity).share(rate)
    for moment in moments where openedAt < moment {
      let funding = position.side == .long ? -payment : payment
      positions[key]?.book(funding)
      let entry = post(
        .funding, key, price: price, quantity: position.quantity, rate: rate, funding: funding,
        at: moment)
      events.append(.funding(entry))
    }
  }
}
