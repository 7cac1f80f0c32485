import TradingModel

/// A reduce-only limit that should rest for a part of a position.
public struct TargetStep: Sendable, Hashable {
  public var price: Price
  public var quantity: Quantity

  public init(price: Price, quantity: Quantity) {
    self.price = price
    self.quantity = quantity
  }
}

extension ExitPlan {
  /// Of one position; a venue lets only so many orders rest.
  static let mostTargets = 20

  /// The partial targets that should rest for what is open, the nearest first.
  ///
  /// The shares are of the size that is open plus what partial targets have taken already, so that
  /// they follow an add and a part closed otherwise. Each is rounded down to the step; what is too
  /// small for an order of its own is added to the next one, what is too large for one order becomes
  /// several. Together they never exceed what is open.
  ///
  /// - Parameter taken: What partial targets of this position have taken off already.
  public func ladder(
    _ ground: ExitGround, open: Quantity, taken: Quantity, instrument: Instrument
  ) throws(ExitError) -> [TargetStep] {
    guard !partials.isEmpty, open > .zero else { return [] }
    do {
      let steps = try partials.map { part throws(ExitError) in
        (price: try price(of: part, ground, instrument), share: part.share)
      }.sorted { ground.side == .long ? $0.price < $1.price : $0.price > $1.price }
      let whole = try open + taken
      var ladder: [TargetStep] = []
      var share = Ratio.zero
      var given = taken
      for step in steps {
        share = min(share + step.share, .one)
        let upToHere = try whole.scaled(by: share)
          .roundedDown(toMultipleOf: instrument.quantityStep)
        guard upToHere > given else { continue }
        // The largest order may be less than the step: then several rest at its price.
        while ladder.count < Self.mostTargets, upToHere > given {
          let quantity = min(
            try (upToHere - given).roundedDown(toMultipleOf: instrument.quantityStep),
            instrument.maxQuantity.roundedDown(toMultipleOf: instrument.quantityStep))
          guard quantity >= instrument.minQuantity, quantity > .zero else { break }
          ladder.append(TargetStep(price: step.price, quantity: quantity))
          given = try given + quantity
        }
      }
      return ladder
    } catch let error as ExitError {
      throw error
    } catch let error as AmountError {
      throw .amount(error)
    } catch {
      throw .amount(.overflow)
    }
  }

  private func price(
    of part: PartialTarget, _ ground: ExitGround, _ instrument: Instrument
  ) throws(ExitError) -> Price {
    instrument.targetPrice(
      try ground.level(part.distance, towards: .profit), closing: ground.side)
  }
}
