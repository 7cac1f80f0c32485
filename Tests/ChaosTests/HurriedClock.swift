import Foundation
import TradingModel

/// A clock that runs so many times faster than the machine's: deadlines of seconds pass in a blink,
/// over real sockets that keep their own pace.
struct HurriedClock: WallClock {
  static let pace: Int64 = 4

  private let start = ContinuousClock.now

  var now: Timestamp { .noon + (ContinuousClock.now - start) * Int(Self.pace) }

  func sleep(until deadline: Timestamp) async throws {
    let wait = deadline - now
    if wait > .zero {
      try await Task.sleep(for: wait / Int(Self.pace))
    } else {
      try Task.checkCancellation()
    }
  }
}
