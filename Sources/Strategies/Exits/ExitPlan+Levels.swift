import TradingModel

/// Stop and target of a whole position, on the tick.
public struct ExitLevels: Sendable, Hashable {
  public var stop: Price
  public var target: Price?

  public init(stop: Price, target: Price?) {
    self.stop = stop
    self.target = target
  }
}

extension ExitPlan {
  /// Where stop and target go for a new average entry: the stop rounded towards earlier triggering,
  /// the target towards earlier filling.
  public func levels(
    _ ground: ExitGround, instrument: Instrument
  ) throws(ExitError) -> ExitLevels {
    let side = ground.side
    let stop = instrument.stopPrice(try ground.level(stop, towards: .loss), protecting: side)
    guard let target else { return ExitLevels(stop: stop, target: nil) }
    var measured = ground
    measured.risk = try risk(of: ground)
    let level = try measured.level(target, towards: .profit)
    return ExitLevels(stop: stop, target: instrument.targetPrice(level, closing: side))
  }

  /// R: how far the stop of the plan lies from the average entry, before it is put on the tick.
  public func risk(of ground: ExitGround) throws(ExitError) -> Price {
    let stop = try ground.level(stop, towards: .loss)
    do { return try (ground.averageEntry - stop).magnitude } catch { throw .amount(error) }
  }

  /// The average entry moved by what leaving costs: fees of both ways and slippage. Worked example:
  /// entry 100, fees 0.06 % each way, slippage 0.05 %: 100.17 for a long.
  ///
  /// - Parameter fees: Of both ways together, as a share of the price.
  public func breakEvenPrice(
    _ ground: ExitGround, fees: Ratio
  ) throws(ExitError) -> Price {
    let costs = fees + (breakEven?.slippage ?? .zero)
    do {
      return try ground.averageEntry.scaled(by: ground.side == .long ? .one + costs : .one - costs)
    } catch {
      throw .amount(error)
    }
  }
}
