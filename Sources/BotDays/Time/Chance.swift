import Simulation
import TradingModel

/// The only source of chance of a simulated day. Each part draws from a stream of its own, so that
/// one more draw here changes nothing there.
///
/// Unchecked, as `TurnQueue` explains: it belongs to the day's thread.
public final class Chance: RandomSource, @unchecked Sendable {
  private var generator: SplitMix64

  public init(seed: UInt64, for part: String) {
    // FNV-1a, so that the name decides and not the process.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    generator = SplitMix64(seed: seed ^ hash)
  }

  public func next() -> UInt64 { generator.next() }

  /// Whether something of this probability happens.
  public func happens(_ probability: Double) -> Bool {
    generator.unit() < probability
  }

  /// Uniform, in whole milliseconds.
  public func duration(_ least: Duration, _ most: Duration) -> Duration {
    let span = UInt64(max(0, (most - least).wholeMilliseconds))
    return least + .milliseconds(Int64(next(below: span + 1)))
  }

  public func whole(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next(below: UInt64(range.count)))
  }

  /// One of them; nil of nothing.
  public func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[Int(next(below: UInt64(elements.count)))]
  }
}
