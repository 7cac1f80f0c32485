import TradingModel

/// The equity between two words of the venue: what it told last, moved by the marks since.
///
/// Only positions that stand unchanged since then move it. A position that changed waits for the
/// venue's next word, so that a result is never counted twice, in whatever order its news come.
struct LiveEquity: Sendable {
  private struct Held: Sendable, Hashable {
    let side: PositionSide
    let quantity: Quantity
    let entryPrice: Price
    let profit: Notional
  }

  /// Which word of the wallet it starts from.
  private(set) var word: UInt64 = 0
  private var held: [PositionKey: Held] = [:]

  /// The venue has told its equity anew.
  /// - Parameter positions: With their results at this moment; nil where none is known.
  mutating func start(from word: UInt64, _ positions: [(Position, profit: Notional?)]) {
    self.word = word
    held = [:]
    for (position, profit) in positions {
      guard let profit else { continue }
      held[position.key] = Held(
        side: position.side, quantity: position.quantity, entryPrice: position.entryPrice,
        profit: profit)
    }
  }

  /// By how much the marks have moved the equity since.
  func drift(_ positions: [Position], profit: (Position) -> Notional?) -> Notional {
    positions.reduce(Notional.zero) { sum, position in
      guard let start = held[position.key], start.side == position.side,
        start.quantity == position.quantity, start.entryPrice == position.entryPrice,
        let profit = profit(position)
      else { return sum }
      return sum + profit - start.profit
    }
  }
}
