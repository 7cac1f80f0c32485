import Risk
import TradingModel

// What a flatten does next.

extension Flatten {
  /// What it may know when it decides.
  struct Scene: Sendable {
    var now: Timestamp
    var account: AccountView
    var reductions: Reductions
    var entries: EntryOrders
    var book: PositionBook
    var instruments: [Symbol: Instrument]
  }

  mutating func begin(_ scene: Scene) -> [Step] {
    let now = scene.now
    report.startedAt = now
    if order.isAccountWide { begin(.modulesOff, at: now) }
    begin(.cancel, at: now)
    stage = .cancelling
    report.ordersToCancel = strayOrders(scene.account).count
    reported = report
    reportedAt = now
    // The lock is written down before anything leaves.
    var steps: [Step] = order.isAccountWide ? [.mark(.modulesOff), .report] : [.report]
    if order.isResumed {
      isWaitingForFills = true
      fillsAskedAt = now
      steps.append(.readFills(since: order.since))
    }
    return steps + cancelKnownScope(scene) + [.read]
  }

  /// Called after everything that may have changed something, and on every tick.
  mutating func advance(_ scene: Scene) -> [Step] {
    guard isRunning else { return [] }
    let phases = report.phases.count
    var steps: [Step] = []
    if stage == .cancelling { steps += cancelling(scene) }
    if stage == .closing { steps += closing(scene) }
    if stage == .cancelling || stage == .closing {
      if scene.now - report.startedAt >= timings.flattenLimit {
        steps += giveUp(scene)
      } else if !steps.contains(where: \.isClose), beginVerifying(scene) {
        steps.append(.read)
      } else {
        steps += readIfDue(at: scene.now)
      }
    }
    if case .settling(let until) = stage { steps += settling(until: until, at: scene.now) }
    if stage == .finished { return steps + [.finished] }
    if isReportDue(at: scene.now, isNewPhase: phases != report.phases.count) {
      reported = report
      reportedAt = scene.now
      steps.append(.report)
    }
    return steps
  }

  // MARK: Cancelling

  private mutating func cancelling(_ scene: Scene) -> [Step] {
    if isWaitingForFills, let asked = fillsAskedAt, scene.now - asked < .seconds(3) { return [] }
    guard lastRead != nil || knowsPositions(scene) else { return [] }
    let steps = isScopeFixed || lastRead == nil ? [] : fixScope(scene)
    // A venue that is slow to cancel does not keep the positions open.
    let isOver =
      cancelsOpen.isEmpty && singlesOpen.isEmpty
      || cancelAskedAt.map { scene.now - $0 >= .seconds(1) } ?? true
    if isOver {
      end(.cancel, at: scene.now)
      begin(.close, at: scene.now)
      stage = .closing
    }
    return steps
  }

  // MARK: Closing what is known

  /// Positions told before the first reading of its own may be closed at once: reduce-only, nothing
  /// worse can come of an old word. A share, losers and winners are those of a reading.
  private func knowsPositions(_ scene: Scene) -> Bool {
    !isPartial && !isSelective
      && scene.account.positions.values.contains { isInScope($0.symbol) }
  }

  /// The account was not read yet, or can't be: closed is what was told, and flat is nothing. A close
  /// that was taken is not sent again, because only the stream or a reading shows what came of it.
  private mutating func closingUnread(_ scene: Scene) -> [Step] {
    see(scene)
    var steps = tellFailures()
    for place in heaviestFirst(scene.account) {
      guard scene.reductions.isSettled(targets[place].key) else { continue }
      steps += close(at: place, scene)
    }
    report.items = targets.map(\.item)
    return steps
  }

  // MARK: Closing and verifying

  private mutating func closing(_ scene: Scene) -> [Step] {
    guard let lastRead else { return closingUnread(scene) }
    guard hasNews else { return [] }
    hasNews = false
    var steps = isScopeFixed ? [] : fixScope(scene)
    see(scene)
    steps += tellFailures()
    let strays = strayOrders(scene.account)
    if !strays.isEmpty, nextCancelAt.map({ scene.now >= $0 }) ?? true {
      steps += cancelStrays(strays, at: scene.now)
    }
    for place in heaviestFirst(scene.account) {
      guard scene.reductions.isFree(targets[place].key, after: lastRead.number) else { continue }
      steps += close(at: place, scene)
    }
    let isDone = targets.allSatisfy { $0.item.left.isZero } && strays.isEmpty
    if isDone, entriesUnderWay(scene, after: lastRead.number).isEmpty {
      steps += confirmFlat(askedAt: lastRead.askedAt, scene)
    } else {
      report.flatReadings = 0
      flatAskedAt = nil
    }
    report.items = targets.map(\.item)
    return steps
  }

  private mutating func see(_ scene: Scene) {
    addLateArrivals(scene)
    for place in targets.indices {
      let key = targets[place].key
      targets[place].see(
        scene.account.positions[key],
        smallest: scene.instruments[key.symbol]?.minQuantity ?? .zero, at: scene.now)
    }
  }

  /// Should the venue's limits let only some go at once, then those that weigh most: by what they tie
  /// up where margin is to be freed, else by their value.
  private func heaviestFirst(_ account: AccountView) -> [Int] {
    let weights = targets.map { target -> Notional in
      let position = account.positions[target.key]
      return (order.isReduction ? position?.marginInUse : position?.notional) ?? .zero
    }
    return targets.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }
  }

  private mutating func close(at place: Int, _ scene: Scene) -> [Step] {
    let target = targets[place]
    guard target.item.left > .zero, target.tries < timings.closeTries, scene.now >= target.nextAt,
      let position = scene.account.positions[target.key]
    else { return [] }
    targets[place].tries += 1
    targets[place].item.tries += 1
    let wait = timings.closeBackoff * (1 << min(target.tries, 10))
    targets[place].nextAt = scene.now + min(wait, timings.closeBackoffMost)
    return [.close(position, target.item.left)]
  }

  private mutating func tellFailures() -> [Step] {
    targets.indices.compactMap { place in
      let item = targets[place].item
      guard let failure = item.failure, !targets[place].isFailureTold, item.left > .zero else {
        return nil
      }
      targets[place].isFailureTold = true
      return .tell(.p0, .closeFailed(item.key, failure, tries: item.tries))
    }
  }

  /// The closes are out and answered: from here on it is verifying.
  /// - Returns: True where that begins now and all that was sent was taken: then the next reading need
  ///   not be waited for. What was refused is given the time to show why.
  private mutating func beginVerifying(_ scene: Scene) -> Bool {
    guard stage == .closing, report.phases.last?.phase == .close else { return false }
    let isOut = targets.allSatisfy {
      $0.item.left.isZero || $0.item.tries > 0 && scene.reductions.isAnswered($0.key)
    }
    guard isOut else { return false }
    end(.close, at: scene.now)
    begin(.verify, at: scene.now)
    let isTaken = targets.allSatisfy { $0.item.failure == nil }
    return isTaken && targets.contains { $0.item.tries > 0 && $0.item.left > .zero }
  }

  // MARK: Flat

  private mutating func confirmFlat(askedAt: Timestamp, _ scene: Scene) -> [Step] {
    let leftovers = leftoverProtection(scene.account)
    guard let first = flatAskedAt else {
      flatAskedAt = askedAt
      report.flatReadings = 1
      // Stops of positions that are gone guard nothing.
      return leftovers.map { .cancel($0.reference) }
    }
    guard askedAt - first >= timings.flatConfirmed else { return [] }
    report.flatReadings += 1
    if !leftovers.isEmpty { warn("stops of closed positions still rest on the venue") }
    return settle(at: scene.now)
  }

  private mutating func giveUp(_ scene: Scene) -> [Step] {
    report.items = targets.map(\.item)
    for item in report.left { warn("\(item.key): \(item.left) still open") }
    for entry in entriesUnderWay(scene, after: lastRead?.number ?? 0) {
      warn("\(entry.request.symbol): an entry may still open a position")
    }
    if lastRead == nil { warn("the account could not be read back") }
    return settle(at: scene.now)
  }

  private mutating func settle(at now: Timestamp) -> [Step] {
    report.endedAt = now
    for phase in [FlattenReport.Phase.modulesOff, .cancel, .close, .verify] { end(phase, at: now) }
    fillsAskedAt = nil
    stage = .settling(until: now + timings.fillsWithin)
    guard order.isAccountWide else {
      begin(.report, at: now)
      return []
    }
    begin(.lock, at: now)
    return [.arm, .mark(.lock)]
  }

  /// What was written down for a phase is written.
  mutating func reached(_ phase: FlattenReport.Phase, at now: Timestamp) {
    end(phase, at: now)
    if phase == .lock, stage != .finished { begin(.report, at: now) }
    guard phase == .modulesOff else { return }
    // What is cancelled has waited for it.
    for place in report.phases.indices
    where report.phases[place].phase == .cancel && report.phases[place].endedAt == nil {
      report.phases[place].startedAt = now
    }
  }

  private mutating func settling(until: Timestamp, at now: Timestamp) -> [Step] {
    report.items = targets.map(\.item)
    let isLocked = report.phases.last?.phase == .report
    let isComplete = isLocked && targets.allSatisfy(\.isExplained)
    guard isComplete || now >= until else {
      guard fillsAskedAt == nil, until - now <= timings.fillsWithin * 3 / 4 else { return [] }
      fillsAskedAt = now
      return [.readFills(since: order.since - .seconds(5))]
    }
    if !isLocked { reached(.lock, at: now) }
    if !targets.allSatisfy(\.isExplained) {
      warn("some executions were not told in time: the result is not whole")
    }
    let foreign = targets.filter { $0.isForeign && $0.item.left.isZero }.map(\.key.symbol.name)
    if !foreign.isEmpty {
      warn("no USDT perpetuals, not in the result: \(foreign.joined(separator: ", "))")
    }
    end(.report, at: now)
    stage = .finished
    return []
  }

  // MARK: Pace

  private mutating func readIfDue(at now: Timestamp) -> [Step] {
    if isAwaited, let askedAt {
      // Waiting longer than this costs more than asking again.
      guard now - askedAt >= .seconds(3) else { return [] }
      isLate()
    }
    if let readNotBefore, now < readNotBefore { return [] }
    return now >= nextReadAt ? [.read] : []
  }

  private var nextReadAt: Timestamp {
    guard let askedAt else { return report.startedAt }
    if let flatAskedAt { return max(askedAt, flatAskedAt + timings.flatConfirmed) }
    let wait = timings.verifyEvery * (1 << min(readFailures, 6))
    return askedAt + min(wait, timings.closeBackoffMost)
  }

  private func isReportDue(at now: Timestamp, isNewPhase: Bool) -> Bool {
    guard report != reported else { return false }
    guard let reportedAt, !isNewPhase else { return true }
    return now - reportedAt >= timings.progressEvery
  }

  // MARK: Phases

  private mutating func begin(_ phase: FlattenReport.Phase, at now: Timestamp) {
    report.phases.append(.init(phase: phase, startedAt: now))
  }

  private mutating func end(_ phase: FlattenReport.Phase, at now: Timestamp) {
    for place in report.phases.indices
    where report.phases[place].phase == phase && report.phases[place].endedAt == nil {
      report.phases[place].endedAt = now
    }
  }
}
