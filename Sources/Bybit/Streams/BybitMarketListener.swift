import TradingModel

/// Hears what the public streams tell beyond the model's market events: books and candles. Called on
/// the connection's loop, in order; must not block.
public protocol BybitMarketListener: Sendable {
  /// The book after each change of it: fresh, and not crossed.
  /// - Parameter time: When the matching engine wrote the change, by the venue's clock.
  func changed(_ book: borrowing OrderBook, depth: BookDepth, at time: Timestamp)

  /// The book is not known any more: nothing may be read off it until the next change.
  func lostBook(of symbol: Symbol, depth: BookDepth)

  /// A candle, forming or closed.
  func changed(_ candle: Candle)
}

/// What became of the frames of all connections, for metrics.
public struct BybitFrameCounts: Sendable, Hashable {
  public var read = 0
  /// Read by simdjson, because the byte scanner found another shape than it knows.
  public var readSlowly = 0
  /// Of a known kind that nobody listens to, or of none that is known.
  public var ignored = 0
  public var malformed = 0
  /// Books that were dropped for a gap or a cross, and asked for anew.
  public var booksRenewed = 0
}
