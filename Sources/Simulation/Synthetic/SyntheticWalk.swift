import TradingModel

/// The price of one symbol: a walk around its average, with crashes and rebounds.
struct SyntheticWalk: Sendable {
  enum Mood: Sendable, Hashable {
    case calm
    /// Falling (or, with `step` above zero, rising) by a share per slice.
    case crash(slicesLeft: Int, step: Double, depth: Double)
    case rebound(slicesLeft: Int, step: Double)
  }

  let symbol: SyntheticSymbol
  let temper: SyntheticTemper
  var chance: SplitMix64
  private(set) var mood = Mood.calm
  /// The middle of the market, in USDT.
  private(set) var level: Double
  /// The mark price lags a little behind.
  private(set) var mark: Double
  /// Exponential stand-in for the rolling 24 h VWAP.
  private(set) var average: Double
  /// Bybit's price over Binance's, as a share.
  private(set) var basis = 0.0
  private let floor: Double

  init(_ symbol: SyntheticSymbol, temper: SyntheticTemper, seed: UInt64) {
    self.symbol = symbol
    self.temper = temper
    chance = SplitMix64(seed: seed)
    level = Double(symbol.price.count) / 100_000_000
    mark = level
    average = level
    floor = Double(symbol.instrument.tickSize.count) / 100_000_000 * 100
  }

  var isCrashing: Bool { if case .crash = mood { true } else { false } }

  /// The side that is being liquidated; nil in calm and in a rebound.
  var closing: PositionSide? {
    if case .crash(_, let step, _) = mood { step < 0 ? .long : .short } else { nil }
  }

  /// One slice of `seconds`.
  mutating func advance(seconds: Double) {
    var change = chance.bell() * symbol.volatility * seconds.squareRoot()
    switch mood {
    case .calm:
      change += (average / level - 1) * seconds / temper.returnSeconds
      if chance.happens(every: temper.crashEverySeconds, in: seconds) {
        crash(
          depth: chance.uniform(temper.crashDepth), isSqueeze: chance.unit() < temper.squeezeShare,
          slice: seconds)
      }
    case .crash(let left, let step, let depth):
      change += step
      mood =
        left > 1
        ? .crash(slicesLeft: left - 1, step: step, depth: depth)
        : rebound(from: depth, isUp: step < 0, slice: seconds)
    case .rebound(let left, let step):
      change += step
      mood = left > 1 ? .rebound(slicesLeft: left - 1, step: step) : .calm
    }
    level = max(floor, level * (1 + change))
    mark += (level - mark) * min(1, seconds)
    average += (level - average) * seconds / 86_400
    basis += chance.bell() * 0.000_01 - basis * 0.05
  }

  /// Starts a crash, or a squeeze, unless one is under way.
  mutating func crash(depth: Double, isSqueeze: Bool, slice: Double) {
    guard !isCrashing else { return }
    let slices = max(1, Int(chance.uniform(temper.crashSeconds) / slice))
    let step = depth / Double(slices)
    mood = .crash(slicesLeft: slices, step: isSqueeze ? step : -step, depth: depth)
  }

  private mutating func rebound(from depth: Double, isUp: Bool, slice: Double) -> Mood {
    let slices = max(1, Int(chance.uniform(temper.reboundSeconds) / slice))
    let step = depth * chance.uniform(temper.reboundShare) / Double(slices)
    return .rebound(slicesLeft: slices, step: isUp ? step : -step)
  }

  mutating func jump(by share: Double) {
    level = max(floor, level * (1 + share))
    mark = level
  }

  /// The price at `factor` times the middle, on the tick below.
  func price(_ value: Double) -> Price {
    let tick = symbol.instrument.tickSize
    let counts = min(max(value * 100_000_000, Double(tick.count)), Double(Int64.max / 16))
    return Price(uncheckedCount: Int128(counts)).roundedDown(toMultipleOf: tick)
  }

  /// A heavy-tailed size of `least` USDT and more, mostly small, at most a thousand times that.
  mutating func quantity(least: Double, at price: Price) -> Quantity {
    let value = least / (1 - 0.999 * chance.unit())
    let instrument = symbol.instrument
    let counts = value / (Double(price.count) / 100_000_000) * 100_000_000
    let quantity = Quantity(uncheckedCount: Int128(min(counts, 1e17)))
      .roundedDown(toMultipleOf: instrument.quantityStep)
    return min(max(quantity, instrument.minQuantity), instrument.maxMarketQuantity)
  }
}
