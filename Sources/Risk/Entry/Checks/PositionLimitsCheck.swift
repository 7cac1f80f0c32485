import TradingModel

extension EntryCheck {
  /// 5: there is room for one more position, in all and for the engine; entries under way count.
  static let positionLimits = EntryCheck("position-limits") { entry in
    let held = entry.situation.positions.map { ($0.position.symbol, $0.owner) }
    let pending = entry.situation.pendingEntries.map { ($0.symbol, $0.owner) }
    // An entry that grows a position of the same symbol is one with it.
    let open = held + pending.filter { entry in !held.contains { $0 == entry } }
    let own = open.count { $0.1 == entry.owner }

    var objections: [String] = []
    if open.count >= entry.settings.maxPositions {
      objections.append("\(open.count) positions, at most \(entry.settings.maxPositions)")
    }
    if own >= entry.settings.maxPositionsPerEngine {
      objections.append(
        "\(own) positions of \(entry.owner.title), at most \(entry.settings.maxPositionsPerEngine)")
    }
    return objections
  }
}
