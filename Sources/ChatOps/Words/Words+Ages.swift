import TradingModel

extension Words {
  /// How long ago or for how long, in the two greatest units: `42 s`, `38 min`, `2 h 14 min`, `3 d 2 h`.
  func age(_ duration: Duration) -> String {
    let seconds = max(0, duration.wholeSeconds)
    let (minutes, hours, days) = (seconds / 60 % 60, seconds / 3600 % 24, seconds / 86_400)
    if days > 0 { return joined(unit(.days, days), hours > 0 ? unit(.hours, hours) : nil) }
    if hours > 0 { return joined(unit(.hours, hours), minutes > 0 ? unit(.minutes, minutes) : nil) }
    return minutes > 0 ? unit(.minutes, minutes) : unit(.seconds, seconds)
  }

  /// The same with tenths below a minute, for what is measured: `1.4 s`.
  func span(_ duration: Duration) -> String {
    let tenths = max(0, duration.wholeMilliseconds) / 100
    guard tenths < 600 else { return age(duration) }
    return self(.seconds, ["number": "\(tenths / 10).\(tenths % 10)"])
  }

  private func unit(_ phrase: Phrase, _ number: Int64) -> String {
    self(phrase, ["number": String(number)])
  }

  private func joined(_ first: String, _ second: String?) -> String {
    [first, second].compactMap { $0 }.joined(separator: " ")
  }
}
