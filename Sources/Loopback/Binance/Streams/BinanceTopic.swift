import TradingModel

/// What a stream's name asks for.
///
/// Source: Binance USD-M futures, market streams, and the split of their paths of March 2026.
enum BinanceTopic: Sendable, Hashable {
  /// A nil symbol is all of them.
  case depth(Symbol, BinanceDepthSpeed)
  case partialDepth(Symbol, levels: Int, BinanceDepthSpeed)
  case bookTicker(Symbol?)
  case trade(Symbol)
  case aggregateTrade(Symbol)
  case mark(Symbol?, isFast: Bool)
  case candle(Symbol, String, ChartInterval)
  case continuousCandle(Symbol, String, ChartInterval)
  case ticker(Symbol?)
  case miniTicker(Symbol?)
  case liquidation(Symbol?)
  case contract
  /// What an asset is worth in dollars; a nil name is all of them.
  case assetIndex(String?)
  /// Known, but never told: no contract on an index of several trades here, none has sessions.
  case silent
  /// The streams of an account.
  case account(key: String)

  /// The path that a stream is told on.
  enum Category: String, Sendable, Hashable {
    case book = "public"
    case market
    case account = "private"
  }

  /// Nil for a trade, which is told on either public path.
  var category: Category? {
    switch self {
    case .depth, .partialDepth, .bookTicker: .book
    case .trade: nil
    case .account: .account
    default: .market
    }
  }

  func belongs(to category: Category) -> Bool {
    self.category == category || (self.category == nil && category != .account)
  }

  /// Nil for a name that is no stream's. Symbols stand in lower case.
  init?(_ name: String) {
    if name.utf8.count == 64, !name.contains("@") {
      self = .account(key: name)
      return
    }
    let parts = name.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    guard let topic = name.hasPrefix("!") ? Self.ofAll(parts) : Self.ofOne(parts) else {
      return nil
    }
    self = topic
  }

  private static func ofAll(_ parts: [String]) -> BinanceTopic? {
    switch parts {
    case ["!bookTicker"]: .bookTicker(nil)
    case ["!markPrice", "arr"]: .mark(nil, isFast: false)
    case ["!markPrice", "arr", "1s"]: .mark(nil, isFast: true)
    case ["!ticker", "arr"]: .ticker(nil)
    case ["!miniTicker", "arr"]: .miniTicker(nil)
    case ["!forceOrder", "arr"]: .liquidation(nil)
    case ["!contractInfo"]: .contract
    case ["!assetIndex", "arr"]: .assetIndex(nil)
    default: nil
    }
  }

  private static func ofOne(_ parts: [String]) -> BinanceTopic? {
    if parts == ["tradingSession"] { return .silent }
    guard parts.count >= 2, !parts[0].isEmpty, parts[0] == parts[0].lowercased() else { return nil }
    let symbol = Symbol(venueName: parts[0].uppercased())
    let (kind, rest) = (parts[1], parts.dropFirst(2))
    if let topic = depth(symbol, kind, Array(rest)) { return topic }
    if kind == "markPrice" {
      guard rest.isEmpty || rest == ["1s"] else { return nil }
      return .mark(symbol, isFast: !rest.isEmpty)
    }
    guard rest.isEmpty else { return nil }
    switch kind {
    case "bookTicker": return .bookTicker(symbol)
    case "trade": return .trade(symbol)
    case "aggTrade": return .aggregateTrade(symbol)
    case "ticker": return .ticker(symbol)
    case "miniTicker": return .miniTicker(symbol)
    case "forceOrder": return .liquidation(symbol)
    case "assetIndex": return .assetIndex(parts[0].uppercased())
    case "compositeIndex": return .silent
    default: return candle(parts[0], kind)
    }
  }

  /// `depth`, `depth@100ms`, `depth5`, `depth20@500ms`, `rpiDepth@500ms`.
  private static func depth(_ symbol: Symbol, _ kind: String, _ rest: [String]) -> BinanceTopic? {
    let speed: BinanceDepthSpeed?
    switch rest {
    case []: speed = .standard
    case ["100ms"]: speed = .fast
    case ["250ms"]: speed = .standard
    case ["500ms"]: speed = .slow
    default: speed = nil
    }
    guard let speed else { return nil }
    switch kind {
    case "depth", "rpiDepth": return .depth(symbol, speed)
    case "depth5": return .partialDepth(symbol, levels: 5, speed)
    case "depth10": return .partialDepth(symbol, levels: 10, speed)
    case "depth20": return .partialDepth(symbol, levels: 20, speed)
    default: return nil
    }
  }

  /// `kline_1m`, and `btcusdt_perpetual@continuousKline_1m`.
  private static func candle(_ name: String, _ kind: String) -> BinanceTopic? {
    let parts = kind.split(separator: "_", maxSplits: 1).map(String.init)
    guard parts.count == 2, let interval = ChartInterval(binance: parts[1]) else { return nil }
    if parts[0] == "kline" {
      return .candle(Symbol(venueName: name.uppercased()), parts[1], interval)
    }
    let pair = name.split(separator: "_", maxSplits: 1).map(String.init)
    guard parts[0] == "continuousKline", pair.count == 2, pair[1] == "perpetual" else {
      return nil
    }
    return .continuousCandle(Symbol(venueName: pair[0].uppercased()), parts[1], interval)
  }
}
