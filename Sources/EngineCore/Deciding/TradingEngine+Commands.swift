import Risk
import TradingModel

// What the operator says.

extension TradingEngine {
  mutating func obey(_ command: OperatorCommand) {
    // The same command twice has one effect, even when taken up again while it runs.
    guard commandsSeen.insert(command.id) else { return }
    guard standing.isBooted else {
      return finish(command, .refused(.accountUnknown(why: "the bot is still starting")))
    }
    switch command.deed {
    case .close(let scope, let share, let thenPause):
      close(scope, share: share, thenPause: thenPause, command)
    case .kill(let flatten): flatten ? killAndFlatten(command) : kill(command)
    case .panic: panic(command, sparing: settings.longterm)
    case .panicWithLongterm: panic(command, sparing: [])
    case .unlock: beginUnlock(command)
    case .pause(let engine, let duration): pause(engine, for: duration, command)
    case .resume(let engine): finish(command, resume(engine))
    case .allow(let symbols, let duration): finish(command, allow(symbols, duration, command))
    case .deny(let symbols, let duration): finish(command, deny(symbols, duration, command))
    }
  }

  mutating func finish(_ command: OperatorCommand, _ outcome: CommandOutcome) {
    progress(command.id, .finished(outcome))
  }

  // MARK: Closing

  private mutating func close(
    _ scope: CloseScope, share: Ratio, thenPause: Bool, _ command: OperatorCommand
  ) {
    if thenPause { pauseOwners(of: scope, command) }
    flatten(
      order(.close(command.id), scope: .close(scope.sorted, share: share), command, locks: []))
  }

  /// Pauses the engines that hold what is closed; all of them for a scope without symbols.
  private mutating func pauseOwners(of scope: CloseScope, _ command: OperatorCommand) {
    var engines: [EngineName?] = [nil]
    if case .symbols(let symbols) = scope {
      let owners = symbols.compactMap { book.owner(of: $0) }
      engines = Set(owners.compactMap(\.engine)).sorted().map(Optional.some)
    }
    for engine in engines {
      arm(Lock(kind: .paused(engine), reason: "by \(command.by)", since: now))
    }
  }

  /// The lock is durable before the first order leaves, and shown to other programs at once.
  private mutating func panic(_ command: OperatorCommand, sparing longterm: Set<Symbol>) {
    let why = command.why.isEmpty ? "" : ": \(command.why)"
    armPanic(
      by: command.by, reason: "by \(command.by)\(why)", .panic(command.id),
      takesLongterm: longterm.isEmpty && !settings.longterm.isEmpty)
    var order = order(.panic(command.id), scope: .account, command, locks: [.panic])
    order.longterm = longterm
    flatten(order)
  }

  private mutating func killAndFlatten(_ command: OperatorCommand) {
    arm(Lock(kind: .halted, reason: "by \(command.by)", since: now))
    armPanic(by: command.by, reason: "by \(command.by)", .panic(command.id))
    flatten(order(.kill(command.id), scope: .account, command, locks: [.panic]))
  }

  /// What an earlier panic still has to close stays to be closed.
  mutating func armPanic(
    by person: String, reason: String, _ cause: FlattenReport.Cause, takesLongterm: Bool = false
  ) {
    takeBackKeeping()
    let lock = Lock.panic(
      reason: reason, at: now, isFlat: false, takesLongterm: takesLongterm || isToTakeLongterm)
    arm(lock)
    let report = FlattenReport(
      cause: cause, by: person, startedAt: now, isUnrecorded: !standing.isJournalWorking)
    emit(.writeStateFile(.panicLock(report, lock)))
  }

  private func order(
    _ cause: FlattenReport.Cause, scope: FlattenOrder.Scope, _ command: OperatorCommand,
    locks: [Lock.Kind]
  ) -> FlattenOrder {
    FlattenOrder(
      cause: cause, scope: scope, by: command.by, commands: [command.id],
      since: command.isResumed ? command.at : now, isResumed: command.isResumed,
      longterm: settings.longterm, locks: locks)
  }

  // MARK: Kill

  private mutating func kill(_ command: OperatorCommand) {
    // That positions are kept is written down with the lock: it is `isFlat` no more.
    let lock = Lock(kind: .halted, reason: "by \(command.by)", since: now, isFlat: false)
    arm(lock)
    tell(.p2, .locked(lock))
    let references = ownEntryOrders
    for reference in references { emit(.cancel(reference)) }
    halts.append(
      Halt(
        command: command.id, since: now, enginesOff: settings.modules.count,
        waiting: references))
    finishHalts()
  }

  /// Open entry orders of the engines, whether this process sent them or one before it.
  var ownEntryOrders: [OrderReference] {
    let sent = entries.open
    let resting = account.sortedOrders.filter { order in
      guard case .engine? = order.id.owner, !order.isProtective, !order.reduceOnly,
        !TargetOrders.isTarget(order)
      else {
        return false
      }
      return !sent.contains { $0.request.id == order.id }
    }
    return sent.map(\.reference) + resting.map(\.reference)
  }

  mutating func cancelEnded(_ reference: OrderReference, isGone: Bool) {
    for place in flattens.indices {
      flattens[place].cancelEnded(reference, isGone: isGone)
    }
    for place in halts.indices {
      guard let index = halts[place].waiting.firstIndex(of: reference) else { continue }
      halts[place].waiting.remove(at: index)
      if isGone { halts[place].cancelled += 1 }
    }
    if let id = reference.id, isGone {
      entries.set(.ended, for: id, lastTicket: readings.lastTicket)
    }
    finishHalts()
  }

  private mutating func finishHalts() {
    let done = halts.filter { $0.waiting.isEmpty || now - $0.since >= Halt.limit }
    halts.removeAll { halt in done.contains { $0.command == halt.command } }
    for halt in done {
      let report = HaltReport(
        enginesOff: halt.enginesOff, entriesCancelled: halt.cancelled,
        positionsKept: positionViews)
      progress(halt.command, .finished(.halted(report)))
    }
  }

  // MARK: Pause and resume

  private mutating func pause(
    _ engine: EngineName?, for duration: Duration?, _ command: OperatorCommand
  ) {
    let lock = Lock(
      kind: .paused(engine), reason: "by \(command.by)", since: now,
      until: duration.map { now + $0 })
    arm(lock)
    tell(.p2, .locked(lock))
    finish(command, .done)
  }

  /// Ends pauses and the halt; refused under whatever is stricter.
  private mutating func resume(_ engine: EngineName?) -> CommandOutcome {
    guard standing.isJournalWorking else { return .refused(.notRecorded) }
    let mine = locks.locks.map(\.kind).filter { $0.ends(byResuming: engine) }
    let stricter = locks.locks.first {
      !$0.kind.ends(byResuming: engine) && $0.isInTheWay(of: engine)
    }
    if let stricter { return .refused(.locked(stricter.kind)) }
    guard !mine.isEmpty else { return .refused(.notPaused) }
    for kind in mine { lift(kind) }
    return .done
  }

  // MARK: Unlock

  private mutating func beginUnlock(_ command: OperatorCommand) {
    guard locks.lock(.day) != nil || locks.lock(.panic) != nil else {
      return finish(command, .refused(.nothingToUnlock))
    }
    guard standing.isJournalWorking else { return finish(command, .refused(.notRecorded)) }
    let ticket = readings.issue()
    unlocks.append(PendingUnlock(command: command.id, ticket: ticket, since: now))
    emit(.readAccount(ticket))
  }

  /// Flat means: nothing left that a lock had to close.
  mutating func decideUnlocks(_ ticket: ReadTicket) {
    let ready = unlocks.filter { $0.ticket <= ticket }
    unlocks.removeAll { $0.ticket <= ticket }
    for unlock in ready {
      let open = positionsToClose
      guard open.isEmpty, !flattens.contains(where: { $0.order.isAccountWide && !$0.isEnded })
      else {
        progress(unlock.command, .finished(.refused(.notFlat(open))))
        continue
      }
      lift(.day)
      lift(.panic)
      progress(unlock.command, .finished(.done))
    }
  }

  mutating func refuseUnlocks(_ ticket: ReadTicket, why: String) {
    for unlock in unlocks where unlock.ticket == ticket {
      progress(unlock.command, .finished(.refused(.accountUnknown(why: why))))
    }
    unlocks.removeAll { $0.ticket == ticket }
  }

  /// A panic that included long-term symbols has not closed everything yet.
  var isToTakeLongterm: Bool { locks.lock(.panic)?.takesLongterm == true }

  /// What the locks of the account still have to close: what does not trade here, too.
  private var positionsToClose: [PositionView] {
    let foreign = account.foreign.positions.map {
      view(of: Exposure(position: $0, owner: .manual, stop: $0.stop, plan: nil))
    }
    return (positionViews + foreign).filter {
      $0.isToBeClosed || $0.isLongterm && isToTakeLongterm
    }
  }

  func isToBeClosed(_ position: Position) -> Bool {
    guard !settings.longterm.contains(position.symbol) else { return false }
    // What is smaller than the smallest order is dust: nothing can close it.
    return instruments[position.symbol].map { position.quantity >= $0.minQuantity } ?? true
  }

  /// Commands whose answers never came end, too.
  mutating func giveUpWaiting() {
    finishHalts()
    for unlock in unlocks where now - unlock.since >= PendingUnlock.limit {
      refuseUnlocks(unlock.ticket, why: "no answer from the venue")
    }
  }
}

extension CloseScope {
  /// The same symbols in any order are the same scope.
  fileprivate var sorted: CloseScope {
    if case .symbols(let symbols) = self { .symbols(Set(symbols).sorted()) } else { self }
  }
}

extension Owner {
  fileprivate var engine: EngineName? {
    if case .engine(let name) = self { name } else { nil }
  }
}

extension Lock.Kind {
  /// Resuming all ends every pause and the halt; resuming one engine ends its own pause.
  fileprivate func ends(byResuming engine: EngineName?) -> Bool {
    switch self {
    case .paused(let paused): engine == nil || paused == engine
    case .halted: engine == nil
    case .day, .flagFile, .panic: false
    }
  }
}

extension Lock {
  fileprivate func isInTheWay(of engine: EngineName?) -> Bool {
    if case .paused(let paused?) = kind { paused == engine } else { true }
  }
}
