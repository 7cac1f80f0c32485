import TradingModel

extension Words {
  /// What a venue said, in words a person knows: `insufficient balance (110007)`.
  func reason(_ error: VenueError) -> String {
    switch error {
    case .rejected(let rejection):
      self(.failureCoded, ["reason": meaning(of: rejection), "code": String(rejection.code)])
    case .rateLimited: self(.failureRateLimited)
    case .unreachable: self(.failureUnreachable)
    case .outcomeUnknown: self(.failureNoAnswer)
    case .clockSkew: self(.failureClock)
    case .unauthorised(let code, _):
      self(.failureCoded, ["reason": self(.failureUnauthorised), "code": String(code)])
    case .malformed: self(.failureMalformed)
    }
  }

  private func meaning(of rejection: Rejection) -> String {
    switch rejection.meaning {
    case .insufficientBalance: self(.failureBalance)
    case .badQuantity: self(.failureQuantity)
    case .badPrice: self(.failurePrice)
    case .notionalTooSmall: self(.failureNotional)
    case .reduceOnlyRefused: self(.failureReduceOnly)
    case .duplicateID: self(.failureDuplicate)
    case .orderNotFound: self(.failureOrderNotFound)
    case .notModified: self(.failureNotModified)
    case .triggerPassed: self(.failureTriggerPassed)
    case .wrongPositionMode: self(.failurePositionMode)
    case .notTrading: self(.failureNotTrading)
    case .unknownSymbol: self(.failureUnknownSymbol)
    case .leverage: self(.failureLeverage)
    case .marginModeBlocked: self(.failureMarginMode)
    case .tooManyOrders: self(.failureTooManyOrders)
    case .positionLimit: self(.failurePositionLimit)
    case .serverBusy: self(.failureServerBusy)
    case .other:
      rejection.reason.isEmpty ? self(.failureOther) : String(rejection.reason.prefix(120))
    }
  }
}

extension VenueError {
  /// Failures of one class are told as one.
  var failureClass: String {
    switch self {
    case .rejected(let rejection):
      rejection.meaning == .other ? "code\(rejection.code)" : rejection.meaning.rawValue
    case .rateLimited: "rateLimited"
    case .unreachable: "unreachable"
    case .outcomeUnknown: "outcomeUnknown"
    case .clockSkew: "clockSkew"
    case .unauthorised: "unauthorised"
    case .malformed: "malformed"
    }
  }
}
