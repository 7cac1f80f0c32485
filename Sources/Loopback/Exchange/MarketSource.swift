import Simulation
import TradingModel

/// Where the loopback venues' prices come from: a seeded market, or a recording.
///
/// It lives in a time of its own, which the exchange moves.
public protocol MarketSource: Sendable {
  /// The contracts that trade on it; they never change.
  var instruments: [Instrument] { get }

  /// Where it stands in its own time.
  var time: Timestamp { get }

  /// The ticker as it stands on a venue; nil for an unknown symbol.
  func ticker(_ symbol: Symbol, on venue: Venue) -> Ticker?

  /// Lets time pass up to `target`.
  /// - Returns: What was seen on both venues meanwhile, in order.
  mutating func step(to target: Timestamp) -> [MarketEvent]

  /// Moves a price at once by a share of it; it shows with the next step.
  /// - Returns: False for an unknown symbol, or a share that makes no sense.
  mutating func jump(_ symbol: Symbol, by share: Ratio) -> Bool
}

extension SyntheticMarket: MarketSource {}
