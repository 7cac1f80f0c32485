/// Repeatable chance as a value. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators" (2014).
public struct SplitMix64: Sendable, Hashable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Uniform in 0..<1, in steps of 2⁻⁵³.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + unit() * (range.upperBound - range.lowerBound)
  }

  /// Bell-shaped with mean 0 and deviation 1: the sum of twelve uniforms (Irwin–Hall). Only sums
  /// and products, so that every machine gets the same bits.
  public mutating func bell() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += unit() }
    return sum
  }

  /// Whether something that happens `rate` times per `per` seconds happens in `slice` seconds.
  public mutating func happens(every seconds: Double, in slice: Double) -> Bool {
    unit() < slice / seconds
  }
}
