import TradingModel

/// What an answer says about the limit that its request counted against.
///
/// Source: https://bybit-exchange.github.io/docs/v5/rate-limit
struct LimitHeaders: Sendable, Hashable {
  /// The most in a second.
  var limit: Int?
  /// What was left of it.
  var left: Int?
  /// When it starts anew, by the venue's clock; about now while something is left.
  var reset: Timestamp?

  /// - Parameter header: The value of a header by its name.
  init(_ header: (String) -> String?) {
    limit = header("X-Bapi-Limit").flatMap { Int($0) }
    left = header("X-Bapi-Limit-Status").flatMap { Int($0) }
    reset = header("X-Bapi-Limit-Reset-Timestamp").flatMap { Int64($0) }
      .map(Timestamp.init(milliseconds:))
  }

  /// How long to wait after too many requests.
  /// - Parameter now: By the venue's clock.
  func wait(at now: Timestamp) -> Duration {
    guard let reset else { return .seconds(1) }
    return min(max(reset - now, .milliseconds(20)), .seconds(10))
  }
}
