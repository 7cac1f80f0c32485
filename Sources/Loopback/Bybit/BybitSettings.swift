import TradingModel

/// How the loopback Bybit behaves.
public struct BybitSettings: Sendable, Hashable {
  /// Keys that are no secrets: they open nothing outside this machine.
  public static let standardKey = "LoopbackKey0001"
  public static let standardSecret = "LoopbackSecret0001abcdefghijklmnop"

  public var apiKey: String
  public var apiSecret: String
  /// Whether endpoints have their limits per second.
  public var limitsRate: Bool
  /// A socket on which the client says nothing for so long is cut; `max_active_time` changes it.
  public var idleLimit: Duration

  public init(
    apiKey: String = standardKey, apiSecret: String = standardSecret, limitsRate: Bool = true,
    idleLimit: Duration = .minutes(10)
  ) {
    self.apiKey = apiKey
    self.apiSecret = apiSecret
    self.limitsRate = limitsRate
    self.idleLimit = idleLimit
  }
}
