import TradingModel

/// Why an order did not go over the trade connection, or did not come to be.
enum TradeSocketError: Error, Equatable {
  /// It never left: there is no connection that is logged in, or it takes nothing more. Another way
  /// may be taken.
  case notSent
  /// What the venue said, or that it said nothing.
  case venue(VenueError)
}
