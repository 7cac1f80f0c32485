import TradingModel

/// Why a position is left before its stop or target on the venue.
public enum ExitReason: String, Sendable, Hashable, Codable {
  case breakEven = "break-even"
  case trailing = "trailing stop"
  case time = "time"
}

/// A stop that follows the price.
public struct StopMove: Sendable, Hashable {
  public var stop: Price
  public var reason: ExitReason
  /// It is worth a request when it gains at least this on the one that rests.
  public var leastGain: Price

  public init(stop: Price, reason: ExitReason, leastGain: Price) {
    self.stop = stop
    self.reason = reason
    self.leastGain = leastGain
  }
}

extension ExitPlan {
  /// The stop that the best price so far asks for, on the tick; nil while nothing asks for one.
  ///
  /// Of break-even and trailing the one that protects more. Whether it is better than what rests is
  /// the caller's question: a stop never moves outward.
  ///
  /// - Parameters:
  ///   - best: The best price since the average entry was made.
  ///   - range: The ATR of now, for a callback in ATR; nil takes that of the entry.
  ///   - fees: Of both ways together, as a share of the price.
  public func movedStop(
    _ ground: ExitGround, best: Price, range: Price?, fees: Ratio, instrument: Instrument
  ) -> StopMove? {
    let moves = [
      breakEvenMove(ground, best: best, fees: fees, instrument: instrument),
      trailingMove(ground, best: best, range: range, instrument: instrument),
    ].compactMap { $0 }
    return moves.max { ground.side.isTighter($1.stop, than: $0.stop) }
  }

  private func breakEvenMove(
    _ ground: ExitGround, best: Price, fees: Ratio, instrument: Instrument
  ) -> StopMove? {
    guard let breakEven else { return nil }
    do {
      let after = try ground.level(breakEven.after, towards: .profit)
      let stop = instrument.stopPrice(
        try breakEvenPrice(ground, fees: fees), protecting: ground.side)
      // A threshold nearer than the costs waits until the market has passed them.
      guard ground.hasReached(after, at: best), ground.side.isTighter(best, than: stop) else {
        return nil
      }
      return StopMove(stop: stop, reason: .breakEven, leastGain: instrument.tickSize)
    } catch {
      return nil
    }
  }

  private func trailingMove(
    _ ground: ExitGround, best: Price, range: Price?, instrument: Instrument
  ) -> StopMove? {
    guard let trailing else { return nil }
    do {
      let after = try ground.level(trailing.after, towards: .profit)
      guard ground.hasReached(after, at: best) else { return nil }
      // The callback is measured from the best price as a stop is from an entry.
      let peak = ExitGround(
        side: ground.side, averageEntry: best, range: range ?? ground.range, risk: ground.risk)
      let stop = try peak.level(trailing.callback, towards: .loss)
      return StopMove(
        stop: instrument.stopPrice(stop, protecting: ground.side), reason: .trailing,
        leastGain: max(instrument.tickSize, try best.scaled(by: trailing.step)))
    } catch {
      return nil
    }
  }

  /// Whether time is up for a position opened at `openedAt`.
  ///
  /// - Parameter price: The market; unknown is taken for no profit only where winners are not spared.
  public func isOverdue(
    _ ground: ExitGround, openedAt: Timestamp, price: Price?, fees: Ratio, now: Timestamp
  ) -> Bool {
    guard let timeLimit, now - openedAt >= timeLimit.after else { return false }
    guard timeLimit.sparesProfit else { return true }
    guard let price else { return false }
    do {
      return !ground.side.isTighter(price, than: try breakEvenPrice(ground, fees: fees))
    } catch {
      return false
    }
  }
}
