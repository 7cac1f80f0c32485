import TradingModel

/// Where Binance USDⓈ-M is reached and how requests are signed.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info
public struct BinanceSettings: Sendable, Hashable {
  /// How the paths of streams are laid out.
  public enum StreamPaths: String, Sendable, Hashable, CaseIterable {
    /// `/public`, `/market` and `/private`: since April 2026 the only ones on mainnet.
    case split
    /// Everything under `/stream` and `/ws`.
    case legacy
  }

  /// WebSocket base address without the path: `wss://fstream.binance.com`.
  public var webSocketURL: String
  /// Where user data are, when not with the market's: demo accounts.
  public var privateWebSocketURL: String
  /// REST base address: `https://fapi.binance.com`.
  public var restURL: String
  /// The WebSocket API for orders, with its path: `wss://ws-fapi.binance.com/ws-fapi/v1`. Empty:
  /// orders go by REST alone.
  public var tradeURL: String
  public var streamPaths: StreamPaths
  /// How long a signed request stays valid; at most a minute.
  public var receiveWindow: Duration
  public var connectTimeout: Duration
  public var totalTimeout: Duration

  public init(
    webSocketURL: String, privateWebSocketURL: String? = nil, restURL: String = "",
    tradeURL: String = "", streamPaths: StreamPaths = .split,
    receiveWindow: Duration = .seconds(5), connectTimeout: Duration = .seconds(3),
    totalTimeout: Duration = .seconds(5)
  ) {
    self.webSocketURL = webSocketURL
    self.privateWebSocketURL = privateWebSocketURL ?? webSocketURL
    self.restURL = restURL
    self.tradeURL = tradeURL
    self.streamPaths = streamPaths
    self.receiveWindow = receiveWindow
    self.connectTimeout = connectTimeout
    self.totalTimeout = totalTimeout
  }

  /// The venue's own addresses; nil for loopback, whose addresses are its own. The testnet has
  /// liquidations of its own, which nobody wants: market data of demo accounts is the mainnet's.
  public init?(_ environment: VenueEnvironment) {
    switch environment {
    case .mainnet:
      self.init(
        webSocketURL: "wss://fstream.binance.com", restURL: "https://fapi.binance.com",
        tradeURL: "wss://ws-fapi.binance.com/ws-fapi/v1")
    case .demo:
      self.init(
        webSocketURL: "wss://fstream.binance.com",
        privateWebSocketURL: "wss://fstream.binancefuture.com",
        restURL: "https://demo-fapi.binance.com",
        tradeURL: "wss://testnet.binancefuture.com/ws-fapi/v1")
    case .testnet:
      self.init(
        webSocketURL: "wss://fstream.binancefuture.com", restURL: "https://demo-fapi.binance.com",
        tradeURL: "wss://testnet.binancefuture.com/ws-fapi/v1")
    case .loopback: return nil
    }
  }
}
