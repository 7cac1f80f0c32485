import TradingModel

/// Whose liquidations the engine listens to.
public enum LiquidationSource: String, Sendable, Hashable, Codable, CaseIterable {
  case binance, bybit
  /// Both; what looks like one event told twice counts once.
  case both

  /// Each of them has a connection of its own, and is silent by itself.
  public var venues: [Venue] {
    switch self {
    case .binance: [.binance]
    case .bybit: [.bybit]
    case .both: [.binance, .bybit]
    }
  }

  public func includes(_ venue: Venue) -> Bool { venues.contains(venue) }
}

/// The settings of the liquidation engine.
public struct LiquidationSettings: Sendable, Hashable {
  /// For every symbol that has none of its own.
  public var defaults: LiquidationParameters
  public var symbols: [Symbol: LiquidationParameters]
  public var source: LiquidationSource
  /// A liquidation older than this is no news.
  public var eventMaxAge: Duration
  /// A last trade older than this is no price.
  public var priceMaxAge: Duration
  /// A VWAP that was not renewed for this long is unknown.
  public var vwapMaxAge: Duration
  /// How many times the intended size an entry may cost when raised to the venue's minimum.
  public var raiseLimit: Ratio

  public init(
    defaults: LiquidationParameters = LiquidationParameters(),
    symbols: [Symbol: LiquidationParameters] = [:], source: LiquidationSource = .binance,
    eventMaxAge: Duration = .seconds(5), priceMaxAge: Duration = .seconds(10),
    vwapMaxAge: Duration = .seconds(300), raiseLimit: Ratio = .times(2)
  ) {
    self.defaults = defaults
    self.symbols = symbols
    self.source = source
    self.eventMaxAge = eventMaxAge
    self.priceMaxAge = priceMaxAge
    self.vwapMaxAge = vwapMaxAge
    self.raiseLimit = raiseLimit
  }

  public func parameters(for symbol: Symbol) -> LiquidationParameters {
    symbols[symbol] ?? defaults
  }

  /// Everything wrong with these settings, so that the operator mends the file once.
  public var problems: [String] {
    var problems = defaults.problems
    for symbol in symbols.keys.sorted() {
      problems += parameters(for: symbol).problems.map { "\(symbol).\($0)" }
    }
    for (key, age) in [
      ("event_max_age_s", eventMaxAge), ("price_max_age_s", priceMaxAge),
      ("vwap_max_age_s", vwapMaxAge),
    ] where age <= .zero {
      problems.append("\(key): must be above 0, is \(age)")
    }
    if raiseLimit < .one { problems.append("raise_limit: must be at least 1, is \(raiseLimit)") }
    return problems
  }
}
