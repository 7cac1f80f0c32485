import TestSupport
import Testing
import TradingModel
import Transport

struct BackoffTests {
  /// Always the same number. Not 0, which a draw without bias throws away for ever.
  struct Fixed: RandomSource {
    let value: UInt64
    func next() -> UInt64 { value }
  }

  @Test
  func `full jitter stays within 0.5 and 30 seconds and reaches both ends`() {
    var least = Backoff(.streams)
    var most = Backoff(.streams)
    let lows = (0..<9).map { _ in least.next(by: Fixed(value: 1)) }
    let highs = (0..<9).map { _ in most.next(by: Fixed(value: .max)) }
    #expect(lows.allSatisfy { $0 == .milliseconds(500) })
    #expect(highs.map(\.wholeSeconds) == [1, 2, 4, 8, 16, 30, 30, 30, 30])
  }

  @Test
  func `twenty percent around a doubling second, capped, and anew after success`() {
    var backoff = Backoff(.polling)
    let chance = SeededRandom(seed: 1)
    for step in [1, 2, 4, 8, 16, 30, 30] {
      let delay = backoff.next(by: chance)
      #expect(delay >= .milliseconds(step * 800) && delay <= .milliseconds(step * 1200))
    }
    backoff.reset()
    #expect(backoff.next(by: chance) <= .milliseconds(1200))
  }

  @Test
  func `the same chance gives the same waits, and attempts have no end`() {
    var one = Backoff(.streams)
    var other = Backoff(.streams)
    let (first, second) = (SeededRandom(seed: 3), SeededRandom(seed: 3))
    for _ in 0..<200 { #expect(one.next(by: first) == other.next(by: second)) }
  }
}
