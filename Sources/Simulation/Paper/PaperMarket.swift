import TradingModel

/// What the paper venue knows of a market. Nil is unknown.
public struct PaperMarket: Sendable, Hashable, Codable {
  public internal(set) var last: Price?
  public internal(set) var mark: Price?
  /// Of the index that the contract follows: it moves triggers alone.
  public internal(set) var index: Price?
  public internal(set) var bid: Price?
  public internal(set) var ask: Price?
  /// Of the running interval; nil while it was not told.
  public internal(set) var fundingRate: Ratio?
  /// Funding is charged up to here.
  var fundedAt: Timestamp?
  /// The levels that were told last, less what was taken of them since.
  public internal(set) var book: PaperBook?
  /// It was taken up from a file, and no price has come since: good for a valuation, not for trades.
  public internal(set) var isStale = false
  public internal(set) var updatedAt: Timestamp

  /// A book of before is worth nothing: it is not kept.
  private enum CodingKeys: String, CodingKey {
    case last, mark, index, bid, ask, fundingRate, fundedAt, isStale, updatedAt
  }

  /// What positions are valued at: the last trade stands in while no mark price was told.
  public var valuation: Price? { mark ?? last }

  mutating func take(
    last: Price?, mark: Price?, index: Price?, bid: Price?, ask: Price?, at time: Timestamp
  ) {
    updatedAt = time
    if isStale, last ?? mark ?? bid ?? ask != nil {
      // A fresh price beside an old one would make a spread that nobody saw.
      (self.last, self.mark, self.index) = (last ?? mark ?? bid ?? ask, mark, index)
      isStale = false
    }
    if let last {
      self.last = last
      // A print outside the touch proves the touch old.
      if let known = self.bid, last < known { self.bid = nil }
      if let known = self.ask, last > known { self.ask = nil }
      book?.trim(printed: last)
    }
    if let mark { self.mark = mark }
    if let index { self.index = index }
    if let bid { self.bid = bid }
    if let ask { self.ask = ask }
    book?.trim(bid: bid, ask: ask)
  }

  mutating func take(_ book: PaperBook, at time: Timestamp) {
    self.book = book
    bid = book.bids.first?.price
    ask = book.asks.first?.price
    if isStale { (last, mark, index, isStale) = (bid ?? ask ?? last, nil, nil, false) }
    updatedAt = time
  }

  mutating func forgetTouch() { (bid, ask, book) = (nil, nil, nil) }

  /// Takes away what an order of `side` has met; the touch moves to what is left. Behind the last
  /// level it stays: the price before is not to be had any more.
  mutating func consume(_ quantity: Quantity, at price: Price, by side: Side) {
    guard let touch = touch(for: side), let met = book?.opposite(of: side).first,
      price == touch || price == met.price
    else { return }
    book?.consume(quantity, at: met.price, by: side)
    let left = book?.opposite(of: side).first?.price
    let next = left == met.price ? touch : left ?? touch
    if side == .buy { ask = next } else { bid = next }
  }

  func price(of source: TriggerSource) -> Price? {
    switch source {
    case .last: last
    case .mark: valuation
    case .index: index
    }
  }

  /// Where an order of `side` finds its counterparty; nil when no touch is known.
  func touch(for side: Side) -> Price? {
    (side == .buy ? ask : bid) ?? book?.opposite(of: side).first?.price
  }
}
