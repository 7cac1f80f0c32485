import Simulation
import TradingModel

/// The venue of a simulated day: the paper venue with its market, and a line to it that fails as told.
///
/// Owns the truth: what it says is open is open, whatever the bot believes. Unchecked, as `TurnQueue`
/// explains: it belongs to the day's thread.
public final class SimulatedVenue: @unchecked Sendable {
  /// The account itself.
  public internal(set) var paper: PaperVenue
  private var market: SyntheticMarket
  private let time: WorldTime
  let chance: Chance
  private unowned let day: BotDay

  /// The fates of the next requests of a kind, before chance decides.
  private var scripted: [VenueCall: [CallFate]] = [:]
  /// What happens to the next account updates, before chance decides.
  private var scriptedUpdates: [UpdateFate] = []
  public var spells = VenueSpells()
  /// How likely a request, and an account update, meets a fault just now.
  var callFaults = 0.0
  var deedFaults = 0.0
  var updateFaults = 0.0

  /// Minutes of what was traded; nil on a day that measures nothing in them.
  private(set) var candles: TapeCandles?
  /// Binance's market is listened to, beside the one that is traded on.
  private let hearsBinance: Bool
  /// Symbols whose book is shown just now.
  var shown: Set<Symbol> = []
  /// The contracts as the bot was told of them last.
  var told: [Symbol: Instrument] = [:]

  var listener: Listener?
  private var lastDelivery: Timestamp
  private(set) var marketEventCount = 0
  /// When the line to the venue was in trouble last: a request that failed, or a spell.
  public private(set) var troubledAt: Timestamp
  /// When money came in or went out last.
  public private(set) var lastTransferAt = Timestamp(nanoseconds: 0)
  /// What was in the wallet at the start, in USDT.
  public let startBalance: Notional

  /// Who listens to the streams: the bot's present life.
  final class Listener {
    let publish: @Sendable (VenueEvent) -> Void
    /// The private stream is down; nobody may have noticed yet.
    var isAccountCut = false
    init(_ publish: @escaping @Sendable (VenueEvent) -> Void) { self.publish = publish }
  }

  init(_ plan: DayPlan, time: WorldTime, day: BotDay) {
    self.time = time
    self.day = day
    chance = Chance(seed: plan.seed, for: "venue")
    market = SyntheticMarket(
      seed: Chance(seed: plan.seed, for: "market").next(), symbols: plan.symbols,
      temper: plan.temper, start: plan.start, slice: plan.marketPace)
    paper = PaperVenue(settings: plan.paper, instruments: plan.symbols.map(\.instrument))
    startBalance = plan.paper.balance
    candles = plan.usesRanges ? TapeCandles() : nil
    hearsBinance = plan.engine.liquidation?.source.includes(.binance) ?? false
    lastDelivery = plan.start
    troubledAt = plan.start
  }

  /// In whole milliseconds, as venues tell their times.
  public var now: Timestamp { Timestamp(milliseconds: time.now.milliseconds) }

  // MARK: The market

  /// Lets the market go on to this moment, and tells of it.
  func goOn() {
    for event in market.step(to: time.now) {
      if event.venue == .bybit {
        take(event)
      } else if hearsBinance {
        marketEventCount += 1
        if !spells.arePricesStale { listener?.publish(.market(event)) }
      }
    }
    if let listener, !spells.arePricesStale {
      listener.publish(.heartbeat(.prices))
      listener.publish(.heartbeat(.liquidations))
      if !listener.isAccountCut { listener.publish(.heartbeat(.account)) }
    }
  }

  /// Something is seen on the market: it moves the account, and the bot hears of it.
  public func take(_ event: MarketEvent) {
    marketEventCount += 1
    switch event {
    case .trade(let trade):
      paper.trade(
        trade.symbol, at: trade.price, quantity: trade.quantity, aggressor: trade.aggressor,
        time: now)
      candles?.take(trade, at: now)
    case .ticker(let ticker):
      paper.move(
        ticker.symbol, last: ticker.last, mark: ticker.mark, bid: ticker.bid, ask: ticker.ask,
        fundingRate: ticker.fundingRate, at: now)
      if spells.areBooksThin || !shown.isEmpty { showBook(beside: ticker) }
    case .liquidation: break
    }
    settle()
    if !spells.arePricesStale { listener?.publish(.market(event)) }
  }

  /// Moves a price at once, as a scenario wants it: −0.05 is five percent down.
  public func jump(_ symbol: Symbol, by share: Ratio) { _ = market.jump(symbol, by: share) }

  public func price(of symbol: Symbol) -> Price? { paper.market(symbol)?.last }

  // MARK: The account

  /// Something is done to the account, and its streams tell of it.
  func carryOut<Value>(
    _ deed: (inout PaperVenue, Timestamp) throws(PaperRejection) -> Value
  ) -> Result<Value, VenueError> {
    defer { settle() }
    do throws(PaperRejection) {
      return .success(try deed(&paper, now))
    } catch {
      return .failure(.rejected(error.bybit))
    }
  }

  private func settle() {
    guard paper.hasEvents else { return }
    for event in paper.drainAccountEvents() {
      if case .fill(let fill) = event { day.happen(.fill(fill)) }
      if case .transfer = event { lastTransferAt = time.now }
      route(event)
    }
    day.accountChanged()
  }

  /// Positions that are open, sorted.
  public var positions: [Position] { paper.openPositions().compactMap(paper.model) }

  public func position(_ key: PositionKey) -> Position? {
    paper.position(key).flatMap(paper.model)
  }

  // MARK: The streams

  /// What happens to an account update on its way.
  public enum UpdateFate: Sendable, Hashable {
    case told, twice, lost
    case late(Duration)
  }

  /// Decides over the next account updates.
  public func script(updates fates: [UpdateFate]) { scriptedUpdates += fates }

  private func route(_ event: AccountEvent) {
    guard let listener, !listener.isAccountCut else { return }
    let delay = chance.duration(.milliseconds(10), .milliseconds(80))
    // One connection: what was told later arrives later.
    lastDelivery = max(lastDelivery, time.now + delay)
    switch fateOfUpdate() {
    case .told: deliver(event, to: listener, at: lastDelivery)
    case .twice:
      day.play(Fault(.updateTwice, event.words))
      deliver(event, to: listener, at: lastDelivery)
      deliver(event, to: listener, at: lastDelivery + chance.duration(.zero, .seconds(20)))
    case .late(let delay):
      day.play(Fault(.updateLate, event.words))
      deliver(event, to: listener, at: lastDelivery + delay)
    case .lost: day.play(Fault(.updateLost, event.words))
    }
  }

  private func fateOfUpdate() -> UpdateFate {
    if !scriptedUpdates.isEmpty { return scriptedUpdates.removeFirst() }
    guard chance.happens(updateFaults) else { return .told }
    switch chance.whole(0...2) {
    case 0: return .twice
    case 1: return .lost
    default: return .late(chance.duration(.milliseconds(100), .seconds(10)))
    }
  }

  private func deliver(_ event: AccountEvent, to listener: Listener, at moment: Timestamp) {
    time.add("account update", at: moment) { [weak self] in
      guard let self, self.listener === listener else { return }
      day.accountHeardAt = time.now
      listener.publish(.account(event))
    }
  }

  /// The private stream breaks and comes back after `duration`; what happens meanwhile is not told.
  public func cutStream(for duration: Duration, isNoticed: Bool) {
    guard let listener, !listener.isAccountCut else { return }
    day.play(Fault(.streamCut, "\(duration)"))
    listener.isAccountCut = true
    if isNoticed { listener.publish(.link(.account, isUp: false, detail: "cut")) }
    time.add("stream back", at: time.now + duration) { [weak self] in
      guard let self, self.listener === listener else { return }
      listener.isAccountCut = false
      listener.publish(.link(.account, isUp: true, detail: ""))
      listener.publish(.accountGap)
    }
  }

  // MARK: The line

  /// Decides over the next request of that kind.
  public func script(_ call: VenueCall, _ fates: CallFate...) {
    scripted[call, default: []] += fates
  }

  func fate(of call: VenueCall) -> CallFate {
    let fate = nextScripted(call) ?? drawn(call)
    if case .answered(let there, let back) = fate, there + back < .seconds(1) { return fate }
    trouble()
    return fate
  }

  private func nextScripted(_ call: VenueCall) -> CallFate? {
    guard let fates = scripted[call], !fates.isEmpty else { return nil }
    scripted[call] = Array(fates.dropFirst())
    return fates.first
  }

  /// The bot has read its account.
  func noteReading() { day.accountHeardAt = time.now }

  func trouble() { troubledAt = time.now }
  func note(_ happening: Happening) { day.happen(happening) }
  func countFault(_ fault: Fault) { day.play(fault) }
}
