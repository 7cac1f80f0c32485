/// Sends orders. Only `OrderDesk` holds one.
///
/// Deadlines come as cancellation: a call ends soon after its task is cancelled, with
/// `outcomeUnknown` where the request may have left. The other ports of a venue do the same.
///
/// A call stays on the thread of its caller: an order from the engine's loop is written there.
public protocol OrderGateway: Sendable {
  /// Whether a client id that was ever used is refused from then on, whatever became of its order.
  /// Only then may an order whose outcome is unknown, and that does not show, be sent again.
  var refusesUsedIDs: Bool { get }

  /// Places an order. An acknowledgement is no fill: those come by the account events.
  /// - Returns: The venue's own id.
  nonisolated(nonsending) func place(_ order: OrderRequest) async throws(VenueError) -> String

  /// Cancels an order by whichever id is known. An order that is gone is success.
  nonisolated(nonsending) func cancel(_ order: OrderReference) async throws(VenueError)

  /// Cancels all open orders of the account, or of one symbol.
  /// - Parameter keepingProtection: Leaves the stops and targets of positions where they are.
  /// - Returns: How many were cancelled.
  nonisolated(nonsending) func cancelAll(
    symbol: Symbol?, keepingProtection: Bool
  ) async throws(VenueError) -> Int

  /// Sets stop and target of a whole position. Values that stand already are success.
  nonisolated(nonsending) func protect(_ change: ProtectionChange) async throws(VenueError)

  /// Sets the leverage of a symbol. A value that stands already is success.
  nonisolated(nonsending) func setLeverage(_ leverage: Ratio, for symbol: Symbol)
    async throws(VenueError)

  /// Sets isolated margin: per account on Bybit, per symbol on Binance.
  nonisolated(nonsending) func setIsolatedMargin(for symbol: Symbol) async throws(VenueError)
}

/// Names one order on a venue.
public struct OrderReference: Sendable, Hashable, Codable {
  public var symbol: Symbol
  public var id: ClientOrderID?
  public var venueID: String?

  public init(symbol: Symbol, id: ClientOrderID? = nil, venueID: String? = nil) {
    self.symbol = symbol
    self.id = id
    self.venueID = venueID
  }
}

/// Reads the account. Every answer is whole: paging is the adapter's business.
public protocol AccountReader: Sendable {
  /// Wallet, open positions and open orders. A wallet that can't be read fails no reading of the rest:
  /// closing needs positions and orders alone.
  func readAccount() async throws(VenueError) -> AccountReading

  /// An order by our id, open or ended; nil when the venue does not know it.
  func order(_ id: ClientOrderID, symbol: Symbol) async throws(VenueError) -> Order?

  /// Executions since `start`, oldest first.
  func fills(since start: Timestamp) async throws(VenueError) -> [Fill]

  /// Money that came in or went out since `start`, and funding that was booked, oldest first.
  func ledger(since start: Timestamp) async throws(VenueError) -> AccountLedger

  /// Margin mode and leverage of a symbol, as they stand on the venue.
  func symbolSettings(of symbol: Symbol) async throws(VenueError) -> SymbolSettings
}

extension AccountReader {
  /// Money that came in or went out since `start`, oldest first.
  public func transfers(since start: Timestamp) async throws(VenueError) -> [Transfer] {
    try await ledger(since: start).transfers
  }
}

/// Reads what needs no account.
public protocol MarketReader: Sendable {
  /// All USDT perpetuals, sorted by symbol.
  func instruments() async throws(VenueError) -> [Instrument]

  /// The venue's clock.
  func serverTime() async throws(VenueError) -> Timestamp
}

/// Reads what a market did.
public protocol CandleReader: Sendable {
  /// The latest closed candles of a symbol, oldest first; at most `count`, which is 1000 at most.
  func closedCandles(
    of symbol: Symbol, _ interval: CandleInterval, count: Int
  ) async throws(VenueError) -> [Candle]
}

/// Something a venue's streams tell.
public enum VenueEvent: Sendable, Hashable {
  case market(MarketEvent)
  case account(AccountEvent)
  /// A connection of the link is up, or down with the reason. A link that several venues may have is told
  /// with whose it is.
  case link(
    LinkName, of: Venue? = nil, on: LinkLine = .only, isUp: Bool, detail: String)
  /// A sign of life on one connection of the link; market data alone is none.
  case heartbeat(LinkName, of: Venue? = nil, on: LinkLine = .only)
  /// The private stream was cut: what happened in between must be read.
  case accountGap
}

/// Runs a venue's streams until cancelled; reconnecting is its business.
public protocol VenueStreams: Sendable {
  /// - Parameter publish: Called in order; must not block.
  func run(publish: @escaping @Sendable (VenueEvent) -> Void) async
}
