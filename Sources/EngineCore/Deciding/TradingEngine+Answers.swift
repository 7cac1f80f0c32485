import Risk
import TradingModel

// What came of the effects.

extension TradingEngine {
  mutating func take(_ answer: EngineEvent.Answer) {
    switch answer {
    case .placed(let request, let venueID): placed(request, venueID: venueID)
    case .notPlaced(let request, let error): notPlaced(request, error)
    case .withheld(let request, let why): withheld(request, why)
    case .placementUnknown(let request): placementUnknown(request)
    case .cancelled(let reference): cancelEnded(reference, isGone: true)
    case .notCancelled(let reference, _): cancelEnded(reference, isGone: false)
    case .cancelledAll(let symbol, let count):
      for place in flattens.indices { flattens[place].cancelled(symbol, count: count) }
    case .notCancelledAll(let symbol, _):
      for place in flattens.indices { flattens[place].notCancelled(symbol) }
    case .protected(let change):
      exits.acknowledged(change)
      levelsSet(change)
      stops.acknowledged(change, lastTicket: readings.lastTicket)
      readings.want()
    case .notProtected(let change, let error):
      record(
        .event(kind: "protection-refused", detail: "\(change.key): \(error.shortText)", at: now))
      stops.refused(change, error, at: now, lastTicket: readings.lastTicket)
      exits.refused(change, error, at: now)
      levelsRefused(change, error)
    case .accountRead(let ticket, let reading): take(reading, ticket: ticket)
    case .accountNotRead(let ticket, let error): notRead(ticket, error)
    case .fillsRead(let fills, let start): take(fills, since: start)
    case .fillsNotRead: history.failed(at: now)
    case .ledgerRead(let ledger): take(ledger)
    case .ledgerNotRead(let error):
      moneyMoves.failed(error.shortText)
      record(.event(kind: "ledger-not-read", detail: error.shortText, at: now))
    case .candlesRead(let request, let candles): ranges.take(candles, for: request, at: now)
    case .candlesNotRead(let request, _): ranges.failed(request, at: now)
    case .prepared(let symbol, let leverage, let mode):
      if let mode { retries.learn(mode, of: symbol) }
      if let intent = preparations.succeeded(symbol, leverage: leverage, at: now) { review(intent) }
    case .notPrepared(let symbol, let error): notPrepared(symbol, error)
    case .reached(let mark):
      guard let place = flattens.firstIndex(where: { $0.number == mark.number }) else { return }
      flattens[place].reached(mark.phase, at: now)
    }
  }

  private mutating func placed(_ request: OrderRequest, venueID: String) {
    entries.set(.accepted(venueID: venueID), for: request.id, lastTicket: readings.lastTicket)
    reductions.accepted(request.id, at: now)
    targets.accepted(request.id, lastTicket: readings.lastTicket)
  }

  private mutating func notPlaced(_ request: OrderRequest, _ error: VenueError) {
    if targetFailed(request, error) { return }
    // For certain not placed: no later reading is needed to know that nothing came of it.
    if entries.set(.ended, for: request.id, lastTicket: 0), !isRepeated(request, error) {
      entryFailed(request.id, request.symbol, error)
    }
    if let reduction = reductions.settle(request.id, lastTicket: readings.lastTicket) {
      reductionFailed(reduction, error)
    }
  }

  /// Nothing is left of it. What waited too long is judged anew, by the market of this moment.
  private mutating func withheld(_ request: OrderRequest, _ why: Withholding) {
    guard entries.set(.ended, for: request.id, lastTicket: 0), let entry = entries[request.id]
    else { return }
    let error = VenueError.unreachable(why.text)
    switch why {
    case .calledBack: record(.orderFailed(request.id, error, at: now))
    case .overdue:
      guard isSentAgain(entry.intent) else {
        return entryFailed(request.id, request.symbol, error)
      }
      record(.orderFailed(request.id, error, at: now))
    }
  }

  /// Puts the signal of an entry that came to nothing to the gate once more, under a new id.
  /// - Returns: Whether it is on its way.
  private mutating func isSentAgain(_ intent: Intent) -> Bool {
    guard retries.mayRepeat(intent) else { return false }
    review(intent, isRepeat: true)
    return preparations.isWaiting(intent.symbol)
      || entries.open.contains { $0.intent.id == intent.id }
  }

  /// What can be put right is put right, and the signal tried once more.
  /// - Returns: Whether it is on its way again, so that nothing has failed yet.
  private mutating func isRepeated(_ request: OrderRequest, _ error: VenueError) -> Bool {
    guard case .rejected(let rejection) = error, let entry = entries[request.id] else {
      return false
    }
    switch rejection.meaning {
    case .wrongPositionMode:
      retries.learn(from: request)
      guard isSentAgain(entry.intent) else { return false }
      record(.orderFailed(request.id, error, at: now))
      return true
    case .duplicateID:
      // Another order has that id: this one goes under a new one. That ids meet is told all the same.
      guard isSentAgain(entry.intent) else { return false }
      record(.orderFailed(request.id, error, at: now))
      tell(.p1, .orderFailed(request.symbol, OrderFailure(error: error, id: request.id)))
      return true
    case .badQuantity, .badPrice, .notionalTooSmall:
      retries.wait(entry.intent, for: instruments[request.symbol], at: now)
      return false
    default: return false
    }
  }

  /// The readings from here on tell whether it is there.
  private mutating func placementUnknown(_ request: OrderRequest) {
    entries.set(.unknown, for: request.id, lastTicket: readings.lastTicket)
    reductions.settle(request.id, lastTicket: readings.lastTicket)
    targets.accepted(request.id, lastTicket: readings.lastTicket)
    readings.want()
  }

  mutating func entryFailed(_ id: ClientOrderID, _ symbol: Symbol, _ error: VenueError) {
    record(.orderFailed(id, error, at: now))
    throttle.noteFailure(symbol, at: now)
    tell(.p1, .orderFailed(symbol, OrderFailure(error: error, id: id)))
  }

  mutating func reductionFailed(_ reduction: Reductions.Reduction, _ error: VenueError) {
    record(.orderFailed(reduction.request.id, error, at: now))
    if case .rejected(let rejection) = error, rejection.meaning == .wrongPositionMode {
      withoutSlot.formSymmetricDifference([reduction.key])
    }
    let failure = OrderFailure(error: error, id: reduction.request.id)
    switch reduction.purpose {
    case .flatten(let number):
      guard let place = flattens.firstIndex(where: { $0.number == number }) else { return }
      flattens[place].closeFailed(reduction.key, failure, at: now)
    case .emergency, .exit:
      readings.want()
      // Reduce-only refused means flat, more often than not: the reading tells.
      guard !failure.isReduceOnlyRefusal else { return }
      tell(.p0, .closeFailed(reduction.key, failure, tries: closeTries(reduction)))
    }
  }

  private func closeTries(_ reduction: Reductions.Reduction) -> Int {
    if case .exit = reduction.purpose { return exits[reduction.key]?.closing?.tries ?? 1 }
    return stops.closeTries(reduction.key)
  }

  /// One way to close, for all: exact size, closing side, reduce-only, the slot as the venue
  /// reports it unless it refused that.
  mutating func reduce(
    _ position: Position, by quantity: Quantity, for purpose: Reductions.Purpose,
    command: CommandID? = nil
  ) -> ClientOrderID {
    let id = ids.next(for: .risk, command: command)
    var order = ReducingOrder(
      id: id, closing: position, quantity: largestClose(of: position, wanted: quantity))
    if withoutSlot.contains(position.key) { order = order.inOneWayMode(id: id) }
    reductions.add(
      Reductions.Reduction(
        request: order.request, key: position.key, purpose: purpose, sentAt: now))
    emit(.reduce(order))
    return id
  }

  /// The venue takes market orders up to a size; what is left is closed after the next reading.
  private func largestClose(of position: Position, wanted: Quantity) -> Quantity {
    guard let instrument = instruments[position.symbol], wanted > instrument.maxMarketQuantity
    else {
      return wanted
    }
    return instrument.maxMarketQuantity.roundedDown(toMultipleOf: instrument.quantityStep)
  }
}

extension Withholding {
  fileprivate var text: String {
    switch self {
    case .calledBack: "called back before it was sent"
    case .overdue: "not sent in time"
    }
  }
}
