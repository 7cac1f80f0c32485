import TradingModel

/// The books of the followed symbols, and what was told already. Belongs to the streams' loop.
final class MarketShelf {
  /// Liquidations come to a few a second at the worst; connections overlap for seconds.
  private static let remembered = 512

  private let listener: (any MarketListener)?
  private let askForSnapshot: (Symbol) -> Void
  private var feeds: [Symbol: DepthFeed] = [:]
  private var lastPrints: [Symbol: Int64] = [:]
  private var recent: Set<Liquidation> = []
  private var order: [Liquidation] = []
  private(set) var counts = BinanceFrameCounts()

  /// - Parameter askForSnapshot: Called when a book needs one; must not block.
  init(
    listener: (any MarketListener)?, askForSnapshot: @escaping (Symbol) -> Void
  ) {
    self.listener = listener
    self.askForSnapshot = askForSnapshot
  }

  /// Keeps a book of that symbol from now on.
  func follow(_ symbol: Symbol) {
    if feeds[symbol] == nil { feeds[symbol] = DepthFeed(symbol: symbol) }
  }

  func take(_ change: DepthChange) {
    settle(change.symbol) { $0.take(change) }
  }

  func take(_ snapshot: DepthSnapshot, of symbol: Symbol) {
    settle(symbol) { $0.take(snapshot) }
  }

  func take(_ candle: Candle) { listener?.changed(candle) }

  /// The connection of the books is lost: none of them is certain.
  func loseBooks(because reason: String) {
    for symbol in feeds.keys.sorted() {
      let wasServed = feeds[symbol]?.isServed ?? false
      feeds[symbol]?.reset()
      if wasServed { listener?.lostBook(of: symbol, depth: nil, because: reason) }
    }
  }

  func countUnreadable() { counts.unreadable += 1 }

  private func settle(
    _ symbol: Symbol, _ deed: (inout DepthFeed) -> DepthFeed.Outcome
  ) {
    guard let index = feeds.index(forKey: symbol) else { return }
    let wasServed = feeds.values[index].isServed
    switch deed(&feeds.values[index]) {
    case .nothing: return
    case .changed:
      let feed = feeds.values[index]
      feed.withBook { listener?.changed($0, depth: nil, at: feed.time) }
    case .needsSnapshot(let reason):
      if reason != .start { counts.booksRenewed += 1 }
      if wasServed { listener?.lostBook(of: symbol, depth: nil, because: reason.rawValue) }
      askForSnapshot(symbol)
    }
  }

  // MARK: Doubles

  /// Prints of a symbol are numbered upwards.
  func isNew(_ print: NumberedTrade) -> Bool {
    if let last = lastPrints[print.trade.symbol], print.number <= last {
      counts.doubles += 1
      return false
    }
    lastPrints[print.trade.symbol] = print.number
    return true
  }

  func isNew(_ event: Liquidation) -> Bool {
    guard recent.insert(event).inserted else {
      counts.doubles += 1
      return false
    }
    order.append(event)
    if order.count > Self.remembered {
      for old in order.prefix(Self.remembered / 2) { recent.remove(old) }
      order.removeFirst(Self.remembered / 2)
    }
    return true
  }
}
