import TradingModel
import Transport

/// Where Bybit V5 is reached and how requests are signed.
///
/// Source: https://bybit-exchange.github.io/docs/v5/guide
public struct BybitSettings: Sendable {
  /// REST base address: `https://api.bybit.com`.
  public var restURL: String
  /// WebSocket base address without the path: `wss://stream.bybit.com`.
  public var webSocketURL: String
  /// Where private streams are, when not with the public ones: demo accounts, which have no trade
  /// connection either.
  public var privateWebSocketURL: String
  /// Where orders are sent by WebSocket; nil where that is not offered: demo accounts.
  public var tradeWebSocketURL: String?
  /// How long a signed request stays valid.
  public var receiveWindow: Duration
  public var connectTimeout: Duration
  public var totalTimeout: Duration
  /// How many orders the account may place in a second, singly, and as many again in batches: ten,
  /// unless it is of a higher tier. Answers that tell otherwise are believed.
  public var ordersPerSecond = 10
  /// A connection that has not answered a login or a subscription for so long is given up.
  public var streamAnswerTimeout = Duration.seconds(10)

  public init(
    restURL: String, webSocketURL: String, privateWebSocketURL: String? = nil,
    receiveWindow: Duration = .seconds(5), connectTimeout: Duration = .seconds(3),
    totalTimeout: Duration = .seconds(5)
  ) {
    self.restURL = restURL
    self.webSocketURL = webSocketURL
    self.privateWebSocketURL = privateWebSocketURL ?? webSocketURL
    tradeWebSocketURL = privateWebSocketURL == nil ? webSocketURL : nil
    self.receiveWindow = receiveWindow
    self.connectTimeout = connectTimeout
    self.totalTimeout = totalTimeout
  }

  /// The venue's own addresses; nil for loopback, whose addresses are its own.
  public init?(_ environment: VenueEnvironment) {
    switch environment {
    case .mainnet:
      self.init(restURL: "https://api.bybit.com", webSocketURL: "wss://stream.bybit.com")
    case .testnet:
      self.init(
        restURL: "https://api-testnet.bybit.com", webSocketURL: "wss://stream-testnet.bybit.com")
    case .demo:
      self.init(
        restURL: "https://api-demo.bybit.com", webSocketURL: "wss://stream.bybit.com",
        privateWebSocketURL: "wss://stream-demo.bybit.com")
    case .loopback: return nil
    }
  }
}
