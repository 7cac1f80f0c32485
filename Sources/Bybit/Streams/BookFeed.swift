import TradingModel

/// One symbol's book, kept by the venue's rules: a snapshot replaces it, changes follow each other
/// without a gap, and it never crosses. What breaks a rule drops the book until it was asked for
/// anew.
struct BookFeed {
  enum Outcome: Equatable {
    case changed
    /// Nothing new, or nothing that counts while a snapshot is due.
    case nothing
    /// The book was dropped just now: the topic is to be asked for anew.
    case lost(Reason)
    /// The snapshot did not come in time: the topic is to be asked for once more.
    case overdue
  }

  enum Reason: Equatable, CustomStringConvertible {
    case gap(expected: Int64, found: Int64)
    case crossed
    /// A side lost so many levels for want of room that it is not whole any more.
    case thin

    var description: String {
      switch self {
      case .gap(let expected, let found): "gap: update \(found) came where \(expected) was due"
      case .crossed: "crossed"
      case .thin: "thin"
      }
    }
  }

  /// How long a snapshot may take after it was asked for.
  static let snapshotDeadline = Duration.seconds(5)

  let depth: BookDepth
  private(set) var book: OrderBook
  /// The last update that the book includes; nil while there is no book.
  private(set) var updateID: Int64?
  private var waitingSince: Timestamp?

  init(_ symbol: Symbol, _ depth: BookDepth) {
    self.depth = depth
    // A change may add levels before it removes others.
    book = OrderBook(symbol: symbol, levelLimit: depth.rawValue * 2 + 16)
  }

  /// Whether the book may be read.
  var isFresh: Bool { updateID != nil }

  /// - Parameter now: By our clock.
  mutating func take(_ frame: borrowing BookFrame, at now: Timestamp) -> Outcome {
    if frame.isSnapshot {
      book.replace(bids: frame.bids, asks: frame.asks)
      updateID = frame.updateID
      waitingSince = nil
    } else {
      guard let updateID else { return wait(now) }
      // Told twice.
      if frame.updateID == updateID { return .nothing }
      guard frame.updateID == updateID + 1 else {
        return drop(.gap(expected: updateID + 1, found: frame.updateID), now)
      }
      for level in frame.bids { book.apply(level, to: .buy) }
      for level in frame.asks { book.apply(level, to: .sell) }
      self.updateID = frame.updateID
    }
    if book.isCrossed { return drop(.crossed, now) }
    if book.isThin { return drop(.thin, now) }
    return .changed
  }

  private mutating func drop(_ reason: Reason, _ now: Timestamp) -> Outcome {
    updateID = nil
    book.removeAll()
    waitingSince = now
    return .lost(reason)
  }

  private mutating func wait(_ now: Timestamp) -> Outcome {
    guard let since = waitingSince else {
      waitingSince = now
      return .nothing
    }
    guard now - since >= Self.snapshotDeadline else { return .nothing }
    waitingSince = now
    return .overdue
  }
}
