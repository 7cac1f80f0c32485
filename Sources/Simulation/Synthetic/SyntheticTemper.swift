/// How often the synthetic market falls, how deep, and how it comes back. Times in seconds, sizes
/// as shares of the price.
public struct SyntheticTemper: Sendable, Hashable {
  /// Mean time between crashes of one symbol, and of the whole market.
  public var crashEverySeconds = 90.0
  public var marketCrashEverySeconds = 400.0
  public var crashDepth = 0.01...0.04
  public var crashSeconds = 3.0...10.0
  /// Crashes that go up instead: a squeeze of shorts.
  public var squeezeShare = 0.35
  /// How much of a crash the rebound takes back.
  public var reboundShare = 0.3...0.8
  public var reboundSeconds = 8.0...30.0
  /// In calm the price comes back to its 24 h average with this time constant.
  public var returnSeconds = 180.0
  /// Mean time between liquidations of one symbol in calm.
  public var calmLiquidationEverySeconds = 40.0

  public init() {}
}
