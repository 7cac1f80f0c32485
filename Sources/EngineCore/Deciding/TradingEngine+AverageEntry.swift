import Risk
import Strategies
import TradingModel

// Stop and target belong to the average entry, which is known only once an entry has filled: those
// that came with the order are of the price that the signal saw.

extension TradingEngine {
  /// Sets stop and target anew, once for each average entry of a position that we opened.
  ///
  /// What rests stays until the venue has taken the new ones, and for good where it refuses them:
  /// the position is never without a stop. A price that moves changes nothing.
  mutating func followAverageEntries(of exposures: [Exposure]) {
    for exposure in exposures where isSettled(exposure) {
      guard let trip = book.trip(of: exposure.key),
        plans[exposure.key]?.averageEntry != trip.averageEntry,
        var plan = levels(of: exposure), exits.isIdle(exposure.key, at: now)
      else { continue }
      plan.averageEntry = trip.averageEntry
      // Already moved inward for this very average: it stays there.
      plan.stop = exposure.position.side.tighter(plan.stop, exits[exposure.key]?.stop)
      plans[exposure.key] = plan
      guard rests(exposure, otherThan: plan) else { continue }
      let change = ProtectionChange(
        key: exposure.key, side: exposure.position.side, stop: plan.stop, target: plan.target,
        trigger: plan.trigger)
      // Beyond the market already the venue would refuse them.
      guard
        let protection = Protection(change, marketPrice: price(of: exposure.position.symbol))
      else { continue }
      exits.asked(exposure.key, stop: plan.stop, reason: nil, at: now)
      emit(.protect(protection))
    }
  }

  /// By the plan of the owning engine from the average entry, on the tick; nil for a position without
  /// a plan, and where it can't be computed.
  func levels(of exposure: Exposure) -> ProtectionPlan? {
    let position = exposure.position
    guard let plan = exitPlan(of: exposure), let instrument = instruments[position.symbol] else {
      return nil
    }
    do {
      let levels = try plan.levels(ground(of: exposure, plan), instrument: instrument)
      return ProtectionPlan(stop: levels.stop, target: levels.target, trigger: plan.trigger)
    } catch {
      return nil
    }
  }

  /// An entry of ours that is whole, its stop seen on the venue, and the venue's figures are those
  /// of all executions that we know.
  private func isSettled(_ exposure: Exposure) -> Bool {
    exposure.plan != nil && exposure.stop != nil && !exposure.isPresumed
      && care(for: exposure) == .full && !differs(exposure.key)
      && !entries.open.contains { $0.key == exposure.key }
  }

  /// Whether stop or target on the venue lie a tick or more from those of `plan`.
  private func rests(_ exposure: Exposure, otherThan plan: ProtectionPlan) -> Bool {
    guard let tick = instruments[exposure.position.symbol]?.tickSize else { return false }
    func differs(_ resting: Price?, _ wanted: Price?) -> Bool {
      guard let resting, let wanted else { return wanted != nil }
      return abs(resting.wideCount - wanted.wideCount) >= tick.wideCount
    }
    return differs(exposure.stop, plan.stop) || differs(exposure.position.target, plan.target)
  }
}
