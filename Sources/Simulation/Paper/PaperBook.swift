import TradingModel

/// What rests on both sides of a market, best prices first.
public struct PaperBook: Sendable, Hashable {
  public private(set) var bids: [BookLevel]
  public private(set) var asks: [BookLevel]

  /// Levels of no price or quantity are left out; the rest is sorted.
  public init(bids: [BookLevel], asks: [BookLevel]) {
    func sound(_ level: BookLevel) -> Bool { level.price > .zero && level.quantity > .zero }
    self.bids = bids.filter(sound).sorted { $0.price > $1.price }
    self.asks = asks.filter(sound).sorted { $0.price < $1.price }
  }

  /// The nearest levels of a venue's book.
  public init(_ book: borrowing OrderBook, levels: Int) {
    self.init(
      bids: Array(book.bids.prefix(levels)), asks: Array(book.asks.prefix(levels)))
  }

  /// What an order of `side` would meet.
  func opposite(of side: Side) -> [BookLevel] { side == .buy ? asks : bids }

  /// What stands at a price on the side of an order: others were there first. Nil beyond the levels
  /// that were told, where it is not known.
  func ahead(of side: Side, at price: Price) -> Quantity? {
    let own = side == .buy ? bids : asks
    guard let worst = own.last?.price, side == .buy ? price >= worst : price <= worst else {
      return nil
    }
    return own.first { $0.price == price }?.quantity ?? .zero
  }

  /// Takes away what an order of `side` has met.
  mutating func consume(_ quantity: Quantity, at price: Price, by side: Side) {
    func rest(_ levels: [BookLevel]) -> [BookLevel] {
      levels.compactMap { level in
        guard level.price == price else { return level }
        let left = level.quantity.wideCount - quantity.wideCount
        return left > 0 ? BookLevel(price, Quantity(uncheckedCount: left)) : nil
      }
    }
    if side == .buy { asks = rest(asks) } else { bids = rest(bids) }
  }

  /// Forgets what a print proves gone: what was better than its price.
  mutating func trim(printed last: Price) {
    bids.removeAll { $0.price > last }
    asks.removeAll { $0.price < last }
  }

  /// Forgets what a newer touch proves gone.
  mutating func trim(bid: Price?, ask: Price?) {
    if let bid { bids.removeAll { $0.price > bid } }
    if let ask { asks.removeAll { $0.price < ask } }
    if let bid { asks.removeAll { $0.price <= bid } }
    if let ask { bids.removeAll { $0.price >= ask } }
  }
}
