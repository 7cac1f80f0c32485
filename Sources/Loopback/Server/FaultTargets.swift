import TradingModel

/// What calls of a service go by, so that a slip of the finger arms no fault that strikes nothing.
public enum FaultTargets: Sendable, Hashable {
  /// These and no others.
  case all([String])
  /// These, and others that nobody lists: topics, say, of which each symbol has its own.
  case some([String])

  /// The name as the service spells it, or what is wrong with it in words.
  func name(_ given: String) -> Result<String, Unknown> {
    if given == "*" { return .success(given) }
    let (known, isWhole) =
      switch self {
      case .all(let names): (names, true)
      case .some(let names): (names, false)
      }
    if let name = known.first(where: { $0.lowercased() == given.lowercased() }) {
      return .success(name)
    }
    let near = Self.nearest(to: given, among: known)
    guard isWhole || near != nil else { return .success(given) }
    let hint = near.map { "did you mean \($0)?" } ?? "there are: \(known.joined(separator: ", "))"
    return .failure(Unknown(words: "there is no endpoint \(given); \(hint)"))
  }

  struct Unknown: Error { let words: String }

  /// A topic counts without its symbol.
  private static func nearest(to given: String, among known: [String]) -> String? {
    let kind = kind(of: given)
    let kinds = known.map(Self.kind)
    guard !kinds.contains(kind) else { return nil }
    return Spelling.nearest(to: kind, among: kinds).map { given.replacing(kind, with: $0) }
  }

  /// `tickers` of `tickers.BTCUSDT`, `@kline` of `btcusdt@kline_1m`, `@depth` of
  /// `btcusdt@depth@100ms`; other names stay as they are, `order.create` among them.
  private static func kind(of name: String) -> String {
    if let dot = name.firstIndex(of: ".") {
      let rest = name[name.index(after: dot)...]
      let isWord = rest.allSatisfy { $0.isLowercase || $0 == "-" }
      return isWord ? name : String(name[..<dot])
    }
    guard !name.hasPrefix("!"), let at = name.firstIndex(of: "@") else { return name }
    return "@" + name[name.index(after: at)...].prefix { $0 != "@" && $0 != "_" }
  }
}

extension TelegramServer {
  public nonisolated var faultTargets: FaultTargets { .all(Self.methods) }
}

extension BybitServer {
  public var faultTargets: FaultTargets { .all(BybitEndpoint.all.map(\.path)) }
}

extension BybitStreamServer {
  /// What is told of the account, the operations of the trade stream, and each public topic once.
  public var faultTargets: FaultTargets {
    .some(
      ["order", "execution", "execution.fast", "position", "wallet"]
        + [
          "tickers", "publicTrade", "allLiquidation", "orderbook.1", "orderbook.50",
          "orderbook.200", "orderbook.1000", "kline.1",
        ].map { "\($0).BTCUSDT" } + BybitTradeStream.operations + [StreamDoor.endpoint])
  }
}

extension BinanceServer {
  public var faultTargets: FaultTargets {
    .all(Set(BinanceEndpoint.all.map { Self.endpointName(of: "/fapi/\($0.path)") }).sorted())
  }
}

extension BinanceStreamServer {
  /// Each stream once, the events of the account, and the methods of the WebSocket API.
  public var faultTargets: FaultTargets {
    .some(
      [
        "!forceOrder@arr", "!markPrice@arr", "!markPrice@arr@1s", "!ticker@arr", "!miniTicker@arr",
        "!bookTicker", "!contractInfo", "!assetIndex@arr",
      ]
        + [
          "forceOrder", "markPrice", "markPrice@1s", "ticker", "miniTicker", "bookTicker", "trade",
          "aggTrade", "kline_1m", "depth", "depth@100ms", "depth@500ms", "depth5", "depth10",
          "depth20", "rpiDepth@500ms",
        ].map { "btcusdt@\($0)" }
        + ["btcusdt_perpetual@continuousKline_1m", "btcusd@assetIndex"]
        + BinanceAccount.eventNames + BinanceSocketAPI.methods + [StreamDoor.endpoint])
  }
}
