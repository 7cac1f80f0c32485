import TradingModel

/// What one event of the market streams tells.
enum MarketFrame: Sendable, Hashable {
  case liquidation(Liquidation)
  /// A print, with its number: of aggregates and single trades apart.
  case trade(NumberedTrade)
  case ticker(Ticker)
  case candle(Candle)
  /// The change stands in the reader's `depth`.
  case depth
  /// Another quote, a quarterly, or a coin-margined contract.
  case foreign
  /// A kind that nobody here listens to, by its name.
  case ignored(String)
  /// An answer to a request of ours, or a refusal of one.
  case answer(refusal: String?)

  var isAnswer: Bool { if case .answer = self { true } else { false } }
}
