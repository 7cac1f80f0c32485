/// One side of an order book: `book.bids[0]` is the touch, what follows lies further away.
///
/// The levels lie in one piece of memory with the touch at its end, so that a change near the touch
/// moves next to nothing. Reading and walking allocate nothing.
public struct BookSide: Sendable, Hashable {
  /// Buy holds bids, sell asks.
  public let side: Side
  /// The most levels that are held.
  public let limit: Int
  /// Farthest first.
  private var levels: [BookLevel] = []
  /// The nearest price that was dropped for want of room. From there on the side is not known whole,
  /// and levels there are not taken until it is replaced.
  public private(set) var horizon: Price?

  init(_ side: Side, limit: Int) {
    precondition(limit > 0, "a book side holds at least one level")
    self.side = side
    self.limit = limit
  }

  /// Levels were dropped for want of room, and what is left has become little: the side should be
  /// read anew.
  public var isThin: Bool { horizon != nil && levels.count < limit / 4 }

  /// Whether a level at `price` comes nearer to the touch than one at `other`.
  @inline(__always)
  private func isNearer(_ price: Price, than other: Price) -> Bool {
    side == .buy ? price > other : price < other
  }

  /// Takes over the level's quantity; zero removes it. To remove what is not there is no mistake.
  mutating func apply(_ level: BookLevel) {
    if let horizon, !isNearer(level.price, than: horizon) { return }
    let index = insertionIndex(of: level.price)
    if index < levels.count, levels[index].price == level.price {
      if level.quantity.isZero {
        levels.remove(at: index)
      } else {
        levels[index].quantity = level.quantity
      }
    } else if !level.quantity.isZero {
      levels.insert(level, at: index)
      if levels.count > limit { dropFarthest() }
    }
  }

  /// Takes these levels instead of all it has, in whatever order they come.
  mutating func replace(with new: some Sequence<BookLevel>) {
    levels.removeAll(keepingCapacity: true)
    horizon = nil
    // Venues send the touch first; then sorting has nothing to do.
    for level in new where !level.quantity.isZero { levels.append(level) }
    levels.reverse()
    var isSorted = true
    for index in levels.indices.dropFirst()
    where !isNearer(levels[index].price, than: levels[index - 1].price) {
      isSorted = false
      break
    }
    if !isSorted { sortAndMerge() }
    if levels.count > limit { drop(levels.count - limit) }
  }

  mutating func removeAll() {
    levels.removeAll(keepingCapacity: true)
    horizon = nil
  }

  /// Of a price that stands twice the last word counts.
  private mutating func sortAndMerge() {
    let spoken = Array(levels.reversed())
    levels.removeAll(keepingCapacity: true)
    for level in spoken {
      let index = insertionIndex(of: level.price)
      if index < levels.count, levels[index].price == level.price {
        levels[index] = level
      } else {
        levels.insert(level, at: index)
      }
    }
  }

  /// An eighth at once, so that a full side does not move all its levels for every new one.
  private mutating func dropFarthest() { drop(Swift.max(levels.count - limit, limit / 8)) }

  private mutating func drop(_ count: Int) {
    horizon = levels[count - 1].price
    levels.removeFirst(count)
  }

  /// Where a level of that price stands, or would be put in.
  private func insertionIndex(of price: Price) -> Int {
    levels.withUnsafeBufferPointer { levels in
      // Halving without a jump that the processor could guess wrong.
      var base = 0
      var length = levels.count
      guard length > 0 else { return 0 }
      while length > 1 {
        let half = length / 2
        base += isNearer(price, than: levels[base + half - 1].price) ? half : 0
        length -= half
      }
      return base + (isNearer(price, than: levels[base].price) ? 1 : 0)
    }
  }
}

extension BookSide: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { levels.count }
  /// The level that many places behind the touch.
  public subscript(position: Int) -> BookLevel { levels[levels.count - 1 - position] }
}

extension BookSide {
  /// How much rests between the touch and `price`, that price included, in units of the base coin.
  /// - Throws: `AmountError.overflow` beyond what a quantity holds.
  public func quantity(to price: Price) throws(AmountError) -> Quantity {
    let start = firstIndex(within: price)
    // Every quantity is at most 10¹⁸: 64 bits hold nine of them, so sums are checked.
    var sum: Int64 = 0
    var isTooMuch = false
    levels.withUnsafeBufferPointer { levels in
      for index in start..<levels.count {
        let (next, overflow) = sum.addingReportingOverflow(levels[index].quantity.count)
        sum = next
        isTooMuch = isTooMuch || overflow
      }
    }
    guard !isTooMuch else { throw .overflow }
    return try Quantity(count: sum)
  }

  /// What rests between the touch and `price`, that price included, is worth in USDT; rounded once,
  /// half-even.
  /// - Throws: `AmountError.overflow` beyond what an amount holds.
  public func value(to price: Price) throws(AmountError) -> Notional {
    let start = firstIndex(within: price)
    var sum: Int128 = 0
    var isTooMuch = false
    levels.withUnsafeBufferPointer { levels in
      for index in start..<levels.count {
        let level = levels[index]
        let (next, overflow) = sum.addingReportingOverflow(
          level.price.wideCount * level.quantity.wideCount)
        sum = next
        isTooMuch = isTooMuch || overflow
      }
    }
    guard !isTooMuch else { throw .overflow }
    return try Notional(count: Rounding.halfEven(sum, over: DecimalText.one))
  }

  /// In the array: from there to its end lies what is no further away than `price`.
  private func firstIndex(within price: Price) -> Int { insertionIndex(of: price) }
}
