import TradingModel

/// The account as the venue last told it, by readings and by the private stream.
///
/// A reading corrects what was heard before it was asked for, and nothing heard since: the numbers
/// of the tickets are the clock by which the two are put in order.
struct AccountView: Sendable {
  private(set) var wallet: Wallet?
  /// How often the wallet was told.
  private(set) var walletNumber: UInt64 = 0
  /// When the wallet was told last, by our clock.
  private(set) var walletHeardAt: Timestamp?
  private(set) var positions: [PositionKey: Position] = [:] {
    didSet { heldSymbols = Set(positions.keys.map(\.symbol)) }
  }
  private var heldSymbols: Set<Symbol> = []
  /// Open orders of the account, by the venue's id.
  private(set) var orders: [String: Order] = [:]
  /// The reading that was applied last; 0 before the first.
  private(set) var lastReading: UInt64 = 0

  // Which ticket was the last issued when the stream spoke about it.
  private var walletWord: UInt64?
  /// The time of the newest wallet that the stream has told.
  private var walletTime: Timestamp?
  /// The venue's time of the newest state of a slot that the stream has told, flat ones too.
  private var positionTimes: [PositionKey: Timestamp] = [:]
  private var positionWords: [PositionKey: UInt64] = [:]
  private var orderWords: [String: UInt64] = [:]
  /// Ended orders, so that a late "new" does not bring one back.
  private var ended = RecentKeys<String>(capacity: 512)

  var sortedPositions: [Position] { positions.values.sorted { $0.key < $1.key } }

  var sortedOrders: [Order] {
    orders.values.sorted { ($0.symbol, $0.venueID) < ($1.symbol, $1.venueID) }
  }

  func holds(_ symbol: Symbol) -> Bool { heldSymbols.contains(symbol) }

  /// The stop that rests on the venue for a position: its own, or a separate order; of several, as
  /// while one is replaced, the one that protects most.
  func stop(for position: Position) -> Price? {
    if let stop = position.stop { return stop }
    let separate = sortedOrders.filter {
      $0.symbol == position.symbol && $0.slot == position.key.slot && $0.isProtective
        && $0.role != .target && $0.side == position.side.closing
    }
    let prices = separate.compactMap(\.triggerPrice)
    return position.side == .long ? prices.max() : prices.min()
  }

  /// The target that rests on the venue for a position: its own, or a separate order.
  func target(for position: Position) -> Price? {
    if let target = position.target { return target }
    let separate = sortedOrders.first {
      $0.symbol == position.symbol && $0.slot == position.key.slot && $0.role == .target
        && $0.side == position.side.closing && $0.triggerPrice != nil
    }
    return separate?.triggerPrice
  }

  /// Whether the stream has told about this position since the last reading was asked for.
  func wasHeard(_ key: PositionKey, since ticket: UInt64) -> Bool {
    (positionWords[key] ?? 0) >= ticket
  }

  // MARK: What is told

  /// - Returns: False for one that is older than what was told before: it is no news of now.
  mutating func hear(_ wallet: Wallet, lastTicket: UInt64, at now: Timestamp) -> Bool {
    if let walletTime, wallet.updatedAt < walletTime { return false }
    walletTime = wallet.updatedAt
    self.wallet = wallet
    walletNumber += 1
    walletHeardAt = now
    walletWord = lastTicket
    return true
  }

  /// - Parameter time: The venue's; what is older than what is known changes nothing.
  mutating func hear(
    _ position: Position?, at key: PositionKey, since time: Timestamp, lastTicket: UInt64
  ) {
    let known = [positionTimes[key], positions[key]?.updatedAt].compactMap(\.self).max()
    if let known, time < known { return }
    positionTimes[key] = time
    positions[key] = position.flatMap { $0.quantity > .zero ? $0 : nil }
    positionWords[key] = lastTicket
  }

  mutating func hear(_ order: Order, lastTicket: UInt64) {
    if let known = orders[order.venueID], order.updatedAt < known.updatedAt { return }
    if order.status.isOpen {
      guard !ended.contains(order.venueID) else { return }
      orders[order.venueID] = order
    } else {
      orders[order.venueID] = nil
      ended.insert(order.venueID)
    }
    orderWords[order.venueID] = lastTicket
  }

  /// - Returns: False for an answer that a later reading has overtaken.
  mutating func apply(_ reading: AccountReading, ticket: UInt64, at now: Timestamp) -> Bool {
    guard ticket > lastReading else { return false }
    lastReading = ticket
    if (walletWord ?? 0) < ticket {
      wallet = reading.wallet
      walletNumber += 1
      walletHeardAt = now
    }
    // Should the clock that stamped it have been put back, a reading ends the wait for it.
    walletTime = walletTime.map { min($0, reading.wallet.updatedAt) }
    positionWords = positionWords.filter { $0.value >= ticket }
    positionTimes = positionTimes.filter { positionWords[$0.key] != nil }
    orderWords = orderWords.filter { $0.value >= ticket }
    positions = positions.filter { positionWords[$0.key] != nil }
    for position in reading.positions
    where positionWords[position.key] == nil && position.quantity > .zero {
      positions[position.key] = position
    }
    orders = orders.filter { orderWords[$0.key] != nil }
    for order in reading.orders
    where orderWords[order.venueID] == nil && order.status.isOpen {
      orders[order.venueID] = order
    }
    return true
  }
}
