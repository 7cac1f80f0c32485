import Risk
import Strategies
import TradingModel

// Exits: the stop follows the price, time runs out. Stops move inward only; outward they go for a new
// average entry alone (see `followAverageEntries`).

extension TradingEngine {
  /// How a position is to be left: by the settings of the engine that owns it; nil for positions by
  /// hand.
  func exitPlan(of exposure: Exposure) -> ExitPlan? {
    guard case .engine(let engine) = exposure.owner else { return nil }
    return exitPlan(of: engine, in: exposure.position.symbol)
  }

  func exitPlan(of engine: EngineName, in symbol: Symbol) -> ExitPlan? {
    guard engine == .liquidation, let settings = settings.liquidation else { return nil }
    return settings.parameters(for: symbol).exits
  }

  /// What the exits of a position are reckoned from; R as far as it is known.
  func ground(of exposure: Exposure, _ plan: ExitPlan) -> ExitGround {
    let position = exposure.position
    var ground = ExitGround(
      side: position.side, averageEntry: position.entryPrice,
      range: exits[exposure.key]?.ground.range ?? ranges.value(of: position.symbol, at: now))
    do { ground.risk = try plan.risk(of: ground) } catch { ground.risk = nil }
    return ground
  }

  /// Called with what every event about the account may call for, and on every tick.
  mutating func manageExits(of exposures: [Exposure]) {
    for exposure in exposures where !exposure.isPresumed && care(for: exposure) == .full {
      guard let plan = exitPlan(of: exposure),
        let instrument = instruments[exposure.position.symbol]
      else { continue }
      // Halted, engines manage nothing: the stops on the venue stand.
      guard locks.lock(.halted) == nil else { continue }
      judge(exposure, plan, instrument)
      closeIfAsked(exposure)
    }
  }

  /// Begins to watch what is to be exited by a plan. A difference to the venue is waited out: what is
  /// missing may be an execution of a target.
  mutating func watchExits(of exposures: [Exposure]) {
    exits.keep(Set(exposures.map(\.key)))
    for exposure in exposures
    where !exposure.isPresumed && care(for: exposure) == .full && !differs(exposure.key) {
      if let plan = exitPlan(of: exposure) { watch(exposure, plan) }
    }
  }

  private mutating func watch(_ exposure: Exposure, _ plan: ExitPlan) {
    let key = exposure.key
    let isNew = exits[key] == nil
    let price = exitPrice(of: exposure.position.symbol, by: plan.trigger)
    let trip = book.trip(of: key)
    exits.begin(
      key, averageEntry: trip?.averageEntry ?? exposure.position.entryPrice,
      ground: ground(of: exposure, plan), price: price, at: now)
    let ground = ground(of: exposure, plan)
    exits.measure(key, range: ground.range, risk: ground.risk)
    let gone = trip.flatMap { difference($0.quantity, exposure.position.quantity) } ?? .zero
    if isNew {
      exits.begin(taken: gone, from: key)
      if exposure.plan == nil { exits.takeOver(stopMovedBefore(exposure), of: key) }
    }
    if let price { exits.hear(price, of: key) }
  }

  /// Where the stop of a position from before the start had been moved to, when that is tighter than
  /// the plan's: what rests on the venue, else, where it vanished meanwhile, what the journal tells.
  private func stopMovedBefore(_ exposure: Exposure) -> Price? {
    let side = exposure.position.side
    let recorded = stopsBefore[exposure.key].flatMap { $0.side == side ? $0.stop : nil }
    guard let stop = exposure.stop ?? recorded else { return nil }
    guard let planned = levels(of: exposure)?.stop else { return stop }
    return side.isTighter(stop, than: planned) ? stop : nil
  }

  private mutating func judge(
    _ exposure: Exposure, _ plan: ExitPlan, _ instrument: Instrument
  ) {
    let key = exposure.key
    guard let watch = exits[key], watch.closing == nil else { return }
    let price = exitPrice(of: key.symbol, by: plan.trigger)
    let opened = book.trip(of: key)?.openedAt ?? exposure.position.createdAt
    if let opened,
      plan.isOverdue(watch.ground, openedAt: opened, price: price, fees: roundTripFees, now: now)
    {
      exits.close(key, for: .time, at: now)
      return
    }
    guard plan.movesStop, let price, let resting = exposure.stop,
      let move = plan.movedStop(
        watch.ground, best: watch.best, range: ranges.value(of: key.symbol, at: now),
        fees: roundTripFees, instrument: instrument)
    else { return }
    tighten(exposure, to: move, from: watch.ground.side.tighter(resting, watch.stop), price, plan)
  }

  /// Moves the stop inward, or closes where the market has passed it already.
  private mutating func tighten(
    _ exposure: Exposure, to move: StopMove, from standing: Price?, _ price: Price,
    _ plan: ExitPlan
  ) {
    let (key, side) = (exposure.key, exposure.position.side)
    guard let standing, side.isTighter(move.stop, than: standing),
      gain(from: standing, to: move.stop) >= move.leastGain, exits.mayMove(key, at: now)
    else { return }
    guard side.isTighter(price, than: move.stop) else {
      exits.close(key, for: move.reason, at: now)
      return
    }
    let change = ProtectionChange(
      key: key, side: side, stop: move.stop, target: nil, trigger: plan.trigger)
    guard let protection = Protection(change, marketPrice: price) else { return }
    exits.asked(key, stop: move.stop, reason: move.reason, at: now)
    record(
      .event(
        kind: "stop-moved", detail: "\(key): \(standing) to \(move.stop), \(move.reason.rawValue)",
        at: now))
    emit(.protect(protection))
  }

  /// Reduce-only, at market, the whole position; again until it is gone.
  private mutating func closeIfAsked(_ exposure: Exposure) {
    let key = exposure.key
    guard let closing = exits[key]?.closing, now >= closing.nextAt,
      reductions.isFree(key, after: account.lastReading), let position = account.positions[key]
    else { return }
    exits.closeSent(key, timings: settings.timings, at: now)
    cancelTargets(of: position)
    _ = reduce(position, by: position.quantity, for: .exit(closing.reason))
    readings.want()
  }

  private func gain(from old: Price, to new: Price) -> Price {
    do { return try (new - old).magnitude } catch { return .zero }
  }

  // MARK: Prices

  /// Fees of the way in and the way out.
  var roundTripFees: Ratio { settings.risk.takerFee + settings.risk.takerFee }

  /// The price that the plan is judged by, while it is fresh.
  func exitPrice(of symbol: Symbol, by trigger: TriggerSource) -> Price? {
    let market = markets[settings.priceVenue, symbol]
    switch trigger {
    case .last: return market.last?.fresh(at: now, within: .seconds(10))
    case .mark: return market.mark?.fresh(at: now, within: .seconds(10))
    // No engine's exits follow the index: the settings know last and mark.
    case .index: return nil
    }
  }

  /// A price of the executing venue: peaks between two ticks count.
  mutating func followPrice(of symbol: Symbol, at price: Price?, as kind: TriggerSource) {
    guard let price, exits.symbols.contains(symbol) else { return }
    for slot in PositionSlot.allCases {
      let key = PositionKey(symbol, slot)
      guard let trip = book.trip(of: key), case .engine(let engine) = trip.owner,
        exitPlan(of: engine, in: symbol)?.trigger == kind
      else { continue }
      exits.hear(price, of: key)
    }
  }

  // MARK: ATR

  /// Candles of what may be entered and what is held, where its exits are measured in ATR.
  mutating func followRanges() {
    guard now >= rangesNextAt else { return }
    rangesNextAt = now + .seconds(1)
    guard let liquidation = settings.liquidation, liquidation.usesRanges else { return }
    var wanted: [Symbol: RangeSettings] = [:]
    for symbol in allowlist.symbols + account.sortedPositions.map(\.symbol) {
      let plan = liquidation.parameters(for: symbol).exits
      if plan.usesRange { wanted[symbol] = plan.range }
    }
    ranges.follow(wanted, at: now)
    for request in ranges.due(at: now) { emit(.readCandles(request)) }
  }
}

extension LiquidationSettings {
  fileprivate var usesRanges: Bool {
    defaults.exits.usesRange || symbols.values.contains { $0.exits.usesRange }
  }
}
