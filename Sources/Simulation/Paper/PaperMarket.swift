import TradingModel

/// What the paper venue knows of a market. Nil is unknown.
public struct PaperMarket: Sendable, Hashable {
  public internal(set) var last: Price?
  public internal(set) var mark: Price?
  public internal(set) var bid: Price?
  public internal(set) var ask: Price?
  public internal(set) var updatedAt: Timestamp

  /// What positions are valued at: the last trade stands in while no mark price was told.
  public var valuation: Price? { mark ?? last }

  mutating func take(last: Price?, mark: Price?, bid: Price?, ask: Price?, at time: Timestamp) {
    updatedAt = time
    if let last {
      self.last = last
      // A print outside the touch proves the touch old.
      if let known = self.bid, last < known { self.bid = nil }
      if let known = self.ask, last > known { self.ask = nil }
    }
    if let mark { self.mark = mark }
    if let bid { self.bid = bid }
    if let ask { self.ask = ask }
  }

  func price(of source: TriggerSource) -> Price? { source == .last ? last : valuation }

  /// Where an order of `side` finds its counterparty; nil when no touch is known.
  func touch(for side: Side) -> Price? { side == .buy ? ask : bid }
}
