import Simulation
import TradingModel

// Books that are not deep enough for everybody. As long as none is shown the touch has it all.

extension SimulatedVenue {
  /// Shows what stands beside a ticker, or takes the book away again when the thin time is over.
  func showBook(beside ticker: Ticker) {
    guard spells.areBooksThin else {
      if shown.remove(ticker.symbol) != nil { paper.forgetBook(of: ticker.symbol) }
      return
    }
    guard let bid = ticker.bid, let ask = ticker.ask, let rules = paper.instrument(ticker.symbol)
    else { return }
    shown.insert(ticker.symbol)
    paper.show(
      PaperBook(bids: levels(from: bid, -1, rules), asks: levels(from: ask, 1, rules)),
      of: ticker.symbol, at: now)
  }

  /// One to four levels, each with up to some percent of the first balance, with gaps between them; at
  /// times none.
  private func levels(from best: Price, _ way: Int128, _ rules: Instrument) -> [BookLevel] {
    guard !chance.happens(0.06) else { return [] }
    var price = best
    return (0..<chance.whole(1...4)).compactMap { _ in
      defer {
        let gap = max(1, best.wideCount * Int128(chance.whole(1...20)) / 10_000)
        price = Price(uncheckedCount: price.wideCount + way * gap)
          .roundedDown(toMultipleOf: rules.tickSize)
      }
      guard price > .zero else { return nil }
      // Cheap ones are many, dear ones few.
      let share = Int128(chance.whole(1...chance.whole(1...400)))
      let value = startBalance.wideCount * share / 1_000
      let quantity = Quantity(uncheckedCount: value * 100_000_000 / price.wideCount)
        .roundedDown(toMultipleOf: rules.quantityStep)
      return BookLevel(price, max(quantity, rules.minQuantity))
    }
  }

  // MARK: Rules

  /// The venue changes the rules of a contract: coarser ticks, larger minimums, and, where nothing is
  /// open in it, coarser steps; or its first ones again.
  func changeRules(of symbol: Symbol, to rules: Instrument) {
    var rules = rules
    let isFree =
      paper.openPositions(of: symbol).isEmpty && paper.openOrders(of: symbol).isEmpty
    if !isFree, let known = paper.instrument(symbol) {
      rules.quantityStep = min(known.quantityStep, rules.quantityStep)
      rules.minQuantity = min(known.minQuantity, rules.minQuantity)
    }
    rules.isTrading = spells.closedSymbol != symbol
    paper.list([rules])
  }

  /// Closes a contract for trading, or opens it again.
  public func close(_ symbol: Symbol, isClosed: Bool) {
    guard var rules = paper.instrument(symbol) else { return }
    rules.isTrading = !isClosed
    spells.closedSymbol = isClosed ? symbol : nil
    paper.list([rules])
  }
}
