import TradingModel

extension VenueError {
  /// What a `retCode` means. Codes are compared, never texts, but for 10001, which stands for many
  /// mistakes.
  ///
  /// Source: https://bybit-exchange.github.io/docs/v5/error
  ///
  /// - Parameter isChanging: The request may have changed something, so a server that failed in the
  ///   middle leaves its outcome unknown.
  init(bybitCode code: Int, reason: String, isChanging: Bool, limitResetsIn reset: Duration) {
    switch code {
    case 10006, 10018, 10429: self = .rateLimited(retryAfter: reset)
    case 10002: self = .clockSkew(reason)
    case 10003, 10004, 10005, 10007, 10008, 10009, 10010, 10024, 10027, 10028, 10029, 33004:
      self = .unauthorised(code: code, reason)
    case 10000, 10016, 10019, -1:
      self = isChanging ? .outcomeUnknown : .unreachable("Bybit says \(code) \(reason)")
    default:
      self = .rejected(
        Rejection(
          code: code, reason: reason, meaning: Rejection.Meaning(bybitCode: code, reason: reason)))
    }
  }
}

extension Rejection.Meaning {
  init(bybitCode code: Int, reason: String) {
    switch code {
    case 110004, 110006, 110007, 110012, 110044, 110045: self = .insufficientBalance
    case 110003, 110120, 110121: self = .badPrice
    case 110094: self = .notionalTooSmall
    case 110017: self = .reduceOnlyRefused
    case 110072, 10014: self = .duplicateID
    case 110001, 110008, 110010: self = .orderNotFound
    case 34040, 110025, 110026, 110043: self = .notModified
    case 110092, 110093: self = .triggerPassed
    case 110074, 110118: self = .notTrading
    case 110013, 110086: self = .leverage
    case 110024, 110028, 110029, 110073, 3_400_045, 100_028: self = .marginModeBlocked
    case 110009, 110020, 110061: self = .tooManyOrders
    case 110021, 110090: self = .positionLimit
    case 110079: self = .serverBusy
    case 10001: self = Self.badParameter(reason.lowercased())
    default: self = .other
    }
  }

  private static func badParameter(_ text: String) -> Self {
    if text.contains("position idx") { return .wrongPositionMode }
    // `StopLoss:… set for Buy position should be lower than base_price:…`
    if text.contains("base_price") { return .triggerPassed }
    // `can not set tp/sl/ts for zero position`
    if text.contains("zero position") { return .reduceOnlyRefused }
    if text.contains("leverage") { return .leverage }
    if text.contains("symbol") { return .unknownSymbol }
    if text.contains("limit allowed") || text.contains("qty") { return .badQuantity }
    if text.contains("price") { return .badPrice }
    return .other
  }
}
