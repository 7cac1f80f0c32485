import TradingModel

/// A stop that follows the market at a distance, once the market has come to where it arms.
///
/// Source: Bybit V5 `trading-stop` (`trailingStop`, `activePrice`); Binance
/// `TRAILING_STOP_MARKET` (`callbackRate`, `activatePrice`).
public struct PaperTrailing: Sendable, Hashable, Codable {
  public enum Distance: Sendable, Hashable, Codable {
    /// In USDT, as on Bybit.
    case price(Price)
    /// A share of the best price seen, as on Binance: 0.01 is a callback of one percent.
    case rate(Ratio)
  }

  public var distance: Distance
  /// Where it arms; nil arms it at once.
  public var activation: Price?
  public var source: TriggerSource
  /// The best price since it armed, seen from the position; nil while it is not armed.
  public internal(set) var best: Price?

  public init(distance: Distance, activation: Price? = nil, source: TriggerSource = .last) {
    self.distance = distance
    self.activation = activation
    self.source = source
  }

  public var isArmed: Bool { best != nil }

  /// Where an order of `side` goes off now, on the tick, towards earlier triggering; nil while it is
  /// not armed. A price that would fall to zero or below stays at one tick.
  public func stopPrice(for side: Side, tick: Price) -> Price? {
    guard let best else { return nil }
    let shift: Int128 =
      switch distance {
      case .price(let price): price.wideCount
      case .rate(let rate): best.wideCount * rate.wideCount / Ratio.one.wideCount
      }
    switch side {
    case .sell:
      let price = Price(uncheckedCount: max(0, best.wideCount - shift))
      return max(tick, price.roundedUp(toMultipleOf: tick))
    case .buy:
      let price = Price(uncheckedCount: min(Price.limit, best.wideCount + shift))
      return price.roundedDown(toMultipleOf: tick)
    }
  }

  /// Hears a price: arms, or follows.
  mutating func hear(_ price: Price, for side: Side) {
    if let best {
      self.best = side == .sell ? max(best, price) : min(best, price)
    } else if activation.map({ side == .sell ? price >= $0 : price <= $0 }) ?? true {
      best = price
    }
  }

  var isSound: Bool {
    switch distance {
    case .price(let price): price > .zero
    case .rate(let rate): rate > .zero && rate < .one
    }
  }
}

/// What happens to the trailing stop of a position.
public enum PaperTrailingLeg: Sendable, Hashable {
  case unchanged
  case removed
  case at(PaperTrailing)
}
