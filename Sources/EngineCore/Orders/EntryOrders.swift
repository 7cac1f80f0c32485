import TradingModel

/// Our entry orders, from the moment they are approved until they have ended.
struct EntryOrders: Sendable {
  struct Entry: Sendable, Hashable {
    enum State: Sendable, Hashable {
      /// No answer yet.
      case sent
      case accepted(venueID: String)
      /// The desk could not find out. It counts as open until readings say otherwise.
      case unknown
      case ended
    }

    let request: OrderRequest
    let intent: Intent
    let sentAt: Timestamp
    var state = State.sent
    /// The last ticket issued when the state changed: only a later reading can say more.
    var changedAtTicket: UInt64 = 0

    var owner: Owner { .engine(intent.engine) }
    var key: PositionKey { PositionKey(request.symbol, request.slot) }
    var isOpen: Bool { state != .ended }
  }

  /// Ended entries stay known, so that a late execution finds its signal.
  static let capacity = 512

  private var entries: [ClientOrderID: Entry] = [:]
  private var inOrder: [ClientOrderID] = []
  /// Those that have not ended, oldest first: few, and asked for on every tick.
  private var openIDs: [ClientOrderID] = []

  subscript(id: ClientOrderID) -> Entry? { entries[id] }

  /// Oldest first.
  var open: [Entry] { openIDs.compactMap { entries[$0] } }

  /// Open entries, and those that ended since that reading was asked for: what they opened may not
  /// have been told yet.
  func unsettled(after reading: UInt64) -> [Entry] {
    inOrder.compactMap { entries[$0] }.filter { $0.isOpen || $0.changedAtTicket >= reading }
  }

  /// The newest entry sent in a symbol on a side, ended ones too.
  func latest(_ symbol: Symbol, side: Side) -> Entry? {
    inOrder.reversed().compactMap { entries[$0] }
      .first { $0.request.symbol == symbol && $0.request.side == side }
  }

  mutating func add(_ entry: Entry) {
    if inOrder.count == Self.capacity, let place = inOrder.firstIndex(where: isEnded) {
      entries[inOrder.remove(at: place)] = nil
    }
    entries[entry.request.id] = entry
    inOrder.append(entry.request.id)
    if entry.isOpen { openIDs.append(entry.request.id) }
  }

  /// - Returns: Whether the entry was open before.
  @discardableResult
  mutating func set(
    _ state: Entry.State, for id: ClientOrderID, lastTicket: UInt64
  ) -> Bool {
    guard let entry = entries[id], entry.isOpen else { return false }
    change(id, to: state)
    entries[id]?.changedAtTicket = lastTicket
    return true
  }

  private mutating func change(_ id: ClientOrderID, to state: Entry.State) {
    entries[id]?.state = state
    if state == .ended { openIDs.removeAll { $0 == id } }
  }

  /// Ends what a reading, asked for after the entry was answered, no longer shows as open.
  /// - Returns: The entries whose fate was unknown and that are nowhere to be seen.
  mutating func compare(with orders: [Order], ticket: UInt64) -> [Entry] {
    let resting = Set(orders.map(\.id))
    var lost: [Entry] = []
    for entry in open where entry.changedAtTicket < ticket && !resting.contains(entry.request.id) {
      switch entry.state {
      case .sent, .ended: continue
      case .accepted: break
      case .unknown: lost.append(entry)
      }
      change(entry.request.id, to: .ended)
    }
    return lost
  }

  /// Without an answer for so long the fate of an entry is unknown.
  mutating func age(at now: Timestamp, lastTicket: UInt64) {
    for entry in open where entry.state == .sent && now - entry.sentAt > .seconds(60) {
      set(.unknown, for: entry.request.id, lastTicket: lastTicket)
    }
  }

  private func isEnded(_ id: ClientOrderID) -> Bool { entries[id]?.isOpen != true }
}
