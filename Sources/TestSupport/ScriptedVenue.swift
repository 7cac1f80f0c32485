import Synchronization
import TradingModel

/// A venue that takes every order and remembers it, but for the calls a test gave it acts for.
/// Each call is a line in the chronicle.
public final class ScriptedVenue: OrderGateway, AccountReader, MarketReader, CandleReader {
  public enum Call: String, Sendable {
    case place, cancel, cancelAll, protect, setLeverage, setIsolatedMargin
    case readAccount, order, fills, transfers, symbolSettings, instruments, serverTime, candles
  }

  /// What the next call of a kind comes to.
  public enum Act: Sendable {
    case works
    /// Nothing is done.
    case fails(VenueError)
    /// It is done, but the answer is lost.
    case worksUnheard
    /// No answer until the caller's patience ends.
    case hangs
    /// It works once the latch is open.
    case waits(Latch)
  }

  private struct State {
    var acts: [Call: [Act]] = [:]
    var orders: [ClientOrderID: Order] = [:]
    var reading: AccountReading
    var fills: [Fill] = []
    var ledger = AccountLedger()
    var settings: [Symbol: SymbolSettings] = [:]
    var instruments: [Instrument] = []
    var candles: [Candle] = []
    var clockOffset = Duration.zero
  }

  public let refusesUsedIDs: Bool
  private let state: Mutex<State>
  private let clock: any WallClock
  private let chronicle: Chronicle

  public init(
    clock: any WallClock, chronicle: Chronicle = Chronicle(), refusesUsedIDs: Bool = true
  ) {
    self.refusesUsedIDs = refusesUsedIDs
    self.clock = clock
    self.chronicle = chronicle
    let wallet = Wallet.example(at: clock.now)
    let reading = AccountReading(
      wallet: wallet, positions: [], orders: [], startedAt: clock.now, time: clock.now)
    state = Mutex(State(reading: reading))
  }

  /// The next calls of this kind take these acts, one each; then it works again.
  public func script(_ call: Call, _ acts: Act...) {
    state.withLock { $0.acts[call, default: []] += acts }
  }

  /// What a reading of the account shows; its times are those of the reading.
  public func show(_ positions: [Position], wallet: Wallet? = nil) {
    state.withLock { state in
      state.reading.positions = positions
      if let wallet { state.reading.wallet = wallet }
    }
  }

  public func show(fills: [Fill]) { state.withLock { $0.fills = fills } }
  public func show(transfers: [Transfer]) { state.withLock { $0.ledger.transfers = transfers } }

  /// What reads back, whatever was set.
  public func show(_ settings: SymbolSettings, of symbol: Symbol) {
    state.withLock { $0.settings[symbol] = settings }
  }

  public func show(instruments: [Instrument]) { state.withLock { $0.instruments = instruments } }

  public func show(candles: [Candle]) { state.withLock { $0.candles = candles } }

  /// Its clock less ours.
  public func setClock(offBy offset: Duration) { state.withLock { $0.clockOffset = offset } }

  /// Puts an order there as if it had been taken before.
  public func hold(_ order: Order) { state.withLock { $0.orders[order.id] = order } }

  /// Every order that it ever took, by id.
  public var orders: [Order] {
    state.withLock { $0.orders.values.sorted { $0.id < $1.id } }
  }

  public func place(_ request: OrderRequest) async throws(VenueError) -> String {
    try await act(.place, "\(request.id)") { state throws(VenueError) in
      guard state.orders[request.id] == nil else {
        throw .rejected(Rejection(code: 1, reason: "duplicate id", meaning: .duplicateID))
      }
      let venueID = "venue-\(request.id)"
      state.orders[request.id] = Order(
        id: request.id, venueID: venueID, symbol: request.symbol, slot: request.slot,
        side: request.side, quantity: request.quantity, kind: request.kind,
        reduceOnly: request.reduceOnly, status: .new, createdAt: self.clock.now,
        updatedAt: self.clock.now)
      return venueID
    }
  }

  public func cancel(_ order: OrderReference) async throws(VenueError) {
    try await act(.cancel, "\(order.symbol)") { _ in }
  }

  public func cancelAll(
    symbol: Symbol?, keepingProtection: Bool
  ) async throws(VenueError) -> Int {
    try await act(.cancelAll, symbol?.name ?? "") { _ in 0 }
  }

  public func protect(_ change: ProtectionChange) async throws(VenueError) {
    try await act(.protect, "\(change.key)") { _ in }
  }

  public func setLeverage(_ leverage: Ratio, for symbol: Symbol) async throws(VenueError) {
    try await act(.setLeverage, "\(symbol)") { state in
      guard state.settings[symbol] == nil else { return }
      state.settings[symbol] = SymbolSettings(marginMode: .isolated, leverage: leverage)
    }
  }

  public func setIsolatedMargin(for symbol: Symbol) async throws(VenueError) {
    try await act(.setIsolatedMargin, "\(symbol)") { _ in }
  }

  public func readAccount() async throws(VenueError) -> AccountReading {
    let start = clock.now
    return try await act(.readAccount) { state in
      state.reading.startedAt = start
      state.reading.time = self.clock.now
      state.reading.wallet?.updatedAt = self.clock.now
      return state.reading
    }
  }

  public func order(
    _ id: ClientOrderID, symbol: Symbol
  ) async throws(VenueError) -> Order? {
    try await act(.order, "\(id)") { $0.orders[id] }
  }

  public func fills(since start: Timestamp) async throws(VenueError) -> [Fill] {
    try await act(.fills) { $0.fills.filter { $0.time >= start } }
  }

  public func ledger(since start: Timestamp) async throws(VenueError) -> AccountLedger {
    try await act(.transfers) {
      AccountLedger(
        transfers: $0.ledger.transfers.filter { $0.time >= start },
        funding: $0.ledger.funding.filter { $0.time >= start })
    }
  }

  public func symbolSettings(of symbol: Symbol) async throws(VenueError) -> SymbolSettings {
    try await act(.symbolSettings, "\(symbol)") {
      $0.settings[symbol] ?? SymbolSettings(marginMode: .isolated, leverage: .one)
    }
  }

  public func instruments() async throws(VenueError) -> [Instrument] {
    try await act(.instruments) { $0.instruments }
  }

  public func closedCandles(
    of symbol: Symbol, _ interval: CandleInterval, count: Int
  ) async throws(VenueError) -> [Candle] {
    try await act(.candles, "\(symbol)") { state in
      state.candles.filter { $0.symbol == symbol && $0.interval == interval && $0.isClosed }
        .suffix(count)
    }
  }

  public func serverTime() async throws(VenueError) -> Timestamp {
    try await act(.serverTime) { self.clock.now + $0.clockOffset }
  }

  private func act<Value: Sendable>(
    _ call: Call, _ subject: String = "",
    _ deed: (inout State) throws(VenueError) -> Value
  ) async throws(VenueError) -> Value {
    let act = state.withLock { state -> Act in
      guard let acts = state.acts[call], !acts.isEmpty else { return .works }
      return state.acts[call, default: []].removeFirst()
    }
    chronicle.write(subject.isEmpty ? call.rawValue : "\(call.rawValue) \(subject)")
    switch act {
    case .works: break
    case .fails(let error): throw error
    case .worksUnheard:
      _ = try state.withLock { state throws(VenueError) in try deed(&state) }
      throw .outcomeUnknown
    case .hangs:
      await Latch().wait()
      throw .outcomeUnknown
    case .waits(let latch):
      await latch.wait()
      if Task.isCancelled { throw .outcomeUnknown }
    }
    return try state.withLock { state throws(VenueError) in try deed(&state) }
  }
}
