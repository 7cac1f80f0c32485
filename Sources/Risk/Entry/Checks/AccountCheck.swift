import TradingModel

extension EntryCheck {
  /// The account is known, was heard of lately, and agrees with the venue.
  static let account = EntryCheck("account") { entry in
    var objections: [String] = []
    switch entry.situation.wallet {
    case .known(_, let time):
      let age = entry.situation.now - time
      let limit = entry.settings.accountMaxAge
      if age > limit {
        objections.append("not heard of for \(age.wholeSeconds) s, at most \(limit.wholeSeconds) s")
      }
    case .unknown(let since, let why):
      objections.append("not known since \(since.clockText): \(why)")
    }
    if !entry.situation.isReconciled {
      objections.append("positions were not compared with the venue yet")
    }
    return objections
  }
}
