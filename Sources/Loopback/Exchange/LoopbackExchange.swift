import Simulation
import Synchronization
import TradingModel

/// What the loopback venues have inside: one account on a paper venue, and a market that moves.
///
/// Owns the `PaperVenue` and the market. Everything that happens is told to the listeners before the
/// call that caused it returns. The same seed gives the same market as far as real time allows.
public actor LoopbackExchange {
  /// How often the market is looked at while `run()` runs.
  public static let beat = Duration.milliseconds(100)
  /// What is older than this when it is found, after a jump of the clock, is no news any more.
  private static let newsAge = Duration.seconds(5)
  /// How far a jump pushes the market ahead, so that it shows at once.
  private static let push = SyntheticMarket.slice

  public nonisolated let clock: any WallClock
  /// Sorted by symbol.
  private nonisolated let listed: Mutex<[Instrument]>
  private var venue: PaperVenue
  private var market: any MarketSource
  private var pace: MarketPace
  private var listeners: [any ExchangeListener] = []
  private var autoMargin = AutoMargin()
  private var watches: [@Sendable (inout PaperVenue, Timestamp) -> Void] = []
  /// Orders that were told as open; what fills without that is told as taken first.
  private var told: [String: PaperOrder.Status] = [:]
  public private(set) var bybit: MarketBoard
  public private(set) var binance: MarketBoard
  public private(set) var bybitTape: MarketTape
  public private(set) var binanceTape: MarketTape
  /// Counts the moves of the market; a `SyntheticBook` is drawn for one.
  public private(set) var beat: Int64 = 1

  /// - Parameters:
  ///   - speed: Market seconds per second, above zero.
  /// - Precondition: The paper settings have no problems, the speed is above zero.
  public init(
    market: any MarketSource, paper: PaperSettings = PaperSettings(), speed: Ratio = .one,
    clock: any WallClock
  ) {
    precondition(speed > .zero, "the market cannot stand still or run backwards")
    self.clock = clock
    self.market = market
    let instruments = market.instruments.sorted { $0.symbol < $1.symbol }
    listed = Mutex(instruments)
    venue = PaperVenue(settings: paper, instruments: instruments)
    pace = MarketPace(speed: speed, start: market.time, now: clock.now)
    func board(_ venue: Venue) -> MarketBoard {
      MarketBoard(
        instruments.compactMap { instrument in
          market.ticker(instrument.symbol, on: venue).flatMap { SymbolBoard(instrument, $0) }
        })
    }
    bybit = board(.bybit)
    binance = board(.binance)
    bybitTape = MarketTape(bybit, at: clock.now)
    binanceTape = MarketTape(binance, at: clock.now)
    for board in bybit.symbols {
      venue.move(
        board.symbol, last: board.last, mark: board.mark, index: board.ticker.index ?? board.mark,
        bid: board.ticker.bid, ask: board.ticker.ask, at: clock.now)
    }
  }

  /// Sorted by symbol.
  public nonisolated var instruments: [Instrument] { listed.withLock { $0 } }

  /// The rules of a contract; nil for one that is not listed.
  public nonisolated func instrument(_ symbol: Symbol) -> Instrument? {
    instruments.first { $0.symbol == symbol }
  }

  /// Everything as it stands, with nothing new.
  public var standing: MarketNews { news(of: [], [], at: clock.now) }

  /// From now on this one hears of everything, beginning with the boards as they stand.
  public func add(_ listener: any ExchangeListener) {
    listeners.append(listener)
    listener.marketMoved(standing)
  }

  /// From now on this is done with every beat of the market: what a venue does by itself to the account
  /// when a time has come.
  public func addWatch(_ watch: @escaping @Sendable (inout PaperVenue, Timestamp) -> Void) {
    watches.append(watch)
  }

  /// Lets the market run until cancelled.
  public func run() async {
    do {
      while true {
        try await clock.sleep(for: Self.beat)
        advance()
      }
    } catch {
      // Cancelled: the market stands still.
    }
  }

  /// Brings the market up to the clock, and tells what happened.
  public func advance() {
    pace.follow(to: clock.now)
    moveMarket()
  }

  // MARK: The account

  /// Looks at the account.
  public func read<Answer: Sendable>(
    _ look: @Sendable (PaperVenue, Timestamp) -> Answer
  ) -> Answer {
    look(venue, clock.now)
  }

  /// Does something to the account, and tells what came of it.
  public func carryOut<Answer: Sendable>(
    _ deed: @Sendable (inout PaperVenue, Timestamp) throws(PaperRejection) -> Answer
  ) throws(PaperRejection) -> Answer {
    let now = clock.now
    defer { tellAccount(at: now) }
    return try deed(&venue, now)
  }

  /// Whether an isolated position is given margin when it comes near its liquidation.
  public func hasAutoMargin(_ key: PositionKey) -> Bool { autoMargin.isWanted(for: key) }

  public func setAutoMargin(_ isWanted: Bool, of key: PositionKey) {
    autoMargin.set(isWanted, for: key)
  }

  // MARK: The market

  public var isPaused: Bool { pace.isPaused }
  public var speed: Ratio { pace.speed }

  /// Stops the market, or lets it go on from where it stands.
  public func setPaused(_ isPaused: Bool) {
    advance()
    pace.isPaused = isPaused
  }

  /// - Returns: False for a speed that is not above zero.
  public func setSpeed(_ speed: Ratio) -> Bool {
    guard speed > .zero else { return false }
    advance()
    pace.speed = speed
    return true
  }

  /// Moves prices at once by a share of them, also while the market is paused.
  /// - Returns: Those that moved: not an unknown symbol, nor by a share that makes no sense.
  @discardableResult
  public func jump(_ symbols: [Symbol], by share: Ratio) -> [Symbol] {
    pace.follow(to: clock.now)
    let moved = symbols.filter { market.jump($0, by: share) }
    guard !moved.isEmpty else { return [] }
    pace.push(by: Self.push)
    moveMarket(refreshing: moved)
    return moved
  }

  /// - Parameter symbols: Their tickers are told whether or not it is time for them.
  /// Stops a contract's trading, or lets it go on: its orders are refused meanwhile.
  /// - Returns: False for one that is not listed.
  public func setTrading(_ isTrading: Bool, of symbol: Symbol) -> Bool {
    let changed = listed.withLock { listed -> Instrument? in
      guard let place = listed.firstIndex(where: { $0.symbol == symbol }) else { return nil }
      listed[place].isTrading = isTrading
      return listed[place]
    }
    guard let changed else { return false }
    venue.list([changed])
    bybit.list(changed)
    binance.list(changed)
    advance()
    return true
  }

  private func moveMarket(refreshing symbols: [Symbol] = []) {
    let now = clock.now
    var events = market.step(to: pace.time)
    for symbol in symbols {
      for venue in [Venue.binance, .bybit] {
        if let ticker = market.ticker(symbol, on: venue) { events.append(.ticker(ticker)) }
      }
    }
    beat += 1
    var recent: [MarketEvent] = []
    var prints: [MarketPrint] = []
    for event in events {
      let event = event.stamped(pace.stamp(event.time, now: now))
      let print = take(event, at: now)
      guard now - event.time <= Self.newsAge else { continue }
      recent.append(event)
      if let print { prints.append(print) }
    }
    let news = news(of: recent, prints, at: now)
    for listener in listeners { listener.marketMoved(news) }
    autoMargin.apply(to: &venue, at: now)
    for watch in watches { watch(&venue, now) }
    tellAccount(at: now)
  }

  private func take(_ event: MarketEvent, at now: Timestamp) -> MarketPrint? {
    let instrument = venue.instrument(event.symbol)
    guard event.venue == .bybit else {
      binance.take(event, listed: instrument)
      return binanceTape.take(event, binance[event.symbol])
    }
    bybit.take(event, listed: instrument)
    defer { tellPrice(event, at: now) }
    return bybitTape.take(event, bybit[event.symbol])
  }

  /// What a price does to the account happens now, whenever it was made: else a stop could close a
  /// position before it was opened.
  private func tellPrice(_ event: MarketEvent, at now: Timestamp) {
    switch event {
    case .trade(let trade):
      venue.move(trade.symbol, last: trade.price, at: now)
    case .ticker(let ticker):
      // A market that tells no index has the mark price as one, as its rows say.
      venue.move(
        ticker.symbol, last: ticker.last, mark: ticker.mark, index: ticker.index ?? ticker.mark,
        bid: ticker.bid, ask: ticker.ask, fundingRate: ticker.fundingRate, at: now)
    case .liquidation:
      break
    }
  }

  private func news(
    of events: [MarketEvent], _ prints: [MarketPrint], at time: Timestamp
  ) -> MarketNews {
    MarketNews(
      time: time, events: events, bybit: bybit, binance: binance, beat: beat, prints: prints,
      bybitTape: bybitTape, binanceTape: binanceTape)
  }

  private func tellAccount(at time: Timestamp) {
    let events = venue.drainEvents()
    guard !events.isEmpty else { return }
    let news = events.flatMap(news)
    for listener in listeners { listener.accountChanged(news, at: time) }
  }

  private func profit(of order: PaperOrder) -> Notional? {
    guard !order.filled.isZero else { return nil }
    return venue.closedTrades.last { $0.order.id == order.id }?.net
  }

  private func news(of event: PaperEvent) -> [AccountNews] {
    switch event {
    case .order(let order):
      told[order.id] = order.status.isOpen ? order.status : nil
      return [.order(order, .current, profit: profit(of: order))]
    case .execution(let execution):
      let order = execution.order
      let before = told.updateValue(order.status, forKey: order.id)
      switch before {
      case nil: return [.order(order, .taken, profit: nil), .execution(execution)]
      case .untriggered: return [.order(order, .triggered, profit: nil), .execution(execution)]
      default: return [.execution(execution)]
      }
    case .position(let position, _):
      return [.position(PositionReport(position, on: venue))]
    case .wallet(let wallet): return [.wallet(wallet)]
    case .funding(let entry): return [.funding(entry)]
    case .transfer(let amount, let time): return [.transfer(amount, at: time)]
    }
  }
}
