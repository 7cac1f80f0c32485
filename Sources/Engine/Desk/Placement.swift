import TradingModel

/// The way of one order to a certain end. Told what came of each step, it says the next.
///
/// An order whose outcome is unknown is never sent again blindly: the venue is asked by our id.
/// "Not found" is believed from the second time on, and only when the order would have been
/// visible; then the same id is sent once more. "Duplicate id" is an acceptance only where this id
/// was sent before.
struct Placement {
  enum Step: Hashable {
    case send(at: Timestamp)
    case lookUp(at: Timestamp)
    case end(End)
  }

  enum End: Hashable {
    case placed(venueID: String)
    /// For certain not placed.
    case refused(VenueError)
    case unknown
  }

  /// After this long an order that the venue has would have shown up in its answers.
  static let visibleAfter = Duration.seconds(2)
  static let notFoundsToBelieve = 2
  static let mostRepeats = 3
  /// Since the outcome became unknown; later ones follow two seconds apart until the deadline.
  static let lookUpDelays: [Duration] = [
    .milliseconds(200), .milliseconds(500), .seconds(1), .seconds(2), .seconds(4),
  ]

  private let request: OrderRequest
  let deadline: Timestamp
  /// Whether an order that does not show may be sent again: nothing can come of it twice.
  private let mayResend: Bool
  private var sends = 0
  private var repeats = 0
  private var hasResent = false
  /// When the outcome of the last send that may exist became unknown; nil while all is certain.
  private var unknownSince: Timestamp?
  private var lookUps = 0
  private var notFounds = 0
  /// The last word of the venue on an order that an earlier send may have placed.
  private var refusal: VenueError?
  private var isDuplicate = false

  /// - Parameter refusesUsedIDs: As the gateway has it. A reduce-only order can't open anything, so
  ///   that one is sent again all the same.
  init(_ request: OrderRequest, deadline: Timestamp, refusesUsedIDs: Bool) {
    mayResend = refusesUsedIDs || request.reduceOnly
    self.request = request
    self.deadline = deadline
  }

  mutating func sent(_ result: Result<String, VenueError>, at now: Timestamp) -> Step {
    sends += 1
    switch result {
    case .success(let venueID): return .end(.placed(venueID: venueID))
    case .failure(let error) where error.orderMayExist:
      unknownSince = now
      lookUps = 0
      notFounds = 0
      return nextLookUp(after: now)
    case .failure(.rejected(let rejection)) where rejection.meaning == .duplicateID && sends > 1:
      isDuplicate = true
      refusal = .rejected(rejection)
      return .lookUp(at: now)
    case .failure(let error):
      guard repeats < Self.mostRepeats,
        let delay = error.delayBeforeRepeat(number: repeats + 1), now + delay < deadline
      else { return giveUp(for: error, at: now) }
      repeats += 1
      return .send(at: now + delay)
    }
  }

  mutating func lookedUp(_ result: Result<Order?, VenueError>, at now: Timestamp) -> Step {
    switch result {
    case .success(let order?): return .end(verdict(on: order))
    case .success(nil):
      // The venue named it a duplicate: it has it, though it does not show it yet.
      if isDuplicate { return .end(.placed(venueID: "")) }
      notFounds += 1
      return isNotFoundBelieved(at: now) ? missing(at: now) : nextLookUp(after: now)
    case .failure(let error):
      if isDuplicate { return .end(.placed(venueID: "")) }
      return nextLookUp(after: now + (error.wait ?? .zero))
    }
  }

  /// A send before this moment may have placed it, though it did not show.
  var mayExist: Bool { unknownSince != nil || isDuplicate }

  /// Time is up, or the desk stops, before the next step was taken.
  func abandoned() -> End {
    guard !mayExist else { return .unknown }
    return .refused(refusal ?? .unreachable("not sent in time"))
  }

  private mutating func giveUp(for error: VenueError, at now: Timestamp) -> Step {
    guard unknownSince != nil else { return .end(.refused(error)) }
    // This send was refused, but the one before it may have been placed after all.
    refusal = error
    notFounds = 0
    return .lookUp(at: now)
  }

  /// The order is not there.
  private mutating func missing(at now: Timestamp) -> Step {
    if let refusal { return .end(.refused(refusal)) }
    guard mayResend, !hasResent, now < deadline else { return .end(.unknown) }
    hasResent = true
    return .send(at: now)
  }

  private func isNotFoundBelieved(at now: Timestamp) -> Bool {
    guard let unknownSince else { return true }
    return notFounds >= Self.notFoundsToBelieve && now - unknownSince >= Self.visibleAfter
  }

  private mutating func nextLookUp(after now: Timestamp) -> Step {
    let delays = Self.lookUpDelays
    let planned: Timestamp
    if lookUps < delays.count, let unknownSince {
      planned = unknownSince + delays[lookUps]
    } else {
      planned = now + .seconds(2)
    }
    lookUps += 1
    let time = max(planned, now + delays[0])
    return time < deadline ? .lookUp(at: time) : .end(.unknown)
  }

  private func verdict(on order: Order) -> End {
    guard order.symbol == request.symbol, order.side == request.side,
      order.quantity == request.quantity
    else {
      let words = "another order has the id \(request.id)"
      return .refused(.rejected(Rejection(code: 0, reason: words, meaning: .duplicateID)))
    }
    guard !order.status.isOpen, order.status != .filled, order.filled.isZero else {
      return .placed(venueID: order.venueID)
    }
    let words = order.reason.isEmpty ? "\(order.status)" : order.reason
    return .refused(.rejected(Rejection(code: 0, reason: words, meaning: .other)))
  }
}
