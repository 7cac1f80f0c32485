import Risk
import Strategies
import TradingModel

// Stop and target belong to the average entry, which is known only once an entry has filled: those
// that came with the order are of the price that the signal saw.

extension TradingEngine {
  /// Sets stop and target anew, once for each average entry of a position that an engine owns.
  ///
  /// What rests stays until the venue has taken the new ones, and for good where it refuses them:
  /// the position is never without a stop. A price that moves changes nothing. Whose plan it is, the
  /// owner says: so it is known after a restart, too.
  mutating func followAverageEntries(of exposures: [Exposure]) {
    // Halted, engines manage nothing: the stops on the venue stand.
    guard locks.lock(.halted) == nil else { return }
    for exposure in exposures where isSettled(exposure) {
      let (key, side) = (exposure.key, exposure.position.side)
      guard let trip = book.trip(of: key), let standing = exposure.stop,
        let tick = instruments[key.symbol]?.tickSize,
        entryLevels.isDue(key, for: trip.averageEntry, tick: tick, at: now),
        exits.isIdle(key, at: now), exits[key]?.closing == nil, var plan = levels(of: exposure)
      else { continue }
      // Already moved inward for this very average: it stays there.
      plan.stop = side.tighter(plan.stop, exits[key]?.stop)
      let change = ProtectionChange(
        key: key, side: side, stop: plan.stop, target: plan.target, trigger: plan.trigger)
      guard differs(exposure, standing, from: plan, tick: tick) else {
        levelsStand(key, for: trip.averageEntry, stop: standing)
        continue
      }
      // Beyond the market already the venue would refuse them: the old ones stand until it is back.
      guard let protection = Protection(change, marketPrice: price(of: key.symbol)) else {
        continue
      }
      if exposure.plan != nil { plans[key] = plan }
      exits.asked(key, stop: plan.stop, reason: nil, at: now)
      entryLevels.asked(change, for: trip.averageEntry, at: now)
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
    exposure.stop != nil && !exposure.isPresumed && care(for: exposure) == .full
      && !differs(exposure.key) && !entries.open.contains { $0.key == exposure.key }
  }

  /// Whether stop or target on the venue lie a tick or more from those of `plan`.
  private func differs(
    _ exposure: Exposure, _ stop: Price, from plan: ProtectionPlan, tick: Price
  ) -> Bool {
    func differs(_ resting: Price?, _ wanted: Price?) -> Bool {
      guard let resting, let wanted else { return wanted != nil }
      return abs(resting.wideCount - wanted.wideCount) >= tick.wideCount
    }
    return differs(stop, plan.stop)
      || differs(account.target(for: exposure.position), plan.target)
  }

  // MARK: What came of it

  private mutating func levelsStand(_ key: PositionKey, for entry: Price, stop: Price) {
    if entryLevels.settle(key, for: entry) { tell(.p2, .stopSet(key, stop: stop)) }
  }

  mutating func levelsSet(_ change: ProtectionChange) {
    guard entryLevels.acknowledged(change) == true, let stop = change.stop else { return }
    tell(.p2, .stopSet(change.key, stop: stop))
  }

  mutating func levelsRefused(_ change: ProtectionChange, _ error: VenueError) {
    if case .rejected(let rejection) = error, rejection.meaning == .notModified {
      levelsSet(change)
      return
    }
    guard let isTold = entryLevels.refused(change, error, at: now) else { return }
    // What stands there now decides, not what we believe.
    readings.want()
    guard isTold, let wanted = change.stop, let position = account.positions[change.key],
      let standing = account.stop(for: position, at: price(of: position.symbol))
    else { return }
    tell(.p1, .stopNotMoved(change.key, standing: standing, wanted: wanted, error))
  }
}
