import Risk
import TradingModel

// Who flattens, joins, waits, and what is told of it.

extension TradingEngine {
  /// Starts a flatten, or joins one that does the same. One of the whole account takes over every
  /// close; a close waits behind another that wants the same positions.
  mutating func flatten(_ order: FlattenOrder) {
    // What a person wants closed does not wait behind a reduction.
    if order.cause != .margin { flattens.removeAll { !$0.isEnded && $0.order.isReduction } }
    if let place = flattens.firstIndex(where: { !$0.isEnded && $0.order.covers(order) }) {
      join(place, order)
      return
    }
    var order = order
    if order.isAccountWide {
      // It does what every lock that is not flat yet waits for.
      order.locks += [Lock.Kind.day, .panic].filter {
        !order.locks.contains($0) && locks.lock($0)?.isFlat == false
      }
      if order.locks.contains(.panic), isToTakeLongterm { order.longterm = [] }
      for other in flattens where !other.isEnded { takeOver(other, by: &order) }
      flattens.removeAll { !$0.isEnded }
    }
    flattenCount += 1
    flattens.append(
      Flatten(
        number: flattenCount, order: order, timings: settings.timings, at: now,
        isUnrecorded: !standing.isJournalWorking))
    startWaiting()
  }

  private mutating func join(_ place: Int, _ order: FlattenOrder) {
    let leader = flattens[place].order.commands.first
    flattens[place].join(order)
    for command in order.commands {
      tellJoined(command, leader: leader, report: flattens[place].report)
    }
  }

  private mutating func takeOver(_ other: Flatten, by order: inout FlattenOrder) {
    for command in other.order.commands {
      tellJoined(command, leader: order.commands.first, report: other.report)
    }
    order.commands += other.order.commands
  }

  /// Where there is no command to name, the report alone goes on.
  private mutating func tellJoined(
    _ command: CommandID, leader: CommandID?, report: FlattenReport
  ) {
    guard let leader, leader != command else {
      progress(command, .working(report))
      return
    }
    progress(command, .finished(.joined(leader)))
  }

  private mutating func startWaiting() {
    for place in flattens.indices where flattens[place].stage == .waiting {
      let order = flattens[place].order
      let isBehind = flattens[..<place].contains { !$0.isEnded && $0.order.overlaps(order) }
      guard !isBehind else { continue }
      let scene = scene(of: order)
      let steps = flattens[place].begin(scene)
      carryOut(steps, of: flattens[place].number)
      guard order.isAccountWide, !order.commands.isEmpty else { continue }
      tell(.p1, .flattening(flattens[place].report))
    }
  }

  mutating func advanceFlattens() {
    for number in flattens.map(\.number) {
      guard let place = flattens.firstIndex(where: { $0.number == number }) else { continue }
      let scene = scene(of: flattens[place].order)
      carryOut(flattens[place].advance(scene), of: number)
    }
  }

  private func scene(of order: FlattenOrder) -> Flatten.Scene {
    Flatten.Scene(
      now: now, account: order.isAccountWide ? account.withForeign : account,
      reductions: reductions, entries: entries, book: book,
      instruments: instruments)
  }

  private mutating func carryOut(_ steps: [Flatten.Step], of number: Int) {
    for step in steps {
      guard let place = flattens.firstIndex(where: { $0.number == number }) else { return }
      switch step {
      case .cancelAll(let symbol): emit(.cancelAll(symbol: symbol, keepingProtection: true))
      case .cancel(let reference): emit(.cancel(reference))
      case .read:
        let ticket = readings.issue()
        flattens[place].asked(ticket, at: now)
        emit(.readAccount(ticket))
      case .readFills(let start): readFills(since: start)
      case .close(let position, let quantity):
        let id = reduce(
          position, by: quantity, for: .flatten(number: number),
          command: flattens[place].order.cause.command)
        flattens[place].closes.insert(id)
      case .tell(let severity, let news): tell(severity, news)
      case .arm: settleLocks(flattens[place].order.locks, flattens[place].report)
      case .mark(let phase): emit(.mark(FlattenMark(number: number, phase: phase)))
      case .report:
        let report = flattens[place].report
        for command in flattens[place].order.commands { progress(command, .working(report)) }
      case .finished: finish(flattens.remove(at: place))
      }
    }
  }

  // MARK: The end

  private mutating func finish(_ flatten: Flatten) {
    var report = flatten.report
    report.isUnrecorded = report.isUnrecorded || !standing.isJournalWorking
    showPanic(flatten.order.locks, report)
    planRetry(of: flatten.order, report)
    record(.event(kind: "flattened", detail: report.summary, at: now))
    tellEnd(of: flatten.order, report)
    let outcome = outcome(of: flatten.order, report)
    for command in flatten.order.commands { progress(command, .finished(outcome)) }
    writeDay()
    if flatten.order.locks.contains(.day), report.isFlat { writeDayResult() }
    startWaiting()
  }

  /// The whole report, with what the closes came to. Another panic may have begun meanwhile: the file
  /// is that one's.
  private mutating func showPanic(_ kinds: [Lock.Kind], _ report: FlattenReport) {
    guard kinds.contains(.panic), let lock = locks.lock(.panic),
      !flattens.contains(where: { $0.order.locks.contains(.panic) })
    else { return }
    emit(.writeStateFile(.panicLock(report, lock)))
  }

  /// The locks learn whether the account is flat; the panic file gets the report.
  private mutating func settleLocks(_ kinds: [Lock.Kind], _ report: FlattenReport) {
    for kind in kinds.sorted() {
      guard var lock = locks.lock(kind) else { continue }
      lock.isFlat = report.isFlat
      if kind == .panic { emit(.writeStateFile(.panicLock(report, lock))) }
      if report.isFlat { lock.takesLongterm = false }
      arm(lock)
    }
  }

  // MARK: Not given up

  private mutating func planRetry(of order: FlattenOrder, _ report: FlattenReport) {
    guard order.isAccountWide else { return }
    guard !report.isFlat, !isToldToKeep else {
      flattenRetry = nil
      return
    }
    var next = order
    // Those who waited were told the outcome.
    next.commands = []
    next.isResumed = false
    next.since = now
    flattenRetry = FlattenRetry(of: next, after: flattenRetry, at: now)
  }

  /// The lock stands and is not flat: begin again.
  mutating func retryFlatten() {
    guard let retry = flattenRetry, now >= retry.at,
      !flattens.contains(where: { $0.order.isAccountWide })
    else { return }
    guard retry.order.locks.contains(where: { locks.lock($0)?.isFlat == false }),
      !isToldToKeep
    else {
      flattenRetry = nil
      return
    }
    flatten(retry.order)
  }

  private mutating func tellEnd(of order: FlattenOrder, _ report: FlattenReport) {
    if order.isReduction { return reducedForMargin(report) }
    if !report.isFlat { tell(.p0, .notFlat(report)) }
    switch report.cause {
    case .close: break
    case .dayStop, .dayTarget:
      let view = dayView
      tell(.p1, .dayFlattened(report, result: view?.result, amount: view?.net))
    case .kill, .panic, .margin:
      if report.isFlat { tell(.p1, .flattened(report)) }
    }
  }

  private func outcome(of order: FlattenOrder, _ report: FlattenReport) -> CommandOutcome {
    let didNothing = report.items.isEmpty && report.ordersCancelled == 0 && report.isFlat
    if !order.isAccountWide, didNothing { return .refused(.nothingOpen) }
    return .flattened(report)
  }

  mutating func progress(_ command: CommandID, _ stage: CommandProgress.Stage) {
    emit(.progress(CommandProgress(id: command, stage: stage, at: now)))
  }
}

extension FlattenReport {
  /// One line for the journal.
  fileprivate var summary: String {
    let open = left.map { "\($0.key) \($0.left)" }.joined(separator: ", ")
    return isFlat
      ? "\(items.count) closed, \(ordersCancelled) cancelled, result \(realised), fees \(fees)"
      : "not flat: \(open.isEmpty ? "could not be read back" : open)"
  }
}
