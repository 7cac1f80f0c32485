import Synchronization
import TradingModel

/// Repeatable chance, the same on every machine. Source: Steele, Lea, Flood, "Fast splittable
/// pseudorandom number generators" (2014).
final class SplitMixChance: RandomSource {
  private let state: Atomic<UInt64>

  init(seed: UInt64) { state = Atomic(seed) }

  func next() -> UInt64 {
    var mixed = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A whole number in that range.
  func number(_ range: ClosedRange<Int64>) -> Int64 {
    range.lowerBound + Int64(next(below: UInt64(range.upperBound - range.lowerBound) + 1))
  }
}
