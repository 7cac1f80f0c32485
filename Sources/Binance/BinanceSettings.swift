import TradingModel

/// Where Binance USDⓈ-M market data is reached.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info
public struct BinanceSettings: Sendable, Hashable {
  /// WebSocket base address without the path: `wss://fstream.binance.com`.
  public var webSocketURL: String

  public init(webSocketURL: String) { self.webSocketURL = webSocketURL }

  /// The venue's own address; nil for loopback, whose address is its own. The testnet has
  /// liquidations of its own, which nobody wants: market data of demo accounts is the mainnet's.
  public init?(_ environment: VenueEnvironment) {
    switch environment {
    case .mainnet, .demo: self.init(webSocketURL: "wss://fstream.binance.com")
    case .testnet: self.init(webSocketURL: "wss://fstream.binancefuture.com")
    case .loopback: return nil
    }
  }
}
