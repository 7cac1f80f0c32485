import TradingModel

/// The line of one life of the bot to the venue. When the life has ended nothing comes through any
/// more; what has left before is carried out all the same.
final class VenueLine: OrderGateway, AccountReader, MarketReader, CandleReader, VenueStreams,
  @unchecked Sendable
{
  private let venue: SimulatedVenue
  private let time: WorldTime
  private let clock: MachineClock
  private let flaws: Flaws
  /// How far the machine's clock may be off, and how late a request may come, before the venue refuses
  /// what it signs.
  static let window = Duration.seconds(5)
  private(set) var isAlive = true

  init(_ venue: SimulatedVenue, time: WorldTime, clock: MachineClock, flaws: Flaws) {
    self.venue = venue
    self.time = time
    self.clock = clock
    self.flaws = flaws
  }

  func end() {
    isAlive = false
    venue.listener = nil
  }

  private func ask<Value: Sendable>(
    _ call: VenueCall, _ work: @escaping (SimulatedVenue) -> Result<Value, VenueError>
  ) async throws(VenueError) -> Value {
    guard isAlive else { throw .unreachable("the process has ended") }
    let answer = Answer<Value>()
    var fate = venue.fate(of: call)
    if call.isSigned, clock.offset.magnitude > Self.window {
      venue.trouble()
      fate = .refused(.clockSkew("off by \(clock.offset)"), after: .milliseconds(40))
    }
    switch fate {
    case .answered(let there, let back):
      time.add("request", at: time.now + there) { [venue, time] in
        let result = work(venue)
        time.add("answer", at: time.now + back) { answer.give(result) }
      }
    case .refused(let error, let delay):
      time.add("refusal", at: time.now + delay) { answer.give(.failure(error)) }
    case .failed(let error, let there, let back):
      time.add("request", at: time.now + there) { [venue, time] in
        _ = work(venue)
        time.add("failure", at: time.now + back) { answer.give(.failure(error)) }
      }
    case .unanswered(let there):
      time.add("request", at: time.now + there) { [venue] in _ = work(venue) }
    case .lost: break
    }
    return try await answer.value(
      orWhenCancelled: call.isDeed ? .outcomeUnknown : .unreachable("given up"))
  }

  // MARK: Orders

  var refusesUsedIDs: Bool { !venue.paper.settings.rules.freesLinksOfEnded }

  func place(_ order: OrderRequest) async throws(VenueError) -> String {
    if isAlive { venue.note(.leaves(order)) }
    let orders = flaws.orders(order)
    for extra in orders.dropFirst() {
      time.add("planted", at: time.now + .milliseconds(30)) { [venue] in _ = venue.place(extra) }
    }
    guard let first = orders.first else { return "swallowed" }
    return try await ask(.place) { $0.place(first) }
  }

  func cancel(_ order: OrderReference) async throws(VenueError) {
    guard !flaws.swallowsCancels else { return }
    try await ask(.cancel) { $0.cancel(order) }
  }

  func cancelAll(symbol: Symbol?, keepingProtection: Bool) async throws(VenueError) -> Int {
    guard !flaws.swallowsCancels else { return 0 }
    return try await ask(.cancelAll) { $0.cancelAll(symbol, keepingProtection: keepingProtection) }
  }

  func protect(_ change: ProtectionChange) async throws(VenueError) {
    guard let change = flaws.protection(change) else { return }
    try await ask(.protect) { $0.protect(change) }
  }

  func setLeverage(_ leverage: Ratio, for symbol: Symbol) async throws(VenueError) {
    try await ask(.leverage) { $0.setLeverage(leverage, for: symbol) }
  }

  func setIsolatedMargin(for symbol: Symbol) async throws(VenueError) {
    try await ask(.margin) { $0.setIsolatedMargin(for: symbol) }
  }

  // MARK: Readings

  func readAccount() async throws(VenueError) -> AccountReading {
    let asked = clock.now
    var reading = try await ask(.account) { venue in
      .success(venue.paper.reading(at: venue.now))
    }
    reading.startedAt = asked
    if venue.tearsReading() {
      // Wallet, positions and orders are several requests: what happens in between tears them.
      reading.orders = try await ask(.account) { venue in
        .success(venue.paper.reading(at: venue.now).orders)
      }
    }
    reading.time = clock.now
    if isAlive { venue.noteReading() }
    return flaws.reading(reading)
  }

  func order(_ id: ClientOrderID, symbol: Symbol) async throws(VenueError) -> Order? {
    try await ask(.order) {
      .success($0.paper.order(OrderReference(symbol: symbol, id: id))?.order)
    }
  }

  func fills(since start: Timestamp) async throws(VenueError) -> [Fill] {
    let (fills, time) = try await ask(.fills) { venue in
      .success((venue.paper.executions(since: start).map(\.fill), venue.now))
    }
    if isAlive { venue.note(.fillsRead(since: start, at: time)) }
    return fills
  }

  func ledger(since start: Timestamp) async throws(VenueError) -> AccountLedger {
    try await ask(.transfers) { .success($0.paper.accountLedger(since: start)) }
  }

  func symbolSettings(of symbol: Symbol) async throws(VenueError) -> SymbolSettings {
    try await ask(.symbolSettings) { .success($0.settings(of: symbol)) }
  }

  func instruments() async throws(VenueError) -> [Instrument] {
    let instruments = try await ask(.instruments) { .success($0.paper.listedInstruments) }
    if isAlive { for one in instruments { venue.told[one.symbol] = one } }
    return instruments
  }

  func closedCandles(
    of symbol: Symbol, _ interval: CandleInterval, count: Int
  ) async throws(VenueError) -> [Candle] {
    let request = CandleRequest(symbol: symbol, interval: interval, count: count)
    return try await ask(.candles) { .success($0.candles?.latest(request, at: $0.now) ?? []) }
  }

  func serverTime() async throws(VenueError) -> Timestamp {
    try await ask(.time) { .success($0.now) }
  }

  // MARK: Streams

  func run(publish: @escaping @Sendable (VenueEvent) -> Void) async {
    guard isAlive else { return }
    venue.listener = SimulatedVenue.Listener { [flaws] event in
      if let event = flaws.event(event) { publish(event) }
    }
    for link in [LinkName.account, .prices, .liquidations] {
      publish(.link(link, isUp: true, detail: ""))
    }
    do { while true { try await clock.sleep(for: .hours(24)) } } catch { return }
  }
}
