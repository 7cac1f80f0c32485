import Risk
import Strategies
import TradingModel

// Partial targets: reduce-only limits of ours that rest beside the position. They follow its size, are
// taken up again after a restart, and go when it is closed: one cancels the other by our execution.

extension TradingEngine {
  mutating func arrangeTargets(of exposures: [Exposure]) {
    targets.keep(Set(exposures.map(\.key)))
    targets.age(at: now)
    let resting = account.sortedOrders.filter(TargetOrders.isTarget)
    for exposure in exposures { arrange(exposure, resting) }
    cancelLeftovers(resting, beside: exposures)
  }

  private mutating func arrange(_ exposure: Exposure, _ all: [Order]) {
    let (key, position) = (exposure.key, exposure.position)
    let resting = all.filter {
      $0.symbol == key.symbol && $0.slot == key.slot && $0.side == position.side.closing
    }
    guard care(for: exposure) == .full, locks.lock(.halted) == nil, !exposure.isPresumed,
      !differs(key), let plan = exitPlan(of: exposure), let instrument = instruments[key.symbol],
      !plan.partials.isEmpty || !resting.isEmpty, let watch = exits[key], watch.closing == nil,
      let taken = exits.taken(from: key), !entries.open.contains(where: { $0.key == key }),
      reductions.isSettled(key), !targets.isBusy(key),
      // A close cancels what rests: until it is done nothing is put in its way.
      !flattens.contains(where: { $0.blocksEntries(in: key.symbol) }),
      let wanted = ladder(plan, watch.ground, exposure, taken: taken, instrument)
    else { return }
    let sight = TargetOrders.Sight(
      open: position.quantity, taken: taken, resting: resting.map(\.step), wanted: wanted)
    guard targets.isSteady(key, sight, at: now) else { return }

    // Several may be the same.
    var missing = wanted
    var stale: [Order] = []
    for order in resting {
      if let place = missing.firstIndex(of: order.step) {
        missing.remove(at: place)
      } else {
        stale.append(order)
      }
    }
    guard stale.isEmpty else {
      // First the old ones, so that together they never exceed the position.
      for order in stale { cancelTarget(order, of: key) }
      return
    }
    guard !targets.mustWait(key, at: now) else { return }
    for step in missing { rest(step, for: exposure) }
  }

  private func ladder(
    _ plan: ExitPlan, _ ground: ExitGround, _ exposure: Exposure, taken: Quantity,
    _ instrument: Instrument
  ) -> [TargetStep]? {
    do {
      return try plan.ladder(
        ground, open: exposure.position.quantity, taken: taken, instrument: instrument)
    } catch {
      return nil
    }
  }

  private mutating func rest(_ step: TargetStep, for exposure: Exposure) {
    let id = ids.next(for: exposure.owner)
    targets.send(id, for: exposure.key, at: now)
    emit(
      .reduce(
        ReducingOrder(
          id: id, resting: step.price, for: exposure.position, quantity: step.quantity)))
  }

  /// Before a position is closed: together with what rests the close would be more than it holds,
  /// which a venue may refuse.
  mutating func cancelTargets(of position: Position) {
    for order in account.sortedOrders where TargetOrders.isTarget(order) {
      guard PositionKey(order.symbol, order.slot) == position.key,
        order.side == position.side.closing, !targets.isCancelling(order)
      else { continue }
      cancelTarget(order, of: position.key)
    }
  }

  private mutating func cancelTarget(_ order: Order, of key: PositionKey) {
    targets.cancel(order, of: key, at: now)
    emit(.cancel(order.reference))
    readings.want()
  }

  /// Targets of positions that are gone, or that turned round.
  private mutating func cancelLeftovers(_ resting: [Order], beside exposures: [Exposure]) {
    for order in resting {
      let key = PositionKey(order.symbol, order.slot)
      let guarded = exposures.contains {
        $0.key == key && $0.position.side.closing == order.side
      }
      guard !guarded, !settings.longterm.contains(order.symbol), !targets.isBusy(key),
        !flattens.contains(where: { $0.cares(for: key) }), book.holding(at: key) == nil,
        !entries.unsettled(after: account.lastReading).contains(where: { $0.key == key })
      else { continue }
      cancelTarget(order, of: key)
    }
  }

  // MARK: What came of them

  /// - Returns: False when the order was no target.
  mutating func targetFailed(_ request: OrderRequest, _ error: VenueError) -> Bool {
    guard let (key, isFirst) = targets.refused(request.id, at: now) else { return false }
    record(.orderFailed(request.id, error, at: now))
    readings.want()
    let failure = OrderFailure(error: error, id: request.id)
    // Reduce-only refused means that it is gone, more often than not: the reading tells.
    if isFirst, !failure.isReduceOnlyRefusal { tell(.p1, .orderFailed(key.symbol, failure)) }
    return true
  }

  /// An execution of a partial target.
  mutating func noteTarget(_ fill: Fill) {
    targets.hear(fill)
    guard isTarget(fill) else { return }
    exits.take(fill.closedQuantity, from: PositionKey(fill.symbol, fill.slot))
  }

  /// An engine's own order that closed: entries never do.
  func isTarget(_ fill: Fill) -> Bool {
    guard case .engine? = fill.orderID.owner else { return false }
    return fill.role == .placed && fill.closedQuantity > .zero
      && fill.closedQuantity == fill.quantity
  }
}

extension Order {
  /// What of it still rests.
  fileprivate var step: TargetStep {
    let price: Price = if case .limit(let price, _) = kind { price } else { .zero }
    return TargetStep(price: price, quantity: difference(quantity, filled) ?? .zero)
  }
}
