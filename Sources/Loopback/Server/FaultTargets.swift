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

  /// `tickers` of `tickers.BTCUSDT`, `@ticker` of `btcusdt@ticker`; other names stay as they are.
  private static func kind(of name: String) -> String {
    if let dot = name.firstIndex(of: ".") { return String(name[..<dot]) }
    guard !name.hasPrefix("!"), let at = name.firstIndex(of: "@") else { return name }
    return String(name[at...])
  }
}

extension TelegramServer {
  public nonisolated var faultTargets: FaultTargets { .all(Self.methods) }
}

extension BybitServer {
  public var faultTargets: FaultTargets { .all(BybitEndpoint.all.map(\.path)) }
}

extension BybitStreamServer {
  public var faultTargets: FaultTargets {
    .some([
      "order", "execution", "execution.fast", "position", "wallet", "tickers.BTCUSDT",
      "publicTrade.BTCUSDT", "allLiquidation.BTCUSDT", "orderbook.50.BTCUSDT", "kline.1.BTCUSDT",
      "order.create", "order.amend", "order.cancel", "order.create-batch", "order.amend-batch",
      "order.cancel-batch", StreamDoor.endpoint,
    ])
  }
}

extension BinanceServer {
  public var faultTargets: FaultTargets {
    .some(["ping", "time", "exchangeInfo", "premiumIndex", "ticker/24hr"])
  }
}

extension BinanceStreamServer {
  public var faultTargets: FaultTargets {
    .some([
      "!forceOrder@arr", "!markPrice@arr", "!markPrice@arr@1s", "!ticker@arr",
      "btcusdt@forceOrder", "btcusdt@markPrice", "btcusdt@ticker", "btcusdt@aggTrade",
    ])
  }
}
