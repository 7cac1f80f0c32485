import Simulation
import Synchronization
import TradingModel
import Transport

/// Hears what happens on the loopback Binance. Called in order, while nothing else can happen: it
/// must not block, and not ask the venue back.
protocol BinanceListener: Sendable {
  /// - Parameter own: Liquidations of the account itself.
  func marketMoved(_ market: BinanceMarket, own: [Liquidation])
  func accountChanged(_ events: [BinanceAccountEvent])
}

/// What the loopback Binance has inside: an account of its own on a paper venue, which follows the
/// Binance side of a `LoopbackExchange`. So one market stands behind both venues, and each has its own
/// account.
public final class BinanceVenue: ExchangeListener {
  struct State {
    var market: BinanceMarket
    var account: BinanceAccount
    var listeners: [any BinanceListener] = []
  }

  public let settings: BinanceSettings
  public let clock: any WallClock
  private let exchange: LoopbackExchange
  let authority: BinanceAuthority
  let gate: BinanceRateGate
  private let state: Mutex<State>

  /// - Precondition: The paper settings have no problems.
  public init(
    _ exchange: LoopbackExchange, settings: BinanceSettings = BinanceSettings(),
    clock: any WallClock
  ) async {
    self.settings = settings
    self.clock = clock
    self.exchange = exchange
    authority = BinanceAuthority(settings)
    gate = BinanceRateGate(isOn: settings.limitsRate)
    state = Mutex(
      State(
        market: BinanceMarket(news: await exchange.standing),
        account: BinanceAccount(settings, instruments: exchange.instruments, at: clock.now)))
    await exchange.add(self)
  }

  /// From now on this one hears of everything, beginning with the market as it stands.
  func add(_ listener: any BinanceListener) {
    state.withLock { state in
      state.listeners.append(listener)
      listener.marketMoved(state.market, own: [])
    }
  }

  /// Sorted by symbol.
  public var instruments: [Instrument] { exchange.instruments }

  public func instrument(_ symbol: Symbol) -> Instrument? { exchange.instrument(symbol) }

  public func marketMoved(_ news: MarketNews) {
    state.withLock { state in
      state.market = BinanceMarket(news: news)
      state.account.follow(state.market, at: clock.now)
      let own = state.account.drainLiquidations()
      for listener in state.listeners { listener.marketMoved(state.market, own: own) }
      Self.tell(&state)
    }
  }

  var market: BinanceMarket { state.withLock { $0.market } }

  /// Looks at everything at one moment.
  func read<Answer: Sendable>(
    _ look: (State, Timestamp) throws(BinanceRefusal) -> Answer
  ) throws(BinanceRefusal) -> Answer {
    try carryOut { (state, now) throws(BinanceRefusal) in try look(state, now) }
  }

  /// Does something, and tells what came of it before it returns.
  func carryOut<Answer: Sendable>(
    _ deed: (inout State, Timestamp) throws(BinanceRefusal) -> Answer
  ) throws(BinanceRefusal) -> Answer {
    let result: Result<Answer, BinanceRefusal> = state.withLock { state in
      defer { Self.tell(&state) }
      do throws(BinanceRefusal) {
        return .success(try deed(&state, clock.now))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private static func tell(_ state: inout State) {
    let events = state.account.drainEvents()
    guard !events.isEmpty else { return }
    for listener in state.listeners { listener.accountChanged(events) }
  }
}
