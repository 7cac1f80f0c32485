import Synchronization
import TradingModel

/// What the account's streams need to know and do not tell: the leverage of symbols, the size held
/// before an execution. Readings fill it, events keep it fresh. Shared by REST and streams.
final class AccountMemory: Sendable {
  fileprivate struct State {
    var settings: [Symbol: SymbolSettings] = [:]
    var settingsReadAt: Timestamp?
    var positionMode: (mode: PositionMode, readAt: Timestamp)?
    /// Signed sizes in counts; a slot that is not there is flat once `knowsHoldings`.
    var holdings: [PositionKey: Int128] = [:]
    var knowsHoldings = false
    /// When the account was read last, by our clock.
    var holdingsReadAt: Timestamp?
    /// When the venue last said what a slot holds, by its clock.
    var heldSince: [PositionKey: Timestamp] = [:]
    /// The latest executions as they were told first, and their ids, oldest first.
    var told: [String: Fill] = [:]
    var toldIDs: [String] = []
    /// Open orders of the algo service, by their number.
    var algoOrders: [String: AlgoOrder] = [:]
    /// The venue has refused a second order that closes the same position.
    var closesOnce = false
    /// Counts what is heard of them.
    var algoWord: UInt64 = 0
    /// The word that was heard last of each that is open.
    var algoWords: [String: UInt64] = [:]
    /// Those that have ended, and their ids, oldest first: none of them comes back.
    var endedAlgos: Set<String> = []
    var endedAlgoIDs: [String] = []
    var ordersReadAt: Timestamp?
    var touched: [Symbol: Timestamp] = [:]
    var crossMaintenance: Notional?
    var steps: [Symbol: Quantity] = [:]
    /// The most that a reading costs.
    var readingWeight = 95
    /// Stops and targets of ours that the last reading showed without a position.
    var orphans: Set<String> = []
  }

  /// Executions that are remembered; doubles come at once or after seconds.
  private static let mostTold = 512

  private let state = Mutex(State())

  // MARK: Settings of symbols

  func settings(of symbol: Symbol) -> SymbolSettings? { state.withLock { $0.settings[symbol] } }

  func take(_ settings: [Symbol: SymbolSettings], at now: Timestamp) {
    state.withLock { state in
      state.settings = settings
      state.settingsReadAt = now
    }
  }

  func set(_ settings: SymbolSettings, of symbol: Symbol) {
    state.withLock { $0.settings[symbol] = settings }
  }

  func setLeverage(_ leverage: Ratio, of symbol: Symbol) {
    state.withLock { $0.settings[symbol]?.leverage = leverage }
  }

  /// They changed, and are to be read with the next reading.
  func forgetSettings() { state.withLock { $0.settingsReadAt = nil } }

  func hasSettings(of symbols: some Sequence<Symbol>, since time: Timestamp) -> Bool {
    state.withLock { state in
      guard let read = state.settingsReadAt, read >= time else { return false }
      return symbols.allSatisfy { state.settings[$0] != nil }
    }
  }

  // MARK: Position mode

  /// As it was read since then; nil when it was not.
  func positionMode(since time: Timestamp) -> PositionMode? {
    state.withLock { state in
      state.positionMode.flatMap { $0.readAt >= time ? $0.mode : nil }
    }
  }

  func set(_ mode: PositionMode, at now: Timestamp) {
    state.withLock { $0.positionMode = (mode, now) }
  }

  func forgetPositionMode() { state.withLock { $0.positionMode = nil } }

  // MARK: What is held

  /// The signed size of a slot in counts; nil before the first reading.
  func holding(of key: PositionKey) -> Int128? {
    state.withLock { $0.knowsHoldings ? $0.holdings[key] ?? 0 : $0.holdings[key] }
  }

  /// Takes an execution into account. An `ACCOUNT_UPDATE` follows with the venue's word.
  /// - Returns: The execution as it was told first: what it closed is counted from what was held
  ///   before it, and told again it would meet what it left.
  func note(_ fill: Fill) -> Fill {
    state.withLock { state in
      if let known = state.told[fill.executionID] { return known }
      state.told[fill.executionID] = fill
      state.toldIDs.append(fill.executionID)
      if state.toldIDs.count > Self.mostTold {
        for old in state.toldIDs.prefix(Self.mostTold / 2) { state.told[old] = nil }
        state.toldIDs.removeFirst(Self.mostTold / 2)
      }
      let key = PositionKey(fill.symbol, fill.slot)
      guard state.knowsHoldings || state.holdings[key] != nil else { return fill }
      // Told late: the venue's word has it already.
      if let since = state.heldSince[key], fill.time <= since { return fill }
      let change = fill.side == .buy ? fill.quantity.wideCount : -fill.quantity.wideCount
      state.holdings[key, default: 0] += change
      return fill
    }
  }

  /// Executions that were missed may have changed them: unknown until the next reading.
  func forgetHoldings() {
    state.withLock { state in
      state.holdings = [:]
      state.heldSince = [:]
      state.knowsHoldings = false
      state.holdingsReadAt = nil
    }
  }

  /// What a slot holds on that side: as the stream keeps it, if the account was read since `time`, too;
  /// nil where it is not known or flat.
  func size(of key: PositionKey, _ side: PositionSide, readSince time: Timestamp) -> Quantity? {
    state.withLock { state in
      guard state.knowsHoldings, let read = state.holdingsReadAt, read >= time,
        let count = state.holdings[key], count != 0, (count > 0) == (side == .long)
      else { return nil }
      return Quantity(uncheckedCount: abs(count))
    }
  }

  /// - Parameter time: When it was so, by the venue's clock.
  func set(_ position: Position?, at key: PositionKey, since time: Timestamp) {
    state.withLock { state in
      state.holdings[key] = position?.signedCount ?? 0
      state.heldSince[key] = time
    }
  }

  /// - Parameter time: When they were read, by our clock.
  func take(_ positions: [Position], at time: Timestamp) {
    state.withLock { state in
      state.holdingsReadAt = time
      state.holdings = Dictionary(
        positions.map { ($0.key, $0.signedCount) }, uniquingKeysWith: { _, last in last })
      state.knowsHoldings = true
    }
  }

  /// Of all cross positions at the last reading, in USDT; nil while all are isolated.
  var crossMaintenance: Notional? { state.withLock { $0.crossMaintenance } }

  func setCrossMaintenance(_ margin: Notional?) { state.withLock { $0.crossMaintenance = margin } }

  // MARK: Orders of the algo service

  /// Whether one order alone may close a position, as was seen (−4130).
  var closesOnce: Bool {
    get { state.withLock { $0.closesOnce } }
    set { state.withLock { $0.closesOnce = newValue } }
  }

  /// Open ones, the oldest first.
  var algoOrders: [AlgoOrder] {
    state.withLock { $0.algoOrders.values.sorted { $0.isBefore($1) } }
  }

  /// What is heard from here on a list that is asked for now may not know. To be handed to `take`.
  var mark: UInt64 { state.withLock { $0.algoWord } }

  /// An order as an answer or the stream told it.
  func hear(_ order: AlgoOrder) {
    state.withLock { state in
      guard order.order.status.isOpen else { return state.end(order.id) }
      if let known = state.algoOrders[order.id], order.order.updatedAt < known.order.updatedAt {
        return
      }
      guard !state.endedAlgos.contains(order.id) else { return }
      state.algoWord += 1
      state.algoWords[order.id] = state.algoWord
      state.algoOrders[order.id] = order
    }
  }

  /// The venue has it no more.
  func forget(algoOrder id: String) { state.withLock { $0.end(id) } }

  /// As above, by our id.
  func forget(algoOrderWithClientID clientID: String) {
    state.withLock { state in
      for (id, order) in state.algoOrders where order.order.id.text == clientID { state.end(id) }
    }
  }

  /// The venue has none of a symbol any more that was heard of up to `mark`.
  func forgetAlgoOrders(of symbol: Symbol, asked mark: UInt64) {
    state.withLock { state in
      for (id, order) in state.algoOrders
      where order.order.symbol == symbol && !state.wasHeard(id, since: mark) { state.end(id) }
    }
  }

  /// Takes a list: what it lacks is gone, but for what was heard after it was asked for.
  /// - Parameters:
  ///   - symbols: What was asked for; nil is all.
  ///   - mark: The mark when it was asked for.
  func take(_ orders: [AlgoOrder], of symbols: Set<Symbol>?, asked mark: UInt64, at now: Timestamp)
  {
    state.withLock { state in
      state.algoOrders = state.algoOrders.filter { id, order in
        state.wasHeard(id, since: mark) || symbols.map { !$0.contains(order.order.symbol) } ?? false
      }
      for order in orders
      where order.order.status.isOpen && !state.endedAlgos.contains(order.id)
        && !state.wasHeard(order.id, since: mark)
      {
        state.algoOrders[order.id] = order
      }
      state.algoWords = state.algoWords.filter { state.algoOrders[$0.key] != nil }
      if symbols == nil { state.ordersReadAt = now }
    }
  }

  /// Notes which orders guard nothing now.
  /// - Returns: Those that guarded nothing at the last reading, too.
  func noteOrphans(_ ids: Set<String>) -> Set<String> {
    state.withLock { state in
      defer { state.orphans = ids }
      return state.orphans.intersection(ids)
    }
  }

  /// Whether all open orders were read since then, or only those of symbols in use.
  func readAllOrders(since time: Timestamp) -> Bool {
    state.withLock { $0.ordersReadAt.map { $0 >= time } ?? false }
  }

  /// What a reading of the account costs, as the last one did.
  var readingWeight: Int {
    get { state.withLock { $0.readingWeight } }
    set { state.withLock { $0.readingWeight = newValue } }
  }

  // MARK: Rules

  func take(_ instruments: [Instrument]) {
    state.withLock { state in
      for instrument in instruments { state.steps[instrument.symbol] = instrument.quantityStep }
    }
  }

  /// Quantities of the symbol are multiples of this; nil before the rules were read.
  func step(of symbol: Symbol) -> Quantity? { state.withLock { $0.steps[symbol] } }

  // MARK: Symbols

  /// Symbols that orders of ours went to since then.
  func symbolsTouched(since time: Timestamp) -> [Symbol] {
    state.withLock { state in state.touched.filter { $0.value >= time }.keys.sorted() }
  }

  func touch(_ symbol: Symbol, at now: Timestamp) {
    state.withLock { $0.touched[symbol] = now }
  }
}

extension AccountMemory.State {
  /// Ended orders that are remembered; news of one that has ended comes within seconds.
  private static let mostEnded = 1024

  fileprivate mutating func end(_ id: String) {
    algoOrders[id] = nil
    algoWords[id] = nil
    guard endedAlgos.insert(id).inserted else { return }
    endedAlgoIDs.append(id)
    guard endedAlgoIDs.count > Self.mostEnded else { return }
    for old in endedAlgoIDs.prefix(Self.mostEnded / 2) { endedAlgos.remove(old) }
    endedAlgoIDs.removeFirst(Self.mostEnded / 2)
  }

  fileprivate func wasHeard(_ id: String, since mark: UInt64) -> Bool {
    algoWords[id].map { $0 > mark } ?? false
  }
}

extension Position {
  fileprivate var signedCount: Int128 {
    side == .long ? quantity.wideCount : -quantity.wideCount
  }
}

extension AlgoOrder {
  func isBefore(_ other: AlgoOrder) -> Bool {
    (order.createdAt, id) < (other.order.createdAt, other.id)
  }
}
