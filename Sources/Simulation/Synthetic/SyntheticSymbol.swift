import TradingModel

/// A contract of the synthetic market and its temper.
public struct SyntheticSymbol: Sendable, Hashable {
  public var instrument: Instrument
  /// Where the walk starts and what it comes back to, in USDT.
  public var price: Price
  /// Turnover of 24 hours, in USDT.
  public var turnover: Notional
  /// Deviation of the price change within one second, as a share.
  public var volatility: Double

  public init(
    instrument: Instrument, price: Price, turnover: Notional, volatility: Double = 0.000_15
  ) {
    self.instrument = instrument
    self.price = price
    self.turnover = turnover
    self.volatility = volatility
  }
}

extension SyntheticSymbol {
  /// Nine perpetuals with ticks, steps and minimums as Bybit had them in 2025.
  public static let defaults: [SyntheticSymbol] = [
    make("BTCUSDT", 64_000, tick: 10_000_000, step: 100_000, most: 1_190, millions: 9_000, 100, 10),
    make("ETHUSDT", 3_200, tick: 1_000_000, step: 1_000_000, most: 7_240, millions: 5_000, 100, 12),
    make("SOLUSDT", 150, tick: 1_000_000, step: 10_000_000, most: 79_770, millions: 1_800, 100, 16),
    make("XRPUSDT", 2.2, tick: 10_000, step: 10_000_000, most: 20_000_000, millions: 900, 75, 16),
    make("DOGEUSDT", 0.18, tick: 1_000, step: 100_000_000, most: 28_000_000, millions: 600, 75, 18),
    make("BNBUSDT", 620, tick: 10_000_000, step: 1_000_000, most: 2_200, millions: 400, 75, 10),
    make("ADAUSDT", 0.65, tick: 10_000, step: 100_000_000, most: 5_000_000, millions: 300, 75, 16),
    make("LINKUSDT", 14.5, tick: 100_000, step: 10_000_000, most: 180_000, millions: 250, 50, 16),
    make(
      "1000PEPEUSDT", 0.0095, tick: 10, step: 10_000_000_000, most: 600_000_000, millions: 350, 50,
      20),
  ]

  /// Ticks and steps in counts of 10⁻⁸; volatility in hundred-thousandths per second.
  private static func make(
    _ name: String, _ price: Double, tick: Int64, step: Int64, most: Int64, millions: Int64,
    _ leverage: Int32, _ volatility: Double
  ) -> SyntheticSymbol {
    let tickSize = Price(uncheckedCount: Int128(tick))
    let quantityStep = Quantity(uncheckedCount: Int128(step))
    let maximum = Quantity(uncheckedCount: Int128(most) * 100_000_000)
    return SyntheticSymbol(
      instrument: Instrument(
        symbol: Symbol(venueName: name), tickSize: tickSize, minPrice: tickSize,
        maxPrice: Price(uncheckedCount: Int128(tick) * 20_000_000), quantityStep: quantityStep,
        minQuantity: quantityStep, maxQuantity: maximum,
        maxMarketQuantity: Quantity(uncheckedCount: maximum.wideCount / 2)
          .roundedDown(toMultipleOf: quantityStep),
        maxLeverage: .times(leverage)),
      price: Price(uncheckedCount: Int128((price * 100_000_000).rounded())),
      turnover: .usdt(millions * 1_000_000), volatility: volatility * 0.000_01)
  }
}
