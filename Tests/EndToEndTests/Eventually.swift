import Loopback
import TradingModel

@testable import Quarterdeck

/// What a test waited for and did not see.
struct Unseen: Error, CustomStringConvertible {
  let what: String
  let limit: Duration
  var description: String { "not seen within \(limit): \(what)" }
}

/// Looks at once and after every change, until there is an answer.
/// - Throws: `Unseen` at the limit, in real time.
@discardableResult
func eventually<Answer: Sendable>(
  _ what: String, on changes: ChangeSignal, within limit: Duration,
  isolation: isolated (any Actor)? = #isolation, look: () async throws -> Answer?
) async throws -> Answer {
  let clock = SystemClock()
  let deadline = clock.now + limit
  while true {
    let seen = changes.revision
    if let answer = try await look() { return answer }
    try Task.checkCancellation()
    guard clock.now < deadline else { throw Unseen(what: what, limit: limit) }
    await changes.wait(past: seen, until: deadline, on: clock)
  }
}
