import TradingModel

extension EntryCheck {
  /// Our clock and the venue's agree well enough for it to take our orders.
  static let clock = EntryCheck("clock") { entry in
    let limit = entry.settings.maxClockSkew
    guard let skew = entry.situation.clockSkew else {
      return ["the venue's clock was not measured yet"]
    }
    guard skew.magnitude > limit else { return [] }
    return [
      "\(skew.wholeMilliseconds) ms off the venue's clock, at most \(limit.wholeMilliseconds) ms"
    ]
  }
}
