import TradingModel

/// One symbol's book by the futures rule: a snapshot, and every change since, none missing. What is
/// not certain is not served.
///
/// 1. Changes are kept until the snapshot is there.
/// 2. Those that end before the snapshot are dropped.
/// 3. The first one that counts must contain the snapshot's id: `U ≤ lastUpdateId ≤ u`.
/// 4. Every next one must name the one before: `pu` is its `u`. Otherwise it starts over.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/How-to-manage-a-local-order-book-correctly
struct DepthFeed {
  /// What became of a change or a snapshot.
  enum Outcome: Sendable, Hashable {
    /// The book is served, and changed.
    case changed
    /// Kept, or told already.
    case nothing
    /// A snapshot must be asked for: at the start, after a gap, and when a snapshot came too early.
    case needsSnapshot(Reason)
  }

  enum Reason: String, Sendable, Hashable {
    case start, gap, crossed, thin
    case tooOld = "too old"
    case tooMany = "too many kept"
  }

  private enum State {
    /// Nobody asked for a snapshot yet.
    case idle
    /// The snapshot is on its way; what comes meanwhile is kept.
    case waiting(kept: [DepthChange])
    /// The snapshot is in; the change that contains its id is still to come.
    case joined(snapshotID: Int64)
    case live(lastID: Int64)
  }

  /// A snapshot that takes longer than so many changes, a minute and more, is asked for anew.
  static let mostKept = 1000

  private var state = State.idle
  private var book: OrderBook
  private(set) var time = Timestamp(nanoseconds: 0)

  init(symbol: Symbol, levelLimit: Int = OrderBook.standardLimit) {
    book = OrderBook(symbol: symbol, levelLimit: levelLimit)
  }

  var isServed: Bool { if case .live = state { true } else { false } }

  /// The book, while it is certain: with every change so far, and not crossed.
  var served: OrderBook? { isServed ? book : nil }

  /// Reads the book in place; nil while it is not served.
  func withBook<Result>(_ body: (borrowing OrderBook) -> Result) -> Result? {
    isServed ? body(book) : nil
  }

  mutating func take(_ change: DepthChange) -> Outcome {
    switch state {
    case .idle:
      state = .waiting(kept: [change])
      return .needsSnapshot(.start)
    case .waiting(var kept):
      state = .idle  // So that the list is not copied.
      kept.append(change)
      guard kept.count <= Self.mostKept else { return restart(.tooMany, with: change) }
      state = .waiting(kept: kept)
      return .nothing
    case .joined(let snapshotID):
      return join(change, snapshotID)
    case .live(let lastID):
      // Two connections overlap once a day: what was told is told again.
      guard change.lastID > lastID else { return .nothing }
      guard change.previousID == lastID else { return restart(.gap, with: change) }
      return apply(change)
    }
  }

  mutating func take(_ snapshot: DepthSnapshot) -> Outcome {
    guard case .waiting(let kept) = state else { return .nothing }
    book.replace(bids: snapshot.bids, asks: snapshot.asks)
    state = .joined(snapshotID: snapshot.lastUpdateID)
    var outcome = Outcome.nothing
    for (index, change) in kept.enumerated() {
      outcome = take(change)
      if case .needsSnapshot(let reason) = outcome {
        // What was kept since may join the next snapshot.
        state = .waiting(kept: Array(kept[index...]))
        book.removeAll()
        return .needsSnapshot(reason)
      }
    }
    return isServed ? .changed : outcome
  }

  /// The connection is lost, or the snapshot can't be had: all begins anew with the next change.
  mutating func reset() {
    state = .idle
    book.removeAll()
  }

  private mutating func join(_ change: DepthChange, _ snapshotID: Int64) -> Outcome {
    guard change.lastID >= snapshotID else { return .nothing }
    guard change.firstID <= snapshotID || change.previousID == snapshotID else {
      return restart(.tooOld, with: change)
    }
    return apply(change)
  }

  private mutating func apply(_ change: DepthChange) -> Outcome {
    for level in change.bids { book.apply(level, to: .buy) }
    for level in change.asks { book.apply(level, to: .sell) }
    if book.isCrossed { return restart(.crossed, with: change) }
    if book.isThin { return restart(.thin, with: change) }
    state = .live(lastID: change.lastID)
    time = change.time
    return .changed
  }

  private mutating func restart(_ reason: Reason, with change: DepthChange) -> Outcome {
    state = .waiting(kept: [change])
    book.removeAll()
    return .needsSnapshot(reason)
  }
}
