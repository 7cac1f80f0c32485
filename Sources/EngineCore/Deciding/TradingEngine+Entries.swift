import Risk
import Strategies
import TradingModel

// From the market to an approved order.

extension TradingEngine {
  mutating func see(_ event: MarketEvent) {
    switch event {
    case .trade(let trade):
      markets.take(trade, at: now)
      if trade.venue == settings.priceVenue {
        followPrice(of: trade.symbol, at: trade.price, as: .last)
      }
    case .ticker(let ticker):
      markets.take(ticker, at: now)
      if ticker.venue == settings.priceVenue, account.holds(ticker.symbol) {
        followPrice(of: ticker.symbol, at: ticker.last, as: .last)
        followPrice(of: ticker.symbol, at: ticker.mark, as: .mark)
        watchEquity()
      }
    case .liquidation(let liquidation): look(at: liquidation)
    }
  }

  private mutating func look(at event: Liquidation) {
    guard
      let look = liquidation?.look(
        at: event, signal: markets[event.venue, event.symbol],
        executing: markets[settings.priceVenue, event.symbol],
        instrument: instruments[event.symbol], range: ranges.value(of: event.symbol, at: now),
        now: now)
    else { return }
    counters.note(look)
    guard var intent = look.intent, standing.isBooted else { return }
    intent.leverage = leverage(for: intent.symbol, wanted: intent.leverage)
    review(intent)
  }

  // MARK: The gate

  /// Puts an intent to the gate. The first entry of a symbol waits until its margin mode and
  /// leverage are set, and is judged again then.
  ///
  /// - Parameter isRepeat: It was sent before, and refused for what has been put right since.
  mutating func review(_ intent: Intent, isRepeat: Bool = false) {
    let objections = ownObjections(to: intent)
    var situation = situation(for: intent)
    if isRepeat { situation.handledSignals = HandledSignals() }
    let verdict = gate.review(
      intent, id: ids.next(for: .engine(intent.engine)), in: situation)
    switch verdict {
    case .refused(let refusals): refuse(intent, refusals + objections)
    case .approved where !objections.isEmpty: refuse(intent, objections)
    case .approved(let order):
      guard preparations.isDone(intent.symbol, leverage: intent.leverage, at: now) else {
        preparations.wait(for: intent, at: now)
        emit(.prepare(intent.symbol, leverage: intent.leverage))
        return
      }
      place(order)
    }
  }

  private mutating func refuse(_ intent: Intent, _ refusals: [Refusal]) {
    counters.noteRefusal(of: intent.engine, checks: refusals.map(\.check))
    record(.signal(intent, refusals: refusals.map(\.description)))
  }

  private mutating func place(_ order: ApprovedOrder) {
    let request = order.request
    entries.add(
      EntryOrders.Entry(
        request: request, intent: order.intent, sentAt: now,
        changedAtTicket: readings.lastTicket))
    plans[PositionKey(request.symbol, request.slot)] = ProtectionPlan(
      stop: request.stop, target: request.target, trigger: request.trigger)
    handled.insert(order.intent.id)
    throttle.noteOrder(request.symbol, at: now)
    record(.signal(order.intent, refusals: []))
    emit(.place(order))
  }

  mutating func notPrepared(_ symbol: Symbol, _ error: VenueError) {
    let why = "margin mode or leverage could not be set: \(error.shortText)"
    guard let intent = preparations.failed(symbol, why, at: now) else { return }
    refuse(intent, [Refusal(check: "preparation", text: why)])
    let id = ids.next(for: .engine(intent.engine))
    tell(.p1, .orderFailed(symbol, OrderFailure(error: error, id: id)))
  }

  mutating func giveUpPreparing() {
    for intent in preparations.expire(at: now) {
      refuse(intent, [Refusal(check: "preparation", text: "no answer from the venue")])
    }
  }

  /// With the margin in tiers so many failed readings in a row stop entries.
  private static let failedReadingsMost = 3

  /// What only the engine knows to speak against an entry.
  private func ownObjections(to intent: Intent) -> [Refusal] {
    var objections: [Refusal] = []
    if settings.isStandIn {
      objections.append(Refusal(check: "guard", text: "the guard enters nothing"))
    }
    if flattens.contains(where: { $0.blocksEntries(in: intent.symbol) }) {
      objections.append(Refusal(check: "closing", text: "\(intent.symbol) is being closed"))
    }
    if settings.risk.margin.mode == .tiers, standing.failedReadings >= Self.failedReadingsMost {
      objections.append(
        Refusal(
          check: "account",
          text: "\(standing.failedReadings) readings of the account failed in a row"))
    }
    if reconciliation.differs(intent.symbol) {
      objections.append(
        Refusal(check: "mismatch", text: "the venue shows another position than ours"))
    }
    if preparations.isWaiting(intent.symbol) {
      objections.append(
        Refusal(check: "preparation", text: "margin mode and leverage are being set"))
    }
    return objections
  }

  // MARK: The situation

  private func situation(for intent: Intent) -> Situation {
    let market = markets[settings.priceVenue, intent.symbol]
    let exposures = exposures
    return Situation(
      now: now, wallet: walletReading, isReconciled: reconciliation.isDone,
      positions: exposures.map { HeldPosition($0.position, owner: $0.owner) },
      pendingEntries: pendingEntries(beside: exposures).map(\.pending),
      untoldEnds: untoldEnds(beside: exposures),
      positionMode: positionMode(of: intent.symbol),
      margin: marginView, marginState: margin.state, openRisk: openRisk,
      preparationFailure: preparations.failure(intent.symbol),
      instrument: instruments[intent.symbol]?.raised(to: settings.minimumSizes[intent.symbol]),
      marketPrice: market.worth(at: now),
      spread: market.spread(at: now), basis: basis(of: intent, executing: market),
      isSymbolEnabled: settings.liquidation?.parameters(for: intent.symbol).isEnabled ?? false,
      allowlist: Set(allowlist.symbols).subtracting(settings.longterm),
      handledSignals: handled, locks: locks.locks, throttle: throttle,
      links: linkStates(behind: intent), clockSkew: standing.clockSkew,
      isJournalWorking: standing.isJournalWorking, isStopping: standing.isStopping)
  }

  private func basis(of intent: Intent, executing: SymbolMarket) -> SignalBasis {
    guard intent.engine == .liquidation, let liquidation else {
      return .unknown("\(intent.engine.rawValue) is off")
    }
    guard let venue = LiquidationEngine.venue(of: intent) else {
      return .unknown("the signal names no venue")
    }
    return liquidation.basis(
      of: intent, signal: markets[venue, intent.symbol], executing: executing, now: now)
  }

  /// Entries whose position is not told yet.
  func pendingEntries(beside exposures: [Exposure]) -> [EntryOrders.Entry] {
    entries.unsettled(after: account.lastReading)
      .filter { entry in
        entry.isOpen || !exposures.contains { $0.key == entry.key }
      }
  }

  private func untoldEnds(beside exposures: [Exposure]) -> Set<Symbol> {
    Set(
      book.keys.filter { key in
        book.holding(at: key) != nil && !exposures.contains { $0.key == key }
      }.map(\.symbol))
  }

  /// What the venue told of this symbol is the strongest evidence: read when it was prepared, or a
  /// refusal since. Before that, hedge slots that it shows.
  private func positionMode(of symbol: Symbol) -> PositionMode {
    if let told = retries.mode(of: symbol) { return told }
    return account.positions.keys.contains { $0.slot != .oneWay } ? .hedge : .oneWay
  }

  /// The connections that an engine lives on.
  func linkStates(of engine: EngineName) -> [LinkState] {
    settings.links(of: engine).map { links.state(of: $0, at: now) }
  }

  /// Those that an entry rests on: of two feeds the one that told of it.
  private func linkStates(behind intent: Intent) -> [LinkState] {
    let venue = LiquidationEngine.venue(of: intent)
    return linkStates(of: intent.engine).filter { $0.venue == nil || $0.venue == venue }
  }
}

extension EntryOrders.Entry {
  fileprivate var pending: PendingEntry {
    PendingEntry(
      symbol: request.symbol, owner: owner, notional: intent.price * request.quantity,
      leverage: intent.leverage)
  }
}

extension SymbolMarket {
  /// Ask less bid, while both are fresh.
  func spread(at now: Timestamp) -> Price? {
    guard let bid = bid?.fresh(at: now, within: .seconds(10)),
      let ask = ask?.fresh(at: now, within: .seconds(10))
    else { return nil }
    return difference(ask, bid)
  }

  /// As it was told last, however long ago.
  var lastSpread: Price? {
    guard let bid = bid?.price, let ask = ask?.price else { return nil }
    return difference(ask, bid)
  }

  private func difference(_ ask: Price, _ bid: Price) -> Price? {
    guard ask >= bid else { return nil }
    do { return try ask - bid } catch { return nil }
  }
}
