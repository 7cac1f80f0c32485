/// The order book of one symbol, as far as a venue tells it: exact, sorted, bounded.
///
/// A value that knows nothing of venues: their sequence rules are the business of the feeds, which
/// serve a book only while it is fresh and not crossed.
public struct OrderBook: Sendable, Hashable {
  /// More than any venue's snapshot has, so that a shifted market has room.
  public static let standardLimit = 5000

  public let symbol: Symbol
  public private(set) var bids: BookSide
  public private(set) var asks: BookSide

  /// - Parameter levelLimit: The most levels of each side. It must leave room above what the venue
  ///   sends: a change may add levels before it removes others.
  public init(symbol: Symbol, levelLimit: Int = OrderBook.standardLimit) {
    self.symbol = symbol
    bids = BookSide(.buy, limit: levelLimit)
    asks = BookSide(.sell, limit: levelLimit)
  }

  /// Takes over one level: of the bids for `.buy`, of the asks for `.sell`. A quantity of zero
  /// removes it.
  public mutating func apply(_ level: BookLevel, to side: Side) {
    if side == .buy { bids.apply(level) } else { asks.apply(level) }
  }

  /// Takes these levels instead of all it has.
  public mutating func replace(
    bids newBids: some Sequence<BookLevel>, asks newAsks: some Sequence<BookLevel>
  ) {
    bids.replace(with: newBids)
    asks.replace(with: newAsks)
  }

  /// Forgets every level, keeping the memory.
  public mutating func removeAll() {
    bids.removeAll()
    asks.removeAll()
  }

  public subscript(side: Side) -> BookSide { side == .buy ? bids : asks }

  public var bestBid: BookLevel? { bids.first }
  public var bestAsk: BookLevel? { asks.first }

  public var isEmpty: Bool { bids.isEmpty && asks.isEmpty }

  /// The best bid reaches the best ask: then it is no picture of a market.
  public var isCrossed: Bool {
    guard let bid = bestBid, let ask = bestAsk else { return false }
    return bid.price >= ask.price
  }

  /// Either side has lost so many levels for want of room that it should be read anew.
  public var isThin: Bool { bids.isThin || asks.isThin }

  /// Half way between best bid and best ask, rounded down at 10⁻⁸; nil while a side is empty.
  public var mid: Price? {
    guard let sum = touchSum else { return nil }
    return Price(uncheckedCount: sum >> 1)
  }

  /// Best ask minus best bid, in USDT; nil while a side is empty.
  public var spread: Price? {
    guard let bid = bestBid, let ask = bestAsk else { return nil }
    return Price(uncheckedCount: ask.price.wideCount - bid.price.wideCount)
  }

  private var touchSum: Int128? {
    guard let bid = bestBid, let ask = bestAsk else { return nil }
    return bid.price.wideCount + ask.price.wideCount
  }
}

extension OrderBook {
  /// The last price of a side that lies within `share` of mid, mid itself not rounded: a bid counts
  /// at mid × (1 − share) or above, an ask at mid × (1 + share) or below. Nil while a side is empty.
  public func bound(of side: Side, within share: Ratio) -> Price? {
    guard let sum = touchSum else { return nil }
    let factor =
      side == .buy
      ? DecimalText.one - share.wideCount : DecimalText.one + share.wideCount
    let (quotient, remainder) = (sum * factor).quotientAndRemainder(
      dividingBy: DecimalText.one * 2)
    let count = side == .buy && remainder > 0 ? quotient + 1 : quotient
    return Price(uncheckedCount: min(max(count, 0), Price.limit))
  }

  /// How much rests within `share` of mid on a side, in units of the base coin; nil while a side is
  /// empty.
  /// - Throws: `AmountError.overflow` beyond what a quantity holds.
  public func quantity(of side: Side, within share: Ratio) throws(AmountError) -> Quantity? {
    guard let bound = bound(of: side, within: share) else { return nil }
    return side == .buy ? try bids.quantity(to: bound) : try asks.quantity(to: bound)
  }

  /// What rests within `share` of mid on a side is worth, in USDT; nil while a side is empty.
  /// - Throws: `AmountError.overflow` beyond what an amount holds.
  public func value(of side: Side, within share: Ratio) throws(AmountError) -> Notional? {
    guard let bound = bound(of: side, within: share) else { return nil }
    return side == .buy ? try bids.value(to: bound) : try asks.value(to: bound)
  }
}
