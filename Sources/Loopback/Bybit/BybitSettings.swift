import TradingModel
import Transport

/// How the loopback Bybit behaves.
public struct BybitSettings: Sendable {
  /// Keys that are no secrets: they open nothing outside this machine.
  public static let standardKey = "LoopbackKey0001"
  public static let standardSecret = "LoopbackSecret0001abcdefghijklmnop"

  public var apiKey: String
  public var apiSecret: String
  /// The other half of an RSA key: requests are signed with that then, not with the secret.
  public var verifyingKey: VerifyingKey?
  /// A key that may look, but neither trade nor set anything.
  public var isReadOnly: Bool
  /// Whether too many requests of one address are answered 403.
  public var limitsAddress: Bool
  /// Whether endpoints have their limits per second.
  public var limitsRate: Bool
  /// How long an answer to what a client says on a stream takes at least. Some foreign clients note what
  /// they have asked after they have asked it: an answer at once, as no network gives, is lost to them.
  public var streamLatency: Duration
  /// A socket on which the client says nothing for so long is cut; `max_active_time` changes it.
  public var idleLimit: Duration

  public init(
    apiKey: String = standardKey, apiSecret: String = standardSecret, limitsRate: Bool = true,
    limitsAddress: Bool = true, verifyingKey: VerifyingKey? = nil, isReadOnly: Bool = false,
    streamLatency: Duration = .zero, idleLimit: Duration = .minutes(10)
  ) {
    self.apiKey = apiKey
    self.apiSecret = apiSecret
    self.limitsRate = limitsRate
    self.limitsAddress = limitsAddress
    self.verifyingKey = verifyingKey
    self.isReadOnly = isReadOnly
    self.streamLatency = streamLatency
    self.idleLimit = idleLimit
  }
}
