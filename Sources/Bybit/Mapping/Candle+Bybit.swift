import TradingModel
import Transport

extension CandleInterval {
  /// As Bybit calls it: minutes, or D.
  var bybit: String {
    switch self {
    case .oneMinute: "1"
    case .threeMinutes: "3"
    case .fiveMinutes: "5"
    case .fifteenMinutes: "15"
    case .oneHour: "60"
    case .fourHours: "240"
    case .oneDay: "D"
    }
  }

  /// Nil for an interval that we do not follow.
  init?(bybit text: String) {
    guard let found = Self.allCases.first(where: { $0.bybit == text }) else { return nil }
    self = found
  }
}

extension Candle {
  /// A row of `/v5/market/kline`: start, open, high, low, close, volume, turnover.
  /// - Parameter now: By the venue's clock: a candle that ended before it is closed.
  init(
    bybit row: JSONValue, of symbol: Symbol, _ interval: CandleInterval, at now: Timestamp
  ) throws(JSONError) {
    let open = Timestamp(milliseconds: try row.integer(0))
    self.init(
      symbol: symbol, interval: interval, openTime: open, open: try row.amount(1),
      high: try row.amount(2), low: try row.amount(3), close: try row.amount(4),
      volume: try row.amount(5), turnover: try row.amount(6),
      isClosed: open + interval.duration <= now)
  }

  /// A row of a `kline` frame.
  ///
  /// Source: https://bybit-exchange.github.io/docs/v5/websocket/public/kline
  init(
    bybit row: JSONView, of symbol: Symbol, _ interval: CandleInterval
  ) throws(JSONError) {
    self.init(
      symbol: symbol, interval: interval,
      openTime: Timestamp(milliseconds: try row.integer("start")),
      open: try row.amount("open"), high: try row.amount("high"), low: try row.amount("low"),
      close: try row.amount("close"), volume: try row.amount("volume"),
      turnover: try row.amount("turnover"), isClosed: try row.bool("confirm"))
  }
}

/// A price that the venue reckons and nobody trades at.
public enum ReferencePrice: Sendable, Hashable, CaseIterable {
  case mark, index
  /// How far the perpetual is above the index, as a share.
  case premium

  var path: String {
    switch self {
    case .mark: "/v5/market/mark-price-kline"
    case .index: "/v5/market/index-price-kline"
    case .premium: "/v5/market/premium-index-price-kline"
    }
  }
}

/// A candle of a reference price: without volume.
public struct PriceBar: Sendable, Hashable {
  public var openTime: Timestamp
  public var open: Price
  public var high: Price
  public var low: Price
  public var close: Price

  /// Start, open, high, low, close.
  init(bybit row: JSONValue) throws(JSONError) {
    openTime = Timestamp(milliseconds: try row.integer(0))
    open = try row.amount(1)
    high = try row.amount(2)
    low = try row.amount(3)
    close = try row.amount(4)
  }
}
