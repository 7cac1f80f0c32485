/// What went wrong at a venue, told by what the caller must do next.
public enum VenueError: Error, Hashable, Sendable, Codable {
  /// Refused, and would be again: tell the operator, do not retry.
  case rejected(Rejection)
  /// Too many requests: retry, not before the delay has passed.
  case rateLimited(retryAfter: Duration)
  /// The request was not carried out for certain (never sent, or only read): it may be repeated.
  case unreachable(String)
  /// No answer. The order may exist: look it up by its id before sending anything again.
  case outcomeUnknown
  /// Our clock is off the venue's window: measure, then repeat.
  case clockSkew(String)
  /// Key, permission or address: nothing will work until a person mends it.
  case unauthorised(code: Int, String)
  /// The answer could not be read; the text says where. What was asked for is unknown.
  case malformed(String)

  /// Whether an order that met this error may rest on the venue.
  public var orderMayExist: Bool {
    switch self {
    case .outcomeUnknown, .malformed: true
    case .rejected, .rateLimited, .unreachable, .clockSkew, .unauthorised: false
    }
  }
}

extension VenueError: CustomStringConvertible {
  /// For the log and the journal.
  public var description: String {
    switch self {
    case .rejected(let rejection): "\(rejection.reason) (\(rejection.code))"
    case .rateLimited(let delay): "too many requests, not before \(delay.wholeMilliseconds) ms"
    case .unreachable(let why): "not sent: \(why)"
    case .outcomeUnknown: "no answer, the order may exist"
    case .clockSkew(let why): "clock: \(why)"
    case .unauthorised(let code, let why): "not authorised: \(why) (\(code))"
    case .malformed(let why): "unreadable answer: \(why)"
    }
  }
}

/// A refusal in the venue's own code and words, with what it means to us.
public struct Rejection: Error, Sendable, Hashable, Codable {
  public enum Meaning: String, Sendable, Hashable, Codable {
    case insufficientBalance
    /// Not a multiple of the step, under the minimum or above the maximum.
    case badQuantity
    case badPrice
    case notionalTooSmall
    /// The position is flat or on the same side: read it again.
    case reduceOnlyRefused
    case duplicateID
    case orderNotFound
    /// It was so already: success.
    case notModified
    /// The market is beyond the trigger already.
    case triggerPassed
    /// The slot does not fit the account's position mode.
    case wrongPositionMode
    case notTrading
    case unknownSymbol
    case leverage
    case marginModeBlocked
    case tooManyOrders
    case positionLimit
    case serverBusy
    case other

    /// The contract's rules are not what we believe them to be.
    public var isOfTheRules: Bool {
      switch self {
      case .badQuantity, .badPrice, .notionalTooSmall, .notTrading, .unknownSymbol: true
      default: false
      }
    }
  }

  public var code: Int
  public var reason: String
  public var meaning: Meaning

  public init(code: Int, reason: String, meaning: Meaning) {
    self.code = code
    self.reason = reason
    self.meaning = meaning
  }
}

/// Why an order did not come to be, for alerts and reports.
public struct OrderFailure: Sendable, Hashable, Codable {
  public var error: VenueError
  public var id: ClientOrderID

  public init(error: VenueError, id: ClientOrderID) {
    self.error = error
    self.id = id
  }
}
