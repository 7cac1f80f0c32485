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
  /// The one that was applied last and had the wallet, too; 0 before the first.
  private(set) var lastWholeReading: UInt64 = 0
  /// What the last reading showed that does not trade here; the streams do not tell of it.
  private(set) var foreign = AccountReading.Foreign()

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

  /// The stop that rests on the venue for a whole position: its own, or separate orders.
  ///
  /// Of separate orders those count, the nearest first, that are needed to cover the size: the
  /// farthest of them is the stop, since only there all of it is closed. So while one is replaced
  /// the one that protects more counts, and a stop for a part of the size alone is none.
  ///
  /// - Parameter price: The market; nil where it is not known.
  func stop(for position: Position, at price: Price?) -> Price? {
    if let stop = position.stop { return stop }
    let nearestFirst = sortedOrders.filter { $0.isStop(of: position, at: price) }
      .sorted { one, other in
        guard let first = one.triggerPrice, let second = other.triggerPrice else { return false }
        return position.side == .long ? first > second : first < second
      }
    var covered = Quantity.zero
    for order in nearestFirst {
      // Without a size of its own it closes whatever the position holds.
      if order.quantity.isZero { return order.triggerPrice }
      covered = sum(covered, difference(order.quantity, order.filled) ?? .zero)
      if covered >= position.quantity { return order.triggerPrice }
    }
    return nil
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

  /// With what does not trade here: what a flatten of the whole account is about.
  var withForeign: AccountView {
    guard !foreign.positions.isEmpty || !foreign.orders.isEmpty else { return self }
    var whole = self
    for position in foreign.positions where position.quantity > .zero {
      whole.positions[position.key] = position
    }
    for order in foreign.orders where order.status.isOpen { whole.orders[order.venueID] = order }
    return whole
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
    foreign = reading.foreign
    if let read = reading.wallet {
      lastWholeReading = ticket
      if (walletWord ?? 0) < ticket {
        wallet = read
        walletNumber += 1
        walletHeardAt = now
      }
      // Should the clock that stamped it have been put back, a reading ends the wait for it.
      walletTime = walletTime.map { min($0, read.updatedAt) }
    }
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

extension Order {
  /// Whether it closes that position, or a part of it, when the market goes against it.
  ///
  /// Of a trailing stop the venue tells where it begins, not where it would close. A conditional
  /// order of a person may take profit: it waits on the other side of the market.
  fileprivate func isStop(of position: Position, at price: Price?) -> Bool {
    guard symbol == position.symbol, slot == position.key.slot, side == position.side.closing,
      isProtective, let trigger = triggerPrice
    else { return false }
    switch role {
    case .stop: return true
    case .placed:
      let market = price ?? position.markPrice ?? position.entryPrice
      return position.side == .long ? trigger < market : trigger > market
    case .target, .trailing, .liquidation: return false
    }
  }
}
