import TradingModel

extension EntryCheck {
  /// 3: the signal is not older than 60 s.
  static let signalAge = EntryCheck("signal-age") { entry in
    let age = entry.situation.now - entry.intent.time
    let limit = entry.settings.signalMaxAge
    // A signal from the future was stamped by a clock that can't be trusted with its age.
    guard age.magnitude > limit else { return [] }
    return ["\(age.wholeSeconds) s old, at most \(limit.wholeSeconds) s"]
  }
}
