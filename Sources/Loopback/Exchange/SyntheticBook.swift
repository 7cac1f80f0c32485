import TradingModel

/// An order book around the touch of a board, made up: the same for the same board and beat.
///
/// The best levels are the board's own bid and ask. Behind them nearly every tick holds something,
/// more with the distance, and keeps it for a while of its own, so that from beat to beat some levels
/// change and most do not. From one beat to the next, or the next but one, something always does.
public struct SyntheticBook: Sendable, Hashable {
  /// Best first.
  public let bids: [BookLevel]
  /// Best first.
  public let asks: [BookLevel]

  /// - Parameters:
  ///   - beat: Counts the moves of the market: `MarketNews.beat`, `LoopbackExchange.beat`.
  ///   - depth: Levels of each side, at most.
  public init(_ board: SymbolBoard, beat: Int64, depth: Int) {
    let maker = LadderMaker(board, beat: beat, depth: depth)
    bids = maker.ladder(.buy, from: board.ticker.bid)
    asks = maker.ladder(.sell, from: board.ticker.ask)
  }

  /// What turns `before` into this book: changed and new levels as they are now, gone ones with zero.
  public func changes(since before: SyntheticBook) -> (bids: [BookLevel], asks: [BookLevel]) {
    (
      Self.changes(from: before.bids, to: bids) { $0 > $1 },
      Self.changes(from: before.asks, to: asks) { $0 < $1 }
    )
  }

  private static func changes(
    from old: [BookLevel], to new: [BookLevel], isBetter: (Price, Price) -> Bool
  ) -> [BookLevel] {
    var changes: [BookLevel] = []
    var (oldRest, newRest) = (old[...], new[...])
    while let next = newRest.first ?? oldRest.first {
      if let gone = oldRest.first, newRest.first.map({ isBetter(gone.price, $0.price) }) ?? true {
        changes.append(BookLevel(gone.price, .zero))
        oldRest.removeFirst()
      } else if let known = oldRest.first, known.price == next.price {
        if known != next { changes.append(next) }
        oldRest.removeFirst()
        newRest.removeFirst()
      } else {
        changes.append(next)
        newRest.removeFirst()
      }
    }
    return changes
  }
}

/// Draws the ladders of one board at one beat.
private struct LadderMaker {
  private let instrument: Instrument
  private let beat: Int64
  private let depth: Int
  private let seed: UInt64

  init(_ board: SymbolBoard, beat: Int64, depth: Int) {
    instrument = board.instrument
    self.beat = max(0, beat)
    self.depth = depth
    seed = Scatter.seed(of: "\(board.ticker.venue.rawValue) \(board.symbol.name)")
  }

  func ladder(_ side: Side, from touch: Price?) -> [BookLevel] {
    guard let touch, instrument.tickSize > .zero else { return [] }
    let tick = instrument.tickSize.count
    var levels: [BookLevel] = []
    levels.reserveCapacity(depth)
    var distance: Int64 = 0
    while levels.count < depth {
      let count = side == .buy ? touch.count - distance * tick : touch.count + distance * tick
      guard count > 0, count < Int64(Price.limit) else { break }
      if let quantity = quantity(side, at: count, distance: distance) {
        levels.append(BookLevel(Price(uncheckedCount: Int128(count)), quantity))
      }
      distance += 1
    }
    return levels
  }

  /// Nil for a tick at which nothing waits: never the touch or the level behind it.
  private func quantity(_ side: Side, at count: Int64, distance: Int64) -> Quantity? {
    let place = Scatter.mix(
      seed &+ UInt64(count / max(1, instrument.tickSize.count)) &* 2 &+ (side == .buy ? 1 : 0))
    let pause = 3 + place % 37
    let draw = Scatter.mix(place ^ ((UInt64(beat) &+ (place >> 32)) / pause))
    guard distance <= 1 || draw % 7 != 0 else { return nil }
    let usdt = Double(200 + draw % 5_000) * (1 + Double(min(distance, 200)) / 8)
    let step = Double(max(1, instrument.quantityStep.count))
    let least = Double(instrument.minQuantity.count) / step
    var steps = max(1, least, (usdt / Double(count) * 1e16 / step).rounded(.down))
    if distance == 1 { steps += Double(beat % 3) }
    return Quantity(uncheckedCount: Int128(min(steps * step, 1e17)))
  }
}
