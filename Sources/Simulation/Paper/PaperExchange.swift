import TradingModel

/// The paper venue in process: orders go in as to a real venue, prices come from a live one.
///
/// Owns the `PaperVenue`. Account events are published in order, before the call that caused them
/// returns.
public actor PaperExchange {
  /// The venue whose prices fill orders; what others tell is ignored.
  public nonisolated let prices: Venue
  nonisolated let clock: any WallClock
  /// How long held symbols are waited for before they count at their old prices.
  private static let patience = Duration.seconds(60)
  var venue: PaperVenue
  private var publish: (@Sendable (VenueEvent) -> Void)?
  private let startedAt: Timestamp

  // Keeping the account.
  private let file: PaperAccountFile?
  let onKeeping: @Sendable (PaperKeeping) -> Void
  var lastKeeping = PaperKeeping.works
  /// The file is older than the account.
  var isChanged = false
  let changes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  /// - Parameters:
  ///   - account: Taken up again; nil begins anew with the balance of the settings.
  ///   - file: Where the account is kept while `run` runs; nil keeps it nowhere.
  ///   - onKeeping: Hears when the file can't be written, and when it can again.
  public init(
    settings: PaperSettings, instruments: [Instrument], prices: Venue, clock: any WallClock,
    account: PaperAccount? = nil, file: PaperAccountFile? = nil,
    onKeeping: @escaping @Sendable (PaperKeeping) -> Void = { _ in }
  ) {
    self.prices = prices
    self.clock = clock
    self.file = file
    self.onKeeping = onKeeping
    startedAt = clock.now
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

  /// Lets the market move; what it fills or sets off is published.
  public func take(_ event: MarketEvent) {
    guard event.venue == prices else { return }
    switch event {
    case .trade(let trade):
      venue.trade(
        trade.symbol, at: trade.price, quantity: trade.quantity, aggressor: trade.aggressor,
        time: clock.now)
    case .ticker(let ticker):
      venue.move(
        ticker.symbol, last: ticker.last, mark: ticker.mark, bid: ticker.bid, ask: ticker.ask,
        fundingRate: ticker.fundingRate, at: clock.now)
    case .liquidation:
      return
    }
    tell()
  }

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
      return try deed(&venue, clock.now)
    } catch {
      throw .rejected(error.bybit)
    }
  }

  /// What stands already is what was asked for.
  private func settle(
    _ deed: (inout PaperVenue, Timestamp) throws(PaperRejection) -> Void
  ) throws(VenueError) {
    do {
      try carryOut(deed)
    } catch .rejected(let rejection) where rejection.meaning == .notModified {
      return
    }
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
  public func place(_ order: OrderRequest) throws(VenueError) -> String {
    try carryOut { (venue, now) throws(PaperRejection) in
      try venue.place(PaperOrderRequest(order), at: now).id
    }
  }

  public func cancel(_ order: OrderReference) throws(VenueError) {
    do {
      try carryOut { (venue, now) throws(PaperRejection) in _ = try venue.cancel(order, at: now) }
    } catch .rejected(let rejection) where rejection.meaning == .orderNotFound {
      return
    }
  }

  public func cancelAll(symbol: Symbol?, keepingProtection: Bool) throws(VenueError) -> Int {
    try carryOut { (venue, now) throws(PaperRejection) in
      venue.cancelAll(
        symbol: symbol, filter: keepingProtection ? .keepingProtection : .all, at: now
      ).count
    }
  }

  public func protect(_ change: ProtectionChange) throws(VenueError) {
    try settle { (venue, now) throws(PaperRejection) in _ = try venue.protect(change, at: now) }
  }

  public func setLeverage(_ leverage: Ratio, for symbol: Symbol) throws(VenueError) {
    try settle { (venue, now) throws(PaperRejection) in
      try venue.setLeverage(symbol, long: leverage, short: leverage, at: now)
    }
  }

  public func setIsolatedMargin(for symbol: Symbol) throws(VenueError) {
    try settle { (venue, now) throws(PaperRejection) in try venue.setMarginMode(.isolated, at: now)
    }
  }
}

extension PaperExchange: AccountReader, MarketReader {
  /// - Throws: `unreachable` while what is held has no price yet: its worth is unknown, not what it
  ///   was before the start.
  public func readAccount() throws(VenueError) -> AccountReading {
    let waiting = venue.symbolsAwaitingPrice
    if !waiting.isEmpty, clock.now - startedAt < Self.patience {
      throw .unreachable(
        "no price since the start of \(waiting.map(\.name).joined(separator: ", "))")
    }
    return venue.reading(at: clock.now)
  }

  /// Symbols with a position or an order: their prices must come in.
  public var symbolsInUse: [Symbol] { venue.symbolsInUse }

  public func order(_ id: ClientOrderID, symbol: Symbol) -> Order? {
    venue.order(OrderReference(symbol: symbol, id: id))?.order
  }

  public func fills(since start: Timestamp) -> [Fill] {
    venue.executions(since: start).map(\.fill)
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
