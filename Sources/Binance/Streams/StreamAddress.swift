import TradingModel
import Transport

/// Where streams of a category are. Since April 2026 categories have paths of their own and must not
/// share a connection; before, all were under one.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams
enum StreamCategory: String, Sendable, Hashable, CaseIterable {
  /// Depth and best bid and ask.
  case `public`
  /// Prints, marks, candles, tickers, liquidations.
  case market
  /// User data.
  case `private`
}

extension BinanceSettings {
  /// - Parameters:
  ///   - streams: Named in the address; none are subscribed to later.
  ///   - listenKey: Of user data.
  func address(
    _ category: StreamCategory, streams: [String] = [], listenKey: Secret? = nil
  ) throws(WebSocketError) -> RequestURL {
    do throws(InvalidURL) {
      let isPrivate = category == .private
      let base = try RequestURL(isPrivate ? privateWebSocketURL : webSocketURL)
      let prefix = streamPaths == .split ? "/\(category.rawValue)" : ""
      if let listenKey {
        return streamPaths == .split
          ? base.appending(path: "\(prefix)/ws")
            .with(query: PercentEncoding.form([("listenKey", listenKey.exposed())]))
          : base.appending(path: "/ws").appending(secret: listenKey)
      }
      guard !streams.isEmpty else { return base.appending(path: "\(prefix)/ws") }
      return base.appending(path: "\(prefix)/stream")
        .with(query: "streams=\(streams.joined(separator: "/"))")
    } catch {
      throw .connect("\(error)")
    }
  }
}
