import Loopback
import Simulation
import TradingModel

/// A market that hardly moves unless a test moves it. A jump liquidates, a moment later, those who
/// stood in its way, as a real one does.
struct RestingMarket: MarketSource {
  /// Long enough for the new price to be known everywhere first: tickers come once a second.
  private static let delay = Duration.milliseconds(2500)
  private static let liquidated = Notional.usdt(25_000)

  private struct Wave {
    let symbol: Symbol
    let closed: PositionSide
    let due: Timestamp
  }

  private var calm: SyntheticMarket
  private var waves: [Wave] = []

  init(seed: UInt64 = 1, start: Timestamp) {
    var temper = SyntheticTemper()
    temper.crashEverySeconds = .infinity
    temper.marketCrashEverySeconds = .infinity
    temper.calmLiquidationEverySeconds = .infinity
    temper.returnSeconds = .infinity
    let symbols = SyntheticSymbol.defaults.map { symbol in
      var resting = symbol
      resting.volatility = 0.000_02
      return resting
    }
    calm = SyntheticMarket(seed: seed, symbols: symbols, temper: temper, start: start)
  }

  var instruments: [Instrument] { calm.instruments }
  var time: Timestamp { calm.time }

  func ticker(_ symbol: Symbol, on venue: Venue) -> Ticker? { calm.ticker(symbol, on: venue) }

  mutating func jump(_ symbol: Symbol, by share: Ratio) -> Bool {
    guard calm.jump(symbol, by: share) else { return false }
    waves.append(
      Wave(symbol: symbol, closed: share < .zero ? .long : .short, due: time + Self.delay))
    return true
  }

  mutating func step(to target: Timestamp) -> [MarketEvent] {
    let events = calm.step(to: target)
    let now = time
    let due = waves.filter { $0.due <= now }
    waves.removeAll { $0.due <= now }
    return events + due.compactMap(liquidation)
  }

  private func liquidation(of wave: Wave) -> MarketEvent? {
    guard let price = ticker(wave.symbol, on: .binance)?.last,
      let instrument = instruments.first(where: { $0.symbol == wave.symbol }),
      let quantity = try? Self.liquidated.quantity(at: price)
    else { return nil }
    return .liquidation(
      Liquidation(
        venue: .binance, symbol: wave.symbol, closed: wave.closed, price: price,
        averagePrice: price,
        quantity: quantity.roundedDown(toMultipleOf: instrument.quantityStep), time: time))
  }
}
