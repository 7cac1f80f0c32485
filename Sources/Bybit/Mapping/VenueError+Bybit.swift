import TradingModel

extension VenueError {
  /// What a code means to whoever asked.
  ///
  /// - Parameters:
  ///   - isChanging: The request may have changed something, so a server that failed in the
  ///     middle leaves its outcome unknown.
  ///   - reset: How long until the venue takes requests again, after too many.
  init(bybitCode code: Int, reason: String, isChanging: Bool, limitResetsIn reset: Duration) {
    let known = BybitCode.known(code)
    switch known?.treatment ?? .rejected(.other) {
    case .rateLimited: self = .rateLimited(retryAfter: reset)
    case .addressBanned: self = .rateLimited(retryAfter: BybitPace.addressBan)
    case .clockSkew: self = .clockSkew(reason)
    case .unauthorised: self = .unauthorised(code: code, Self.words(known, reason))
    case .serverFailed:
      self = isChanging ? .outcomeUnknown : .unreachable("Bybit says \(code) \(reason)")
    case .turnedAway: self = .unreachable("Bybit says \(code) \(reason)")
    case .rejected(let meaning):
      // The chat shows the words of a refusal that has no meaning of its own.
      let words = meaning == .other ? Self.words(known, reason) : reason
      self = .rejected(Rejection(code: code, reason: words, meaning: meaning))
    case .badParameter:
      let meaning = Rejection.Meaning(bybitParameter: reason.lowercased())
      self = .rejected(Rejection(code: code, reason: reason, meaning: meaning))
    }
  }

  /// Our sentence, then the venue's own words.
  private static func words(_ known: BybitCode?, _ reason: String) -> String {
    guard let known else { return reason }
    return reason.isEmpty ? known.sentence : "\(known.sentence) (\(reason))"
  }
}

extension Rejection.Meaning {
  /// What a wrong parameter was, from the venue's words in lower case.
  init(bybitParameter text: String) {
    self =
      if text.contains("position idx") {
        .wrongPositionMode
      } else if text.contains("base_price") {
        // `StopLoss:… set for Buy position should be lower than base_price:…`
        .triggerPassed
      } else if text.contains("zero position") {
        // `can not set tp/sl/ts for zero position`
        .reduceOnlyRefused
      } else if text.contains("leverage") {
        .leverage
      } else if text.contains("symbol") {
        .unknownSymbol
      } else if text.contains("limit allowed") || text.contains("qty") {
        .badQuantity
      } else if text.contains("price") {
        .badPrice
      } else {
        .other
      }
  }
}
