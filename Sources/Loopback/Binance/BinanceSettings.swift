import TradingModel

/// How the loopback Binance behaves.
public struct BinanceSettings: Sendable, Hashable {
  /// Whether the paths of before April 2026, without a category, are still open.
  public var opensLegacyPaths: Bool
  /// The server pings so often, and closes after this long without a pong.
  public var pingInterval: Duration
  public var pongPatience: Duration
  /// A connection lives at most so long.
  public var connectionLife: Duration

  public init(
    opensLegacyPaths: Bool = true, pingInterval: Duration = .minutes(3),
    pongPatience: Duration = .minutes(10), connectionLife: Duration = .hours(24)
  ) {
    self.opensLegacyPaths = opensLegacyPaths
    self.pingInterval = pingInterval
    self.pongPatience = pongPatience
    self.connectionLife = connectionLife
  }
}
