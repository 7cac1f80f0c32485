import Simulation
import TradingModel
import Transport

/// Something that user data streams tell.
struct BinanceAccountEvent: Sendable, Hashable {
  /// `e`, which is also what faults call it.
  let name: String
  let payload: JSONObject
  /// Whose streams hear it.
  let listenKey: String
}

/// The one account of the loopback Binance: orders and positions of a paper venue under Binance's
/// numbers and names, the Algo Service, the listen key, and what the user data streams tell of it all.
///
/// A deterministic state machine: time and prices come with the calls.
struct BinanceAccount: Sendable {
  /// Orders, fills and entries of the ledger that are kept, each.
  private static let longestHistory = 10_000

  /// What user data streams tell, and what faults call it.
  static let eventNames = [
    "ORDER_TRADE_UPDATE", "TRADE_LITE", "ACCOUNT_UPDATE", "ALGO_UPDATE", "ACCOUNT_CONFIG_UPDATE",
    "MARGIN_CALL", "listenKeyExpired",
  ]

  let settings: BinanceSettings
  private(set) var instruments: [Symbol: Instrument]
  var venue: PaperVenue
  /// Ascending by number.
  private(set) var orders: [BinanceOrder] = []
  private var numbers: [String: Int64] = [:]
  private var lastOrder: Int64
  /// Ascending by number.
  var algos: [BinanceAlgoOrder] = []
  var lastAlgo: Int64 = 1_000_000_000_000_000
  var trades: [BinanceUserTrade] = []
  var ledger: [BinanceLedgerEntry] = []
  var listenKey: BinanceListenKey?
  /// When all orders of a symbol are cancelled, unless that is put off.
  var countdowns: [Symbol: Timestamp] = [:]
  var isMultiAssets = false
  /// Margins moved by hand, newest last.
  var marginChanges: [BinanceMarginChange] = []
  /// Positions whose margin call was told.
  var marginCalls: Set<PositionKey> = []
  var events: [BinanceAccountEvent] = []
  var liquidations: [Liquidation] = []
  /// As it stood when it was last heard of.
  var market: BinanceMarket?
  var toldTickers: [Symbol: Ticker] = [:]
  private var chance: BinanceChance

  init(_ settings: BinanceSettings, instruments: [Instrument], at now: Timestamp) {
    self.settings = settings
    self.instruments = Dictionary(
      instruments.map { ($0.symbol, $0) }, uniquingKeysWith: { first, _ in first })
    venue = PaperVenue(settings: settings.paper, instruments: instruments)
    for instrument in instruments {
      venue.setTiers(PaperTier.binance(instrument), of: instrument.symbol)
    }
    // Ids differ from one start to the next, as a real venue's do.
    chance = BinanceChance("account \(now.nanoseconds)")
    lastOrder = 8_389_765_000_000 + now.seconds % 1_000_000 * 1_000_000
  }

  /// Takes new rules for known contracts.
  mutating func list(_ contracts: [Instrument]) {
    for instrument in contracts
    where instruments[instrument.symbol].map({ $0 != instrument }) ?? false {
      instruments[instrument.symbol] = instrument
      venue.list([instrument])
    }
  }

  mutating func drainEvents() -> [BinanceAccountEvent] {
    defer { events = [] }
    return events
  }

  mutating func drainLiquidations() -> [Liquidation] {
    defer { liquidations = [] }
    return liquidations
  }

  mutating func tell(_ name: String, _ payload: JSONObject, at now: Timestamp) {
    var whole: JSONObject = [
      "e": .string(name), "T": .integer(now.milliseconds), "E": .integer(now.milliseconds),
    ]
    for field in payload.fields { whole[field.key] = field.value }
    tell(name, whole: whole)
  }

  /// Without a listen key nobody hears.
  mutating func tell(_ name: String, whole payload: JSONObject) {
    guard let key = listenKey else { return }
    events.append(BinanceAccountEvent(name: name, payload: payload, listenKey: key.text))
  }

  /// Such ids as the venue makes: 22 letters and digits.
  mutating func makeID(length: Int = 22) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    return String((0..<length).map { _ in letters[chance.below(letters.count)] })
  }

  // MARK: Orders by either id

  func order(_ number: Int64) -> BinanceOrder? { place(of: number).map { orders[$0] } }

  func order(paperID: String) -> BinanceOrder? { numbers[paperID].flatMap { order($0) } }

  /// By the venue's number, which wins, or by the client's id; of several with one id the newest.
  func order(_ symbol: Symbol, number: Int64?, clientID: String?) -> BinanceOrder? {
    if let number { return order(number).flatMap { $0.symbol == symbol ? $0 : nil } }
    return orders.last { $0.symbol == symbol && $0.request.clientID == clientID }
  }

  /// Ascending by number.
  func openOrders(of symbol: Symbol? = nil) -> [BinanceOrder] {
    orders.filter { $0.status.isOpen && (symbol == nil || $0.symbol == symbol) }
  }

  mutating func change(_ number: Int64, _ change: (inout BinanceOrder) -> Void) {
    guard let place = place(of: number) else { return }
    change(&orders[place])
  }

  /// Takes an order of the paper venue under a number of its own.
  @discardableResult
  mutating func adopt(
    _ request: BinanceOrder.Request, paperID: String, at now: Timestamp,
    _ change: (inout BinanceOrder) -> Void = { _ in }
  ) -> Int64 {
    lastOrder += 1 + Int64(chance.below(900))
    var order = BinanceOrder(number: lastOrder, paperID: paperID, request, at: now)
    change(&order)
    orders.append(order)
    numbers[paperID] = order.number
    forget()
    return order.number
  }

  private mutating func forget() {
    guard orders.count >= 2 * Self.longestHistory else { return }
    let old = orders.prefix(Self.longestHistory)
    for order in old where !order.status.isOpen { numbers[order.paperID] = nil }
    orders = old.filter(\.status.isOpen) + orders.dropFirst(Self.longestHistory)
  }

  private func place(of number: Int64) -> Int? {
    var (low, high) = (orders.startIndex, orders.endIndex)
    while low < high {
      let middle = (low + high) / 2
      if orders[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < orders.endIndex && orders[low].number == number ? low : nil
  }

  /// Keeps a list within its bounds.
  static func trim<Element>(_ list: inout [Element]) {
    if list.count >= 2 * longestHistory { list.removeFirst(longestHistory) }
  }
}
