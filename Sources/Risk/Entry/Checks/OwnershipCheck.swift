import TradingModel

extension EntryCheck {
  /// 6: nobody else is on the symbol, nor is the engine itself: positions are not added to.
  static let ownership = EntryCheck("ownership") { entry in
    let symbol = entry.intent.symbol
    let held = entry.situation.positions.filter { $0.position.symbol == symbol }
    let pending = entry.situation.pendingEntries.filter { $0.symbol == symbol }
    return held.map { "\(symbol) is held by \($0.owner.title), \($0.position.side.rawValue)" }
      + pending.map { "an entry of \($0.owner.title) in \(symbol) is under way" }
      + (entry.situation.untoldEnds.contains(symbol)
        ? ["\(symbol) was closed, and how is not told yet"] : [])
  }
}
