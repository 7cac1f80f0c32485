import TradingModel

/// Chance that always falls in the middle: a jitter of ± some percent is none.
public struct SteadyRandom: RandomSource {
  public init() {}
  public func next() -> UInt64 { 1 << 63 }
}
