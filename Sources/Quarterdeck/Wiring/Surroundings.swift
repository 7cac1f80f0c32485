import Foundation
import TradingModel

/// The machine's clock: the only place where the time of day is read.
struct SystemClock: WallClock {
  var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  func sleep(until deadline: Timestamp) async throws {
    let wait = deadline - now
    if wait > .zero { try await Task.sleep(for: wait) } else { try Task.checkCancellation() }
  }
}

/// The machine's chance: the only place where it is drawn.
struct SystemRandom: RandomSource {
  func next() -> UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }
}
