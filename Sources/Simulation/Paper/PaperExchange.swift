import TradingModel

/// The paper venue in process: orders go in as to a real venue, prices come from a live one.
///
/// Owns the `PaperVenue`. Account events are published in order, before the call that caused them
/// returns.
public actor PaperExchange {
  /// The venue whose prices fill orders, and in whose words they are refused; what others tell is
  /// ignored.
  public nonisolated let prices: Venue
  nonisolated let clock: any WallClock
  /// How long held symbols are waited for before they count at their old prices.
  private static let patience = Duration.seconds(60)
  var venue: PaperVenue
  /// As the venue does whose rules it has.
  public nonisolated let refusesUsedIDs: Bool
  private var publish: (@Sendable (VenueEvent) -> Void)?
  private let startedAt: Timestamp
  /// Nil is a perfect one.
  let line: PaperLine?

  // Keeping the account.
  private let file: PaperAccountFile?
  let onKeeping: @Sendable (PaperKeeping) -> Void
  var lastKeeping = PaperKeeping.works
  /// The file is older than the account.
  var isChanged = false
  let changes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  /// - Parameters:
  ///   - line: How bad the line to it is, and the chance that decides each request; nil is perfect.
  ///   - account: Taken up again; nil begins anew with the balance of the settings.
  ///   - file: Where the account is kept while `run` runs; nil keeps it nowhere.
  ///   - onKeeping: Hears when the file can't be written, and when it can again.
  public init(
    settings: PaperSettings, instruments: [Instrument], prices: Venue, clock: any WallClock,
    line: (conditions: PaperConditions, chance: any RandomSource)? = nil,
    account: PaperAccount? = nil, file: PaperAccountFile? = nil,
    onKeeping: @escaping @Sendable (PaperKeeping) -> Void = { _ in }
  ) {
    self.prices = prices
    self.clock = clock
    self.file = file
    self.onKeeping = onKeeping
    refusesUsedIDs = !settings.rules.freesLinksOfEnded
    startedAt = clock.now
    self.line = line.map { PaperLine(conditions: $0.conditions, chance: $0.chance, clock: clock) }
    if let account {
      venue = PaperVenue(settings: settings, instruments: instruments, account: account)
    } else {
      venue = PaperVenue(settings: settings, instruments: instruments)
      // A new account is kept as such, before anything has happened to it.
      isChanged = true
      changes.continuation.yield()
    }
  }

  /// Takes new instruments, and new rules for known ones.
  public func list(_ instruments: [Instrument]) { venue.list(instruments) }

  /// Takes the venue's risk limits; symbols that are not named keep theirs.
  public func setTiers(_ tiers: [Symbol: [PaperTier]]) {
    for symbol in tiers.keys.sorted() { venue.setTiers(tiers[symbol] ?? [], of: symbol) }
  }

  /// Lets the market move; what it fills or sets off is published.
  public func take(_ event: MarketEvent) {
    guard event.venue == prices else { return }
    switch event {
    case .trade(let trade):
      venue.trade(
        trade.symbol, at: trade.price, quantity: trade.quantity, aggressor: trade.aggressor,
        time: now)
    case .ticker(let ticker):
      venue.move(
        ticker.symbol, last: ticker.last, mark: ticker.mark, index: ticker.index, bid: ticker.bid,
        ask: ticker.ask, fundingRate: ticker.fundingRate, at: now)
    case .liquidation:
      return
    }
    tell()
  }

  /// The levels of a book; they count until the next ones, or until it is lost.
  public func show(_ book: PaperBook, of symbol: Symbol) {
    venue.show(book, of: symbol, at: now)
    tell()
  }

  /// The book is not known any more: the touch of the ticker has all the liquidity again.
  public func forgetBook(of symbol: Symbol) { venue.forgetBook(of: symbol) }

  /// In whole milliseconds, as venues tell their times: what is kept elsewhere stays comparable.
  var now: Timestamp { Timestamp(milliseconds: clock.now.milliseconds) }

  /// Pays in (above zero) or out.
  public func transfer(_ amount: Notional) throws(VenueError) {
    try carryOut { (venue, now) throws(PaperRejection) in
      if amount < .zero {
        try venue.withdraw(-amount, at: now)
      } else {
        try venue.deposit(amount, at: now)
      }
    }
  }

  private func carryOut<Result>(
    _ deed: (inout PaperVenue, Timestamp) throws(PaperRejection) -> Result
  ) throws(VenueError) -> Result {
    defer { tell() }
    do {
      return try deed(&venue, now)
    } catch {
      throw .rejected(prices == .binance ? error.binance : error.bybit)
    }
  }

  /// What stands already is what was asked for.
  private func settle(
    _ deed: (inout PaperVenue, Timestamp) throws(PaperRejection) -> Void
  ) async throws(VenueError) {
    try await line?.travel()
    do {
      try carryOut(deed)
    } catch .rejected(let rejection) where rejection.meaning == .notModified {
      return
    }
    try line?.bringAnswer()
  }

  /// Without a listener the events wait, as many as the venue's history holds.
  private func tell() {
    guard venue.hasEvents else { return }
    isChanged = true
    changes.continuation.yield()
    guard let publish else { return }
    for event in venue.drainAccountEvents() { publish(.account(event)) }
  }
}

extension PaperExchange: OrderGateway {
  public func place(_ order: OrderRequest) async throws(VenueError) -> String {
    try await line?.travel()
    let id = try carryOut { (venue, now) throws(PaperRejection) in
      try venue.place(PaperOrderRequest(order), at: now).id
    }
    try line?.bringAnswer()
    return id
  }

  public func cancel(_ order: OrderReference) async throws(VenueError) {
    try await line?.travel()
    do {
      try carryOut { (venue, now) throws(PaperRejection) in _ = try venue.cancel(order, at: now) }
    } catch .rejected(let rejection) where rejection.meaning == .orderNotFound {
      return
    }
    try line?.bringAnswer()
  }

  public func cancelAll(symbol: Symbol?, keepingProtection: Bool) async throws(VenueError) -> Int {
    try await line?.travel()
    let count = try carryOut { (venue, now) throws(PaperRejection) in
      venue.cancelAll(
        symbol: symbol, filter: keepingProtection ? .keepingProtection : .all, at: now
      ).count
    }
    try line?.bringAnswer()
    return count
  }

  public func protect(_ change: ProtectionChange) async throws(VenueError) {
    try await settle { (venue, now) throws(PaperRejection) in
      _ = try venue.protect(change, at: now)
    }
  }

  public func setLeverage(_ leverage: Ratio, for symbol: Symbol) async throws(VenueError) {
    try await settle { (venue, now) throws(PaperRejection) in
      try venue.setLeverage(symbol, long: leverage, short: leverage, at: now)
    }
  }

  public func setIsolatedMargin(for symbol: Symbol) async throws(VenueError) {
    try await settle { (venue, now) throws(PaperRejection) in
      switch venue.settings.rules.marginScope {
      case .account: try venue.setMarginMode(.isolated, at: now)
      case .symbol: try venue.setMarginMode(.isolated, of: symbol)
      }
    }
  }
}

extension PaperExchange: AccountReader, MarketReader {
  /// - Throws: `unreachable` while what is held has no price yet: its worth is unknown, not what it
  ///   was before the start.
  public func readAccount() async throws(VenueError) -> AccountReading {
    let asked = now
    try await line?.travel()
    let waiting = venue.symbolsAwaitingPrice
    if !waiting.isEmpty, clock.now - startedAt < Self.patience {
      throw .unreachable(
        "no price since the start of \(waiting.map(\.name).joined(separator: ", "))")
    }
    var reading = venue.reading(at: now)
    reading.startedAt = asked
    return reading
  }

  /// Symbols with a position or an order: their prices must come in.
  public var symbolsInUse: [Symbol] { venue.symbolsInUse }

  public func order(
    _ id: ClientOrderID, symbol: Symbol
  ) async throws(VenueError) -> Order? {
    try await line?.travel()
    return venue.order(OrderReference(symbol: symbol, id: id))?.order
  }

  public func fills(since start: Timestamp) async throws(VenueError) -> [Fill] {
    try await line?.travel()
    return venue.executions(since: start).map(\.fill)
  }

  public func instruments() -> [Instrument] { venue.listedInstruments }

  public nonisolated func serverTime() -> Timestamp { clock.now }
}

extension PaperExchange: VenueStreams {
  private static let heartbeatInterval = Duration.seconds(1)

  /// Publishes and keeps the account until cancelled. One listener: a later one takes its place.
  public func run(publish: @escaping @Sendable (VenueEvent) -> Void) async {
    self.publish = publish
    publish(.link(.account, isUp: true, detail: "paper"))
    if venue.lostEvents > 0 { publish(.accountGap) }
    tell()
    await withDiscardingTaskGroup { group in
      if let file { group.addTask { await self.keepAccount(in: file) } }
      do {
        while true {
          try await clock.sleep(for: Self.heartbeatInterval)
          publish(.heartbeat(.account))
        }
      } catch {
        publish(.link(.account, isUp: false, detail: "stopped"))
      }
    }
  }
}

extension PaperVenue {
  /// The bot's word for a trading stop.
  @discardableResult
  mutating func protect(
    _ change: ProtectionChange, at time: Timestamp
  ) throws(PaperRejection) -> PaperPosition {
    try setTradingStop(
      change.key, stop: change.stop.map(PaperLeg.at) ?? .unchanged,
      target: change.target.map(PaperLeg.at) ?? .unchanged, stopSource: change.trigger,
      targetSource: change.trigger, at: time)
  }
}
