import TradingModel

/// A market made of chance, the same for the same seed: prices, trades, tickers and liquidations of
/// Binance and Bybit, which stay close to each other.
///
/// It is loud on purpose: within minutes symbols crash by a few percent, which liquidates longs (or
/// shorts, in a squeeze), and come back in part. Arithmetic is sums, products and square roots, so
/// that a seed gives the same bits on every machine.
public struct SyntheticMarket: Sendable {
  /// How finely time is cut unless said otherwise.
  public static let slice = Duration.milliseconds(200)
  /// What lies further back than this is skipped, not caught up.
  private static let longestCatchUp = Duration.hours(1)

  public private(set) var time: Timestamp
  private var chance: SplitMix64
  private let slice: Duration
  private let sliceSeconds: Double
  private let temper: SyntheticTemper
  private var symbols: [SymbolState]

  private struct SymbolState: Sendable {
    var walk: SyntheticWalk
    var binance: SyntheticVenueBook
    var bybit: SyntheticVenueBook
    var funding: Ratio
    /// Binance tells at most one liquidation per symbol and second.
    var liquidationAllowedAt: Timestamp

    var symbol: Symbol { walk.symbol.instrument.symbol }
  }

  /// - Parameter slice: How finely time is cut: above zero, in whole milliseconds.
  public init(
    seed: UInt64, symbols: [SyntheticSymbol] = SyntheticSymbol.defaults,
    temper: SyntheticTemper = SyntheticTemper(), start: Timestamp,
    slice: Duration = SyntheticMarket.slice
  ) {
    precondition(slice > .zero)
    time = start
    self.slice = slice
    sliceSeconds = Double(slice.wholeMilliseconds) / 1000
    self.temper = temper
    var seeds = SplitMix64(seed: seed)
    chance = SplitMix64(seed: seeds.next())
    // A stream of chance for each symbol: what is done to one changes no other.
    self.symbols = symbols.sorted { $0.instrument.symbol < $1.instrument.symbol }.map { symbol in
      var walk = SyntheticWalk(symbol, temper: temper, seed: seeds.next())
      let funding = Ratio(uncheckedCount: Int128(walk.chance.uniform(-5_000...30_000)))
      return SymbolState(
        walk: walk, binance: SyntheticVenueBook(.binance, walk),
        bybit: SyntheticVenueBook(.bybit, walk), funding: funding, liquidationAllowedAt: start)
    }
  }

  public var instruments: [Instrument] { symbols.map(\.walk.symbol.instrument) }

  /// The ticker as it stands, for those who ask instead of listening.
  public func ticker(_ symbol: Symbol, on venue: Venue) -> Ticker? {
    guard let state = symbols.first(where: { $0.symbol == symbol }) else { return nil }
    let book = venue == .bybit ? state.bybit : state.binance
    return book.ticker(state.walk, funding: state.funding, at: time)
  }

  /// Moves a price at once, by a share of it (−0.05 is five percent down); what follows shows with
  /// the next step. False for an unknown symbol, or a share outside −0.9...9.
  public mutating func jump(_ symbol: Symbol, by share: Ratio) -> Bool {
    guard share >= .percent(-90), share <= .times(9),
      let place = symbols.firstIndex(where: { $0.symbol == symbol })
    else { return false }
    symbols[place].walk.jump(by: Double(share.count) / 100_000_000)
    return true
  }

  /// Lets time pass.
  /// - Returns: What was seen on both venues since the last step, in order.
  public mutating func step(to target: Timestamp) -> [MarketEvent] {
    if target - time > Self.longestCatchUp { time = target - Self.longestCatchUp }
    var events: [MarketEvent] = []
    while time + slice <= target {
      time = time + slice
      let crash = marketCrash()
      for place in symbols.indices {
        if let crash {
          symbols[place].walk.crash(
            depth: crash.depth, isSqueeze: crash.isSqueeze, slice: sliceSeconds)
        }
        advance(&symbols[place], into: &events)
      }
    }
    return events
  }

  private mutating func marketCrash() -> (depth: Double, isSqueeze: Bool)? {
    guard chance.happens(every: temper.marketCrashEverySeconds, in: sliceSeconds) else {
      return nil
    }
    return (chance.uniform(temper.crashDepth), chance.unit() < temper.squeezeShare)
  }

  private func advance(_ state: inout SymbolState, into events: inout [MarketEvent]) {
    state.walk.advance(seconds: sliceSeconds)
    if let trade = state.binance.follow(&state.walk, at: time) { events.append(.trade(trade)) }
    if let trade = state.bybit.follow(&state.walk, at: time) { events.append(.trade(trade)) }
    let isWholeSecond = time.milliseconds % 1000 < slice.wholeMilliseconds
    if isWholeSecond,
      let ticker = state.binance.news(state.walk, funding: state.funding, at: time)
    {
      events.append(.ticker(ticker))
    }
    if let ticker = state.bybit.news(state.walk, funding: state.funding, at: time) {
      events.append(.ticker(ticker))
    }
    liquidate(&state, into: &events)
  }

  private func liquidate(_ state: inout SymbolState, into events: inout [MarketEvent]) {
    let crashing = state.walk.closing
    let isCalmOne = state.walk.chance.happens(
      every: temper.calmLiquidationEverySeconds, in: sliceSeconds)
    guard crashing != nil ? state.walk.chance.unit() < 0.4 : isCalmOne else { return }
    let closed = crashing ?? (state.walk.chance.unit() < 0.5 ? .long : .short)
    // The order's limit lies beyond its average price: a long's lower, a short's higher.
    let beyond = closed == .long ? 0.994 : 1.006
    let price = closed == .long ? state.binance.bid : state.binance.ask
    let quantity = state.walk.quantity(least: crashing != nil ? 90 : 15, at: price)
    if time >= state.liquidationAllowedAt {
      state.liquidationAllowedAt = time + .seconds(1)
      events.append(
        .liquidation(
          Liquidation(
            venue: .binance, symbol: state.symbol, closed: closed,
            price: state.walk.price(Double(price.count) / 100_000_000 * beyond),
            averagePrice: price, quantity: quantity, time: time)))
    }
    // Bybit tells every one of its own, at the bankruptcy price.
    guard state.walk.chance.unit() < 0.5 else { return }
    let bankruptcy = state.walk.price(state.walk.level * (closed == .long ? 0.999 : 1.001))
    events.append(
      .liquidation(
        Liquidation(
          venue: .bybit, symbol: state.symbol, closed: closed, price: bankruptcy,
          averagePrice: bankruptcy, quantity: state.walk.quantity(least: 50, at: bankruptcy),
          time: time)))
  }
}
