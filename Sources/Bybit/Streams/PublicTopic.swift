import TradingModel

/// How many levels of each side a book stream has, and how often it tells: every 10, 20, 100 and
/// 200 ms.
public enum BookDepth: Int, Sendable, Hashable, CaseIterable {
  case one = 1
  case fifty = 50
  case twoHundred = 200
  case thousand = 1000
}

/// Something that the public stream tells of one symbol.
///
/// Source: https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook and its neighbours
public struct PublicTopic: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case ticker
    case liquidations
    case trades
    case book(BookDepth)
    case candles(CandleInterval)
  }

  public var symbol: Symbol
  public var kind: Kind

  public init(_ kind: Kind, of symbol: Symbol) {
    self.kind = kind
    self.symbol = symbol
  }

  /// As Bybit calls it: `orderbook.50.BTCUSDT`.
  public var name: String {
    switch kind {
    case .ticker: "tickers.\(symbol)"
    case .liquidations: "allLiquidation.\(symbol)"
    case .trades: "publicTrade.\(symbol)"
    case .book(let depth): "orderbook.\(depth.rawValue).\(symbol)"
    case .candles(let interval): "kline.\(interval.bybit).\(symbol)"
    }
  }

  /// Nil for a topic that we do not follow.
  public init?(name: String) {
    let parts = name.split(separator: ".", maxSplits: 2).map(String.init)
    switch (parts.first, parts.count) {
    case ("tickers", 2): self.init(.ticker, of: Symbol(venueName: parts[1]))
    case ("allLiquidation", 2): self.init(.liquidations, of: Symbol(venueName: parts[1]))
    case ("publicTrade", 2): self.init(.trades, of: Symbol(venueName: parts[1]))
    case ("orderbook", 3):
      guard let depth = Int(parts[1]).flatMap(BookDepth.init) else { return nil }
      self.init(.book(depth), of: Symbol(venueName: parts[2]))
    case ("kline", 3):
      guard let interval = CandleInterval(bybit: parts[1]) else { return nil }
      self.init(.candles(interval), of: Symbol(venueName: parts[2]))
    default: return nil
    }
  }
}

extension PublicTopic: Comparable {
  public static func < (left: PublicTopic, right: PublicTopic) -> Bool {
    (left.symbol, left.kind.rank) < (right.symbol, right.kind.rank)
  }
}

extension PublicTopic.Kind {
  fileprivate var rank: Int {
    switch self {
    case .ticker: 0
    case .liquidations: 1
    case .trades: 2
    case .book(let depth): 10 + depth.rawValue
    case .candles(let interval): 2000 + Int(interval.duration.wholeSeconds)
    }
  }
}

/// What is followed of each symbol.
public struct PublicFeeds: Sendable, Hashable {
  public var tickers: Bool
  public var liquidations: Bool
  public var trades: Bool
  public var book: BookDepth?
  public var candles: [CandleInterval]

  public init(
    tickers: Bool = true, liquidations: Bool = false, trades: Bool = false,
    book: BookDepth? = nil, candles: [CandleInterval] = []
  ) {
    self.tickers = tickers
    self.liquidations = liquidations
    self.trades = trades
    self.book = book
    self.candles = candles
  }

  func topics(of symbol: Symbol) -> [PublicTopic] {
    var kinds: [PublicTopic.Kind] = []
    if tickers { kinds.append(.ticker) }
    if liquidations { kinds.append(.liquidations) }
    if trades { kinds.append(.trades) }
    if let book { kinds.append(.book(book)) }
    kinds += candles.map { .candles($0) }
    return kinds.map { PublicTopic($0, of: symbol) }
  }
}
