import Simulation
import TradingModel

/// How the loopback Binance behaves.
public struct BinanceSettings: Sendable, Hashable {
  public var apiKey: String
  public var apiSecret: String
  /// The account that stands behind it.
  public var paper: PaperSettings
  /// Whether weights and orders are limited, and those banned who go on.
  public var limitsRate: Bool
  /// Whether the paths of before April 2026, without a category, are still open.
  public var opensLegacyPaths: Bool
  /// The server pings so often, and closes after this long without a pong.
  public var pingInterval: Duration
  public var pongPatience: Duration
  /// A connection lives at most so long.
  public var connectionLife: Duration
  /// A listen key dies so long after it was made or kept alive.
  public var listenKeyLife: Duration

  public init(
    apiKey: String = BybitSettings.standardKey, apiSecret: String = BybitSettings.standardSecret,
    paper: PaperSettings = .binance, limitsRate: Bool = true, opensLegacyPaths: Bool = true,
    pingInterval: Duration = .minutes(3), pongPatience: Duration = .minutes(10),
    connectionLife: Duration = .hours(24), listenKeyLife: Duration = .hours(1)
  ) {
    self.apiKey = apiKey
    self.apiSecret = apiSecret
    self.paper = paper
    self.limitsRate = limitsRate
    self.opensLegacyPaths = opensLegacyPaths
    self.pingInterval = pingInterval
    self.pongPatience = pongPatience
    self.connectionLife = connectionLife
    self.listenKeyLife = listenKeyLife
  }
}
