import EngineCore
import Risk
import TradingModel

/// Plays a recording to the engine that trades live, with the paper venue behind it.
///
/// Time is the recording's. Each effect reaches the venue `latency` after its decision, and the
/// answer comes back at that moment. A liquidation is a trade at its average price as well: where a
/// symbol has no tape of its own, last price and VWAP come from there.
public struct ReplayRunner: Sendable {
  /// Longer silence is jumped over: while nothing is open, and always.
  private static let idleGap = Duration.seconds(15)
  private static let recordingGap = Duration.minutes(5)
  /// Before an event that ends a silence the engine gets time to read the account.
  private static let leadIn = Duration.seconds(3)
  private static let tick = Duration.seconds(1)
  /// While orders are under way, as live.
  private static let busyTick = Duration.milliseconds(100)
  private static let busyFor = Duration.seconds(3)
  /// After the last event, for what is under way.
  private static let tail = Duration.seconds(10)

  private struct Errand: Sendable {
    let effect: Effect
    let decidedAt: Timestamp
    let dueAt: Timestamp
  }

  private let latency: Duration
  private let instruments: [Instrument]
  private let areInstrumentsDerived: Bool
  private let startBalance: Notional
  private var engine: TradingEngine
  private var venue: PaperVenue
  private var candles = TapeCandles()
  private var tally = ReplayTally()
  private var liquidatedCount = 0
  private var now = Timestamp(nanoseconds: 0)
  private var tickedAt = Timestamp(nanoseconds: 0)
  private var busyUntil = Timestamp(nanoseconds: 0)
  /// All have the same latency, so that they are due in the order they were decided.
  private var errands: [Errand] = []
  /// Symbols whose best bid and ask the recording tells.
  private var symbolsWithBook: Set<Symbol> = []

  /// - Parameters:
  ///   - instruments: The venue's rules; nil guesses them from the recording.
  ///   - latency: From a decision to its answer.
  public init(
    engine settings: EngineSettings, paper: PaperSettings, instruments: [Instrument]?,
    feed: ReplayFeed, latency: Duration = .milliseconds(50)
  ) {
    let rules = instruments ?? DerivedInstruments.of(feed.events)
    self.latency = latency
    self.instruments = rules
    areInstrumentsDerived = instruments == nil
    startBalance = paper.balance
    engine = TradingEngine(settings: settings)
    venue = PaperVenue(settings: paper, instruments: rules)
  }

  /// Plays the whole feed.
  public static func run(
    _ feed: ReplayFeed, engine: EngineSettings, paper: PaperSettings,
    instruments: [Instrument]? = nil, latency: Duration = .milliseconds(50)
  ) -> ReplayReport {
    var runner = ReplayRunner(
      engine: engine, paper: paper, instruments: instruments, feed: feed, latency: latency)
    return runner.play(feed)
  }

  private mutating func play(_ feed: ReplayFeed) -> ReplayReport {
    let first = feed.events.first?.arrival ?? now
    start(at: first - Self.leadIn)
    for recorded in feed.events {
      approach(recorded.arrival)
      play(recorded.event)
    }
    advance(to: now + Self.tail)
    let wallet = venue.wallet(at: now)
    var report = ReplayReport(
      files: feed.files, skippedLines: feed.skipped,
      areInstrumentsDerived: areInstrumentsDerived, firstEvent: first,
      lastEvent: feed.events.last?.arrival ?? first, startBalance: startBalance,
      endBalance: wallet.balance, endEquity: wallet.equity,
      fees: venue.totalFees)
    tally.fill(&report)
    report.liquidatedCount = liquidatedCount
    return report
  }

  // MARK: Time

  private mutating func start(at time: Timestamp) {
    now = time
    tickedAt = time
    deliver(.restored(RestoredState()))
    deliver(.instruments(instruments))
    deliver(.clockSkew(.zero))
    tickNow()
  }

  /// Lets time pass until an event: second by second, but not through long silence.
  private mutating func approach(_ arrival: Timestamp) {
    let gap = arrival - now
    let isIdle = errands.isEmpty && venue.openPositions().isEmpty && venue.openOrders().isEmpty
    if gap > (isIdle ? Self.idleGap : Self.recordingGap) {
      tally.gaps += gap > Self.recordingGap ? 1 : 0
      advance(to: now + Self.leadIn)
      var midnight = now.day.next.start
      while midnight < arrival - Self.leadIn {
        jump(to: midnight - Self.leadIn)
        advance(to: midnight + Self.leadIn)
        midnight = midnight.day.next.start
      }
      jump(to: arrival - Self.leadIn)
    }
    advance(to: arrival)
  }

  private mutating func jump(to time: Timestamp) {
    guard time > now else { return }
    now = time
    tickNow()
  }

  private mutating func advance(to target: Timestamp) {
    while true {
      let tick = tickedAt + (now < busyUntil ? Self.busyTick : Self.tick)
      let due = errands.first.map { min($0.dueAt, tick) } ?? tick
      guard due <= target else { break }
      now = max(now, due)
      if let errand = errands.first, errand.dueAt <= now {
        errands.removeFirst()
        carryOut(errand)
      } else {
        tickNow()
      }
    }
    now = max(now, target)
  }

  /// A recording holds what happened: that nothing happened does not mean that a link was lost.
  private mutating func tickNow() {
    tickedAt = now
    for link in [LinkName.account, .prices, .liquidations] { deliver(.heartbeat(link)) }
    deliver(.tick)
  }

  // MARK: Events in

  private mutating func play(_ event: MarketEvent) {
    tally.note(event)
    switch event {
    case .trade(let trade):
      see(trade)
    case .liquidation(let liquidation):
      see(
        Trade(
          venue: liquidation.venue, symbol: liquidation.symbol, price: liquidation.averagePrice,
          quantity: liquidation.quantity, aggressor: liquidation.closed.closing,
          time: liquidation.time))
      deliver(.market(event))
      if let look = engine.lastLook(at: liquidation.symbol), look.time == now { tally.note(look) }
    case .ticker(let ticker):
      venue.move(
        ticker.symbol, last: ticker.last, mark: ticker.mark, index: ticker.index, bid: ticker.bid,
        ask: ticker.ask, at: now)
      if ticker.bid != nil { symbolsWithBook.insert(ticker.symbol) }
      deliver(.market(event))
      deliverAccountEvents()
    }
  }

  private mutating func see(_ trade: Trade) {
    venue.move(trade.symbol, last: trade.price, at: now)
    candles.take(trade, at: now)
    deliver(.market(.trade(trade)))
    if !symbolsWithBook.contains(trade.symbol) {
      // Where no best bid and ask were recorded, the paper venue fills at the last price.
      deliver(
        .market(
          .ticker(
            Ticker(
              venue: trade.venue, symbol: trade.symbol, bid: trade.price, ask: trade.price,
              time: trade.time))))
    }
    deliverAccountEvents()
  }

  private mutating func deliverAccountEvents() {
    for event in venue.drainEvents() {
      if case .execution(let execution) = event, execution.kind == .bust { liquidatedCount += 1 }
      if let event = venue.accountEvent(event) { deliver(.account(event)) }
    }
  }

  private mutating func deliver(_ body: EngineEvent.Body) {
    for effect in engine.handle(EngineEvent(body, at: now)) { take(effect) }
  }

  // MARK: Effects out

  private mutating func take(_ effect: Effect) {
    switch effect {
    case .record(let record): tally.note(record, at: now)
    case .alert(let alert): tally.note(alert)
    case .callBack(let id): callBack(id)
    case .progress, .writeStateFile: break
    case .mark(let mark): deliver(.answer(.reached(mark)))
    case .place, .reduce, .protect, .cancel, .cancelAll, .prepare:
      busyUntil = now + Self.busyFor
      errands.append(Errand(effect: effect, decidedAt: now, dueAt: now + latency))
    case .readAccount, .readFills, .readLedger, .readCandles:
      errands.append(Errand(effect: effect, decidedAt: now, dueAt: now + latency))
    }
  }

  private mutating func callBack(_ id: ClientOrderID) {
    let place = errands.firstIndex { errand in
      if case .place(let order) = errand.effect { order.request.id == id } else { false }
    }
    guard let place, case .place(let order) = errands.remove(at: place).effect else { return }
    deliver(.answer(.withheld(order.request, .calledBack)))
  }

  private mutating func carryOut(_ errand: Errand) {
    if case .readCandles(let request) = errand.effect {
      return deliver(.answer(.candlesRead(request, candles.closed(request, at: now))))
    }
    guard let answer = venue.carryOut(errand.effect, decidedAt: errand.decidedAt, at: now) else {
      return
    }
    deliver(.answer(answer))
    deliverAccountEvents()
  }
}
