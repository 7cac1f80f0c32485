/// Hears what a venue's market streams tell beyond the model's market events: books and candles. Called
/// on the streams' loop, in order; must not block.
public protocol MarketListener: Sendable {
  /// The book after a change of it: with every change so far, and not crossed.
  /// - Parameters:
  ///   - depth: How many levels of each side the venue tells of; nil for all that it has. A symbol may
  ///     have several books, one for each depth.
  ///   - time: When the matching engine made the change, by the venue's clock.
  func changed(_ book: borrowing OrderBook, depth: Int?, at time: Timestamp)

  /// The book is not known any more: nothing may be read off it until its next change.
  func lostBook(of symbol: Symbol, depth: Int?, because reason: String)

  /// A candle, forming or closed.
  func changed(_ candle: Candle)
}
