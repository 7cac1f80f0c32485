import EngineCore
import TradingModel

extension OrderDesk {
  /// Brings an order to the venue, and finds out what became of it.
  /// - Parameter latest: An entry is not sent at or after this; nil for what may leave late.
  func bring(
    _ request: OrderRequest, by lane: DeskLane, signal: SignalID?,
    leavingBefore latest: Timestamp? = nil
  ) async -> EngineEvent.Answer {
    let deadline = clock.now + settings.orderDeadline
    // Queued, not awaited: after a crash the venue is asked by this id.
    journal.note(.intent(request, signal: signal, at: clock.now))
    defer { sendTimes.ended(request.id) }
    guard await enter(lane) else {
      return .notPlaced(request, .unreachable("too many orders under way"))
    }
    defer { leave(lane) }

    var placement = Placement(
      request, deadline: deadline, refusesUsedIDs: gateway.refusesUsedIDs)
    var step = Placement.Step.send(at: clock.now)
    while true {
      switch step {
      case .send(let time):
        guard await awaitTurn(at: time, before: deadline) else {
          step = .end(placement.abandoned())
          continue
        }
        if let why = withholding(of: request.id, latest) {
          // Sent before and never seen: a reading tells whether it came after all.
          return placement.mayExist ? .placementUnknown(request) : .withheld(request, why)
        }
        sendTimes.sent(request.id, at: clock.now)
        let result = await call { desk async throws(VenueError) in
          try await desk.gateway.place(request)
        }
        step = placement.sent(result, at: clock.now)
      case .lookUp(let time):
        guard await awaitTurn(at: time, before: deadline) else {
          step = .end(placement.abandoned())
          continue
        }
        let result = await call { desk async throws(VenueError) in
          try await desk.reader.order(request.id, symbol: request.symbol)
        }
        step = placement.lookedUp(result, at: clock.now)
      case .end(.placed(let venueID)): return .placed(request, venueID: venueID)
      case .end(.refused(let error)): return .notPlaced(request, error)
      case .end(.unknown): return .placementUnknown(request)
      }
    }
  }

  /// Why an entry must not leave now; nil when it may, and for what is no entry.
  private func withholding(of id: ClientOrderID, _ latest: Timestamp?) -> Withholding? {
    guard let latest else { return nil }
    if recalls.contains(id) { return .calledBack }
    return clock.now < latest ? nil : .overdue
  }

  /// Sends a request that may be repeated whatever became of it, a few times at most.
  func insist<Value: Sendable>(
    by lane: DeskLane, within limit: Duration,
    _ request: @escaping @Sendable (isolated OrderDesk) async throws(VenueError) -> Value
  ) async -> Result<Value, VenueError> {
    let deadline = clock.now + limit
    guard await enter(lane) else { return .failure(.unreachable("too many requests under way")) }
    defer { leave(lane) }

    var last = VenueError.unreachable("not sent in time")
    var time = clock.now
    for attempt in 1...settings.attempts {
      guard await awaitTurn(at: time, before: deadline) else { break }
      switch await call(before: deadline, request) {
      case .success(let value): return .success(value)
      case .failure(let error):
        last = error
        // Asking for the same state twice does no harm, so not even an unknown outcome does.
        let repeatable = error.orderMayExist ? VenueError.unreachable("") : error
        guard let delay = repeatable.delayBeforeRepeat(number: attempt) else { break }
        time = clock.now + delay
        continue
      }
      break
    }
    return .failure(last)
  }

  private func call<Value: Sendable>(
    before deadline: Timestamp? = nil,
    _ request: @escaping @Sendable (isolated OrderDesk) async throws(VenueError) -> Value
  ) async -> Result<Value, VenueError> {
    let own = clock.now + settings.callDeadline
    let result = await limited(until: min(own, deadline ?? own), on: clock, by: self, request)
    if case .failure(let error) = result { heed(error) }
    return result
  }
}
