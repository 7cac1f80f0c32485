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
    if order.isAccountWide {
      report.phases.append(.init(phase: .modulesOff, startedAt: now, endedAt: now))
    }
    begin(.cancel, at: now)
    stage = .cancelling
    report.ordersToCancel = strayOrders(scene.account).count
    reported = report
    reportedAt = now
    var steps: [Step] = [.report]
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
        giveUp(scene)
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
    guard lastRead != nil else { return [] }
    let steps = isScopeFixed ? [] : fixScope(scene)
    // A venue that is slow to cancel does not keep the positions open.
    let isOver =
      cancelsOpen.isEmpty || cancelAskedAt.map { scene.now - $0 >= .seconds(1) } ?? true
    if isOver {
      end(.cancel, at: scene.now)
      begin(.close, at: scene.now)
      stage = .closing
    }
    return steps
  }

  // MARK: Closing and verifying

  private mutating func closing(_ scene: Scene) -> [Step] {
    guard hasNews, let lastRead else { return [] }
    hasNews = false
    see(scene)
    var steps = tellFailures()
    let strays = strayOrders(scene.account)
    if !strays.isEmpty, nextCancelAt.map({ scene.now >= $0 }) ?? true {
      steps += cancel(Set(strays.map(\.symbol)).sorted().map(Optional.some), at: scene.now)
    }
    for place in heaviestFirst(scene.account) {
      steps += close(at: place, after: lastRead.number, scene)
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

  private mutating func close(at place: Int, after reading: UInt64, _ scene: Scene) -> [Step] {
    let target = targets[place]
    guard target.item.left > .zero, target.tries < timings.closeTries, scene.now >= target.nextAt,
      scene.reductions.isFree(target.key, after: reading),
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
    settle(at: scene.now)
    return []
  }

  private mutating func giveUp(_ scene: Scene) {
    report.items = targets.map(\.item)
    for item in report.left { warn("\(item.key): \(item.left) still open") }
    for entry in entriesUnderWay(scene, after: lastRead?.number ?? 0) {
      warn("\(entry.request.symbol): an entry may still open a position")
    }
    if lastRead == nil { warn("the account could not be read back") }
    settle(at: scene.now)
  }

  private mutating func settle(at now: Timestamp) {
    report.endedAt = now
    for phase in [FlattenReport.Phase.cancel, .close, .verify] { end(phase, at: now) }
    if order.isAccountWide {
      report.phases.append(.init(phase: .lock, startedAt: now, endedAt: now))
    }
    begin(.report, at: now)
    fillsAskedAt = nil
    stage = .settling(until: now + timings.fillsWithin)
  }

  private mutating func settling(until: Timestamp, at now: Timestamp) -> [Step] {
    report.items = targets.map(\.item)
    let isComplete = targets.allSatisfy(\.isExplained)
    guard isComplete || now >= until else {
      guard fillsAskedAt == nil, until - now <= timings.fillsWithin * 3 / 4 else { return [] }
      fillsAskedAt = now
      return [.readFills(since: order.since - .seconds(5))]
    }
    if !isComplete { warn("some executions were not told in time: the result is not whole") }
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
