import TradingModel

/// What lies over the venue for a while.
public struct VenueSpells: Sendable, Hashable {
  /// Nothing gets through, and the bot is told so at once.
  public var isDown = false
  /// Requests get through, and answers take seconds.
  public var isSlow = false
  /// Requests vanish.
  public var isSilent = false
  public var isRateLimited = false
  public var isInMaintenance = false
  /// Readings of the account come back in a form that can't be read.
  public var isUnreadable = false
  /// The market moves, and nobody tells.
  public var arePricesStale = false
  /// The key is not taken any more.
  public var isUnauthorised = false
  /// Few stand in the books, far from each other, and at times nobody on one side.
  public var areBooksThin = false
  /// Not open for trading.
  public var closedSymbol: Symbol?

  public init() {}

  /// Whether the account can be reached and changed.
  var isReachable: Bool {
    !isDown && !isSlow && !isSilent && !isRateLimited && !isInMaintenance && !isUnreadable
      && !isUnauthorised && closedSymbol == nil
  }
}

extension SimulatedVenue {
  /// What chance and the spells make of a request.
  func drawn(_ call: VenueCall) -> CallFate {
    let there = chance.duration(.milliseconds(8), .milliseconds(60))
    let back = chance.duration(.milliseconds(8), .milliseconds(60))
    if spells.isDown { return refused(.unreachable("connection refused"), .refusedConnection) }
    if spells.isSilent { return lost() }
    if spells.isRateLimited {
      return refused(
        .rateLimited(retryAfter: chance.duration(.milliseconds(100), .seconds(5))), .rateLimited)
    }
    if spells.isInMaintenance, call != .time { return refused(maintenance(call), .maintenance) }
    if spells.isUnauthorised, call.isSigned { return refused(Self.unknownKey, .unauthorised) }
    if spells.isUnreadable, !call.isDeed, call.isSigned {
      return refused(.malformed("body cut off"), .unreadableAnswer)
    }
    if spells.isSlow {
      return .answered(
        there: chance.duration(.milliseconds(50), .seconds(4)),
        back: chance.duration(.milliseconds(50), .seconds(4)))
    }
    guard chance.happens(call.isDeed ? deedFaults : callFaults) else {
      return .answered(there: there, back: back)
    }
    return fault(of: call, there: there, back: back)
  }

  private func fault(of call: VenueCall, there: Duration, back: Duration) -> CallFate {
    switch chance.whole(0...(call.isDeed ? 16 : 6)) {
    case 0: return refused(.unreachable("connection refused"), .refusedConnection)
    case 1: return lost()
    case 2:
      play(.lateAnswer, call)
      return .answered(there: there, back: chance.duration(.seconds(1), .seconds(12)))
    case 3:
      play(.lateRequest, call)
      // What comes later than the window of its own time stamp the venue does not take.
      let latest = call.isSigned ? VenueLine.window : .seconds(12)
      return .answered(there: chance.duration(.seconds(1), latest), back: back)
    case 4:
      return refused(
        .rateLimited(retryAfter: chance.duration(.milliseconds(100), .seconds(3))), .rateLimited)
    case 5: return refused(.clockSkew("timestamp outside of the window"), .clockRefused)
    case 6: return refused(.malformed("body cut off"), .unreadableAnswer)
    case 7:
      return refused(Self.rejected(110_007, "not enough balance", .insufficientBalance), .noBalance)
    case 8: return refused(maintenance(call), .maintenance)
    case 9 where call == .place:
      return refused(
        Self.rejected(110_017, "reduce-only", .reduceOnlyRefused), .reduceOnlyRefused)
    case 10 where call == .place:
      return refused(
        Self.rejected(110_072, "duplicate id", .duplicateID), .duplicateRefused)
    case 11 where call == .place:
      return refused(
        Self.rejected(10_001, "position idx not match position mode", .wrongPositionMode),
        .positionModeRefused)
    case 12:
      play(.maintenanceDone, call)
      return .failed(.outcomeUnknown, there: there, back: back)
    case 13, 14:
      play(.unreadableDone, call)
      return .failed(.malformed("body cut off"), there: there, back: back)
    default:
      play(.lostAnswer, call)
      return .unanswered(there: there)
    }
  }

  /// Whether the parts of this reading are of different moments.
  func tearsReading() -> Bool {
    guard callFaults > 0, chance.happens(callFaults / 2) else { return false }
    countFault(Fault(.tornReading))
    return true
  }

  /// Code 10016 as Bybit's client has it: what was to be changed may have been.
  private func maintenance(_ call: VenueCall) -> VenueError {
    call.isDeed ? .outcomeUnknown : .unreachable("Bybit says 10016 server in maintenance")
  }

  private static var unknownKey: VenueError {
    .unauthorised(code: 10_003, "the API key is unknown here: check key and environment")
  }

  private static func rejected(
    _ code: Int, _ reason: String, _ meaning: Rejection.Meaning
  ) -> VenueError {
    .rejected(Rejection(code: code, reason: reason, meaning: meaning))
  }

  private func refused(_ error: VenueError, _ kind: Fault.Kind) -> CallFate {
    countFault(Fault(kind))
    return .refused(error, after: chance.duration(.milliseconds(1), .milliseconds(100)))
  }

  private func lost() -> CallFate {
    countFault(Fault(.lostRequest))
    return .lost
  }

  private func play(_ kind: Fault.Kind, _ call: VenueCall) {
    countFault(Fault(kind, call.rawValue))
  }
}

extension AccountEvent {
  var words: String {
    switch self {
    case .order(let order): "order \(order.symbol) \(order.status.rawValue)"
    case .fill(let fill): "fill \(fill.symbol) \(fill.quantity)"
    case .position(let key, let position, _):
      "position \(key) \(position.map { "\($0.quantity)" } ?? "flat")"
    case .wallet: "wallet"
    case .transfer(let amount, _): "transfer \(amount)"
    }
  }
}
