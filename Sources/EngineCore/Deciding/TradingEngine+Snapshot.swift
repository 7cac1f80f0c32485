import Risk
import Strategies
import TradingModel

// What can be seen from outside.

extension TradingEngine {
  /// Everything that the chat may show, as of `time`.
  public func snapshot(at time: Timestamp) -> EngineSnapshot {
    var moment = self
    moment.now = max(now, time)
    return moment.snapshotNow
  }

  /// The last look of an engine at a symbol, for `/why`; nil when there was none.
  public func lastLook(at symbol: Symbol) -> Look? { counters.looks[symbol] }

  /// How often the engines said no, by the first condition that failed; the most frequent first.
  public var noesByReason: [ReasonCount] { counters.noesByReason }

  /// How often the gate refused, by check; a signal refused for two reasons counts in both.
  public var refusalsByReason: [ReasonCount] { counters.refusalsByReason }

  /// Signals that reached the gate.
  public var signalCount: Int { counters.signals.values.reduce(0, +) }

  private var snapshotNow: EngineSnapshot {
    let troubles = troubles
    let orders = account.orders.values
    return EngineSnapshot(
      time: now, venue: settings.venue, environment: settings.environment,
      isLive: settings.isLive, state: state, troubles: troubles, locks: locks.locks,
      wallet: walletReading, day: dayView, margin: marginView, worstCase: openRisk.worstCase(),
      positions: positionViews,
      entryOrders: orders.count { !$0.isProtective && !TargetOrders.isTarget($0) },
      protectiveOrders: orders.count { $0.isProtective || TargetOrders.isTarget($0) },
      modules: moduleViews,
      links: linkViews, allowlist: allowlist.symbols, limits: settings.risk.limits,
      entryLimits: entryLimits, cooldowns: throttle.cooldowns(at: now),
      isReconciled: reconciliation.isDone, isRecording: standing.isJournalWorking,
      isStandIn: settings.isStandIn)
  }

  private var entryLimits: EntryLimits {
    let risk = settings.risk
    return EntryLimits(
      exposureBase: risk.exposureBase.rawValue, maxExposure: risk.maxExposure,
      maxPosition: settings.modules.map {
        EntryLimits.EngineShare($0, risk.maxPositionShare(of: $0))
      }, maxPositions: risk.maxPositions, maxPositionsPerEngine: risk.maxPositionsPerEngine,
      maxStop: risk.maxStopDistance, minimumBalance: risk.minimumBalance,
      entriesPerSymbol: risk.throttlePerSymbol.count,
      entriesPerAccount: risk.throttlePerAccount.count, window: risk.throttlePerSymbol.window,
      startLoss: risk.startLoss)
  }

  /// The strictest lock first; a fault shows where no lock of all engines says more.
  var state: TradingState {
    switch locks.strictest?.kind {
    case .panic, .day, .flagFile: .locked
    case .halted: .halted
    case .paused where locks.lock(.paused(nil)) != nil: .paused
    case .paused, nil: troubles.isEmpty ? allPaused ? .paused : .running : .degraded
    }
  }

  private var allPaused: Bool {
    !settings.modules.isEmpty
      && settings.modules.allSatisfy { locks.lock(.paused($0)) != nil }
  }

  /// What is wrong or unknown, in words.
  private var troubles: [String] {
    var troubles: [String] = []
    if settings.isStandIn { troubles.append("the bot is down, the guard has the chat") }
    if case .unknown(let since, let why) = walletReading {
      troubles.append("account unknown since \(since.clockText): \(why)")
    }
    if !reconciliation.isDone { troubles.append("positions not compared with the venue yet") }
    for link in usedLinks {
      let state = links.state(of: link, at: now)
      if !state.isHealthy { troubles.append("\(state.title) link \(state.detail)") }
    }
    if !standing.isJournalWorking {
      troubles.append("store not writable: \(standing.journalTrouble)")
    }
    if let skew = standing.clockSkew, skew.magnitude > settings.risk.maxClockSkew {
      troubles.append("clock \(skew.wholeMilliseconds) ms off the venue's")
    }
    return troubles
  }

  /// The account, and what the modules of this run live on.
  var usedLinks: [Link] {
    Set([Link(.account)] + settings.modules.flatMap(settings.links(of:))).sorted()
  }

  private var linkViews: [LinkView] {
    usedLinks.map { link in
      let venue = link.name == .liquidations ? settings.signalVenue : settings.venue
      return LinkView(
        name: link.name, venue: link.venue ?? venue, isUp: links.isUp(link, at: now),
        heardAt: links.heardAt(link))
    }
  }

  // MARK: Positions

  var positionViews: [PositionView] { exposures.map { view(of: $0) } }

  /// Stop and target as they rest on the venue, in the position or beside it.
  func view(of exposure: Exposure) -> PositionView {
    var position = exposure.position
    position.stop = exposure.stop
    position.target = account.target(for: position)
    return PositionView(
      position: position, owner: exposure.owner,
      price: price(of: position.symbol) ?? position.markPrice, profit: profit(of: position),
      isStopConfirmed: stops.isConfirmed(exposure),
      openedAt: book.trip(of: position.key)?.openedAt ?? position.createdAt,
      isToBeClosed: isToBeClosed(position),
      isLongterm: settings.longterm.contains(position.symbol),
      protectedEntry: entryLevels.entry(of: position.key))
  }

  /// At the freshest price, else as the venue told it.
  func profit(of position: Position) -> Notional? {
    if let price = price(of: position.symbol) { return position.profit(at: price) }
    return position.unrealised ?? position.markPrice.map { position.profit(at: $0) }
  }

  // MARK: Modules

  private var moduleViews: [ModuleView] {
    settings.modules.map { name in
      ModuleView(
        name: name, state: moduleState(name), lastSignalAt: counters.lastSignalAt[name],
        signals: counters.signals[name] ?? 0, refused: counters.refused[name] ?? 0)
    }
  }

  private func moduleState(_ name: EngineName) -> ModuleView.State {
    switch locks.locks.first(where: { $0.concerns(name) }) {
    case let lock? where lock.kind == .paused(nil) || lock.kind == .paused(name):
      return .paused(until: lock.until)
    case .some: return .off
    case nil: break
    }
    let states = linkStates(of: name)
    // Of two feeds one is enough to go on with.
    let silent = states.first { state in
      !state.isHealthy && !states.contains { $0.isHealthy && $0.name == state.name }
    }
    return silent.map { .idle(why: "\($0.title) \($0.detail)") } ?? .on
  }
}
