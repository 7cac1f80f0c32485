import Risk
import Strategies
import TradingModel

// Stops: seen, set, or the position closed.

extension TradingEngine {
  /// Every open position, sorted; those that only our executions tell of so far are presumed.
  var exposures: [Exposure] {
    let told = account.sortedPositions.map { position in
      Exposure(
        position: position,
        // The position may be told before its execution: then our own entry tells whose it is.
        owner: book.trip(of: position.key)?.owner ?? sender(of: position) ?? .manual,
        stop: account.stop(for: position, at: price(of: position.symbol)),
        plan: plans[position.key])
    }
    let presumed = book.keys.compactMap { key -> Exposure? in
      guard account.positions[key] == nil, let trip = book.trip(of: key),
        let held = book.holding(at: key), book.wasHeard(key, since: account.lastReading),
        !account.wasHeard(key, since: account.lastReading)
      else { return nil }
      let position = Position(
        key: key, side: held.side, quantity: held.quantity, entryPrice: trip.averageEntry,
        updatedAt: trip.openedAt)
      return Exposure(
        position: position, owner: trip.owner, stop: nil, plan: plans[key], isPresumed: true)
    }
    return (told + presumed).sorted { $0.key < $1.key }
  }

  mutating func protectPositions() {
    let exposures = exposures
    forgetPlans(keeping: exposures)
    watchExits(of: exposures)
    followAverageEntries(of: exposures)
    // A closure: the method itself, handed on, would be a copy of the whole engine.
    let sights = exposures.map { sight(of: $0) }
    let wishes = stops.judge(
      sights, at: now, lastReading: account.lastReading, lastTicket: readings.lastTicket)
    for wish in wishes { carryOut(wish) }
    manageExits(of: exposures)
    arrangeTargets(of: exposures)
  }

  private mutating func carryOut(_ wish: ProtectiveStops.Wish) {
    switch wish {
    case .read: readings.want()
    case .tell(let severity, let news): tell(severity, news)
    case .protect(let change):
      guard let protection = Protection(change, marketPrice: price(of: change.key.symbol)) else {
        return
      }
      emit(.protect(protection))
    case .close(let key):
      guard let position = account.positions[key] else { return }
      cancelTargets(of: position)
      _ = reduce(position, by: position.quantity, for: .emergency)
    }
  }

  private func sight(of exposure: Exposure) -> ProtectiveStops.Sight {
    ProtectiveStops.Sight(
      exposure: exposure, wanted: wantedProtection(of: exposure),
      price: price(of: exposure.position.symbol) ?? exposure.position.markPrice,
      care: care(for: exposure),
      canClose: account.positions[exposure.key] != nil
        && reductions.isFree(exposure.key, after: account.lastReading))
  }

  func care(for exposure: Exposure) -> ProtectiveStops.Care {
    if settings.longterm.contains(exposure.position.symbol) { return .none }
    if flattens.contains(where: { $0.cares(for: exposure.key) }) { return .none }
    return exposure.owner == .manual && !settings.protectManual ? .toldOnly : .full
  }

  /// By the engine's own percentages from the average entry; else what the entry brought; else,
  /// for a position that was found, the fallback distance from its entry.
  private func wantedProtection(of exposure: Exposure) -> ProtectionPlan? {
    let position = exposure.position
    // A stop that was moved inward is not forgotten with the one that vanished.
    let moved = exits[exposure.key]?.stop
    if var levels = levels(of: exposure) {
      levels.stop = position.side.tighter(levels.stop, moved)
      // A position that was found keeps the target it has.
      if exposure.plan == nil, position.target != nil { levels.target = nil }
      return levels
    }
    if var plan = exposure.plan, plan.stop != nil {
      plan.stop = position.side.tighter(plan.stop, moved)
      return plan
    }
    guard let instrument = instruments[position.symbol] else { return nil }
    do {
      let distance = position.side == .long ? -settings.fallbackStop : settings.fallbackStop
      let stop = try position.entryPrice.scaled(by: .one + distance)
      return ProtectionPlan(
        stop: position.side.tighter(
          instrument.stopPrice(stop, protecting: position.side), moved), target: nil)
    } catch {
      return nil
    }
  }

  /// A plan lives as long as its position or the entry that may still open it.
  private mutating func forgetPlans(keeping exposures: [Exposure]) {
    guard !plans.isEmpty || !entryLevels.isEmpty else { return }
    let open = Set(exposures.map(\.key))
    let pending = Set(entries.unsettled(after: account.lastReading).map(\.key))
    let isNeeded = { open.contains($0) || pending.contains($0) }
    // What the journal told is not on the venue's word before the first comparison.
    if !reconciliation.isFirst { entryLevels.keep(isNeeded) }
    guard !plans.keys.allSatisfy(isNeeded) else { return }
    plans = plans.filter { isNeeded($0.key) }
  }

  /// The executing venue's price of a symbol, while it is fresh.
  func price(of symbol: Symbol) -> Price? {
    markets[settings.priceVenue, symbol].worth(at: now)
  }
}
