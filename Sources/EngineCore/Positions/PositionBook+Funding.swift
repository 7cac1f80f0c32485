import TradingModel

// Funding, and the round trips that paid it.

extension PositionBook {
  /// How far a venue's date of a payment may lie from the moment that it was for.
  ///
  /// Source: Binance, "Introduction to Futures funding rates": who opens a position up to a minute
  /// after the hour may still be charged.
  private static let fundingTolerance = Duration.minutes(1)

  /// Adds a payment to the round trip that was held at its moment, open or closed since.
  ///
  /// Where the venue does not say which leg of a hedged account it was for, it is shared out by the
  /// size of the legs, exactly: the parts make up the whole.
  /// - Returns: The round trips with it; empty when none was held then.
  mutating func pay(_ payment: FundingPayment) -> [RoundTrip] {
    let payers = payers(of: payment)
    let parts = payment.paid.shared(by: payers.map(\.size))
    if !payers.isEmpty { payWithoutTrip(payment) }
    return zip(payers, parts).compactMap { payer, part in charge(payer, part) }
  }

  /// A payment for which there is no round trip is the day's all the same.
  mutating func payWithoutTrip(_ payment: FundingPayment) {
    earned -= payment.paid
    if payment.time.day == figures.day { figures.pay(payment.paid) }
  }

  private struct Payer {
    enum Place {
      case live(TripKey)
      case ended(Int)
    }

    let place: Place
    let trip: RoundTrip
    /// Now or, of a closed one, at most: what it was at the moment is not kept.
    let size: Quantity

    /// How long before its begin or after its end a moment lies.
    func distance(to moment: Timestamp) -> Duration {
      if moment < trip.openedAt { return trip.openedAt - moment }
      if let closedAt = trip.closedAt, moment > closedAt { return moment - closedAt }
      return .zero
    }
  }

  private func payers(of payment: FundingPayment) -> [Payer] {
    let open = live.keys.sorted().filter { $0.key.symbol == payment.symbol }.compactMap { key in
      live[key].map { Payer(place: .live(key), trip: $0.trip, size: $0.remaining) }
    }
    let closed = ended.indices.filter { ended[$0].key.symbol == payment.symbol }.map {
      Payer(place: .ended($0), trip: ended[$0], size: ended[$0].quantity)
    }
    let all = open + closed
    let ofSide = all.filter { payment.side == nil || $0.trip.side == payment.side }
    // In the venue's word on the side one may err, in that on the symbol not.
    return holders(among: ofSide, at: payment.time) ?? holders(among: all, at: payment.time) ?? []
  }

  private func holders(among payers: [Payer], at moment: Timestamp) -> [Payer]? {
    let held = payers.filter { $0.distance(to: moment) == .zero && $0.size > .zero }
    if !held.isEmpty { return held }
    let near = payers.filter { $0.distance(to: moment) <= Self.fundingTolerance }
    return near.min { $0.distance(to: moment) < $1.distance(to: moment) }.map { [$0] }
  }

  private mutating func charge(_ payer: Payer, _ part: Notional) -> RoundTrip? {
    switch payer.place {
    case .live(let key):
      live[key]?.charge(part)
      return live[key]?.trip
    case .ended(let index):
      ended[index].funding += part
      figures.correct(ended[index])
      return ended[index]
    }
  }
}

extension Notional {
  /// Parts in the proportion of `sizes`, that make up the whole: the last one takes what rounding
  /// leaves.
  fileprivate func shared(by sizes: [Quantity]) -> [Notional] {
    guard !sizes.isEmpty else { return [] }
    let whole = sizes.reduce(Int128.zero) { $0 + $1.wideCount }
    var left = self
    return sizes.indices.map { index in
      guard index < sizes.count - 1 else { return left }
      let part: Notional
      do {
        part = try scaled(by: sizes[index].ratio(to: Quantity(uncheckedCount: whole)))
      } catch {
        part = .zero
      }
      left -= part
      return part
    }
  }
}
