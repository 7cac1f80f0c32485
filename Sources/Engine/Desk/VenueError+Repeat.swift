import TradingModel

extension VenueError {
  /// How long the venue asked us to wait.
  var wait: Duration? {
    if case .rateLimited(let retryAfter) = self { retryAfter } else { nil }
  }

  /// How long to wait before a request that was certainly not carried out is sent again; nil when
  /// it would be refused again.
  func delayBeforeRepeat(number: Int) -> Duration? {
    let backOff = Duration.milliseconds(100) * (1 << min(number, 6))
    switch self {
    case .rateLimited(let retryAfter): return max(retryAfter, .milliseconds(100))
    case .unreachable, .clockSkew: return backOff
    case .rejected(let rejection): return rejection.meaning == .serverBusy ? backOff : nil
    case .outcomeUnknown, .malformed, .unauthorised: return nil
    }
  }
}
