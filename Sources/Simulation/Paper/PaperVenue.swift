import TradingModel

/// A derivatives venue in memory: orders, positions and a wallet behind Bybit's own rules and codes.
///
/// A deterministic state machine: time and prices come with the calls, nothing is left to chance.
/// Every change leaves events, which `drainEvents` hands to the streams. A request that breaks a
/// rule throws the venue's `PaperRejection` and changes nothing.
///
/// What it does and what it leaves out stands in `docs/paper.md`.
public struct PaperVenue: Sendable {
  public let settings: PaperSettings

  // Looked up by key; every way to an output sorts first.
  var instruments: [Symbol: Instrument] = [:]
  var markets: [Symbol: PaperMarket] = [:]
  var positions: [PositionKey: PaperPosition] = [:]
  var leverages: [Symbol: Leverages] = [:]
  /// The mode of symbols that have none of their own, and the latter.
  public internal(set) var positionMode: PaperPositionMode
  var modes: [Symbol: PaperPositionMode] = [:]
  /// Orders that wait or rest, in order of creation.
  var open: [Symbol: [PaperOrder]] = [:]

  var ended: BoundedList<PaperOrder>
  var executions: BoundedList<PaperExecution>
  var entries: BoundedList<PaperLedgerEntry>
  /// Of the entries those that are transfers or funding: however many trades follow, they are remembered.
  var moved: BoundedList<PaperLedgerEntry>
  var closed: BoundedList<PaperClosedTrade>
  var events: BoundedList<PaperEvent>
  var usedLinks = RecentSet<ClientOrderID>(limit: 100_000)

  var balance: Notional
  var realised: Notional = .zero
  /// Paid since the account began, in USDT.
  public internal(set) var totalFees: Notional = .zero
  var marginMode: MarginMode
  /// Where the rules keep it by symbol.
  var marginModes: [Symbol: MarginMode] = [:]
  var tiers: [Symbol: [PaperTier]] = [:]
  var sequence: Int64 = 0
  public internal(set) var orderCount: UInt64 = 0
  var executionCount: UInt64 = 0
  var entryCount: UInt64 = 0

  struct Leverages: Sendable, Hashable {
    var long: Ratio
    var short: Ratio
  }

  /// - Precondition: The settings have no problems.
  public init(settings: PaperSettings = PaperSettings(), instruments: [Instrument]) {
    precondition(settings.problems.isEmpty, settings.problems.joined(separator: "; "))
    self.settings = settings
    balance = settings.balance
    marginMode = settings.marginMode
    positionMode = settings.positionMode
    ended = BoundedList(limit: settings.historyLimit)
    executions = BoundedList(limit: settings.historyLimit)
    entries = BoundedList(limit: settings.historyLimit)
    moved = BoundedList(limit: settings.historyLimit)
    closed = BoundedList(limit: settings.historyLimit)
    events = BoundedList(limit: settings.historyLimit)
    list(instruments)
  }

  /// Takes new instruments, and new rules for known ones.
  public mutating func list(_ instruments: [Instrument]) {
    for instrument in instruments { self.instruments[instrument.symbol] = instrument }
  }

  /// What happened since the last call, in order.
  public mutating func drainEvents() -> [PaperEvent] { events.drain() }

  /// Whether there is anything to drain.
  public var hasEvents: Bool { !events.items.isEmpty }

  /// Events that were lost because nobody drained them: a reader has a gap.
  public var lostEvents: Int { events.dropped }

  /// A new order with the next number and id.
  mutating func makeOrder(
    _ request: PaperOrderRequest, _ origin: PaperOrder.Origin, _ stopKind: PaperOrder.StopKind,
    at time: Timestamp
  ) -> PaperOrder {
    orderCount += 1
    return PaperOrder(
      request, number: orderCount,
      id: Self.identifier(kind: 0x4000, series: settings.series, number: orderCount),
      origin: origin, stopKind: stopKind, lastPrice: markets[request.symbol]?.last, at: time)
  }

  mutating func nextExecutionID() -> String {
    executionCount += 1
    return Self.identifier(kind: 0x4001, series: settings.series, number: executionCount)
  }

  /// In the form of a UUID, as linear orders have; ascending, so that later ids sort behind.
  static func identifier(kind: UInt64, series: UInt64, number: UInt64) -> String {
    func hex(_ value: UInt64, _ digits: Int) -> String {
      let text = String(value, radix: 16)
      return String(repeating: "0", count: max(0, digits - text.count)) + text.suffix(digits)
    }
    return [
      hex(series >> 16, 8), hex(series, 4), hex(kind, 4), hex(0x8000, 4), hex(number, 12),
    ].joined(separator: "-")
  }
}
