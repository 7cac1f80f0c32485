import Risk
import TradingModel

// Whose a position is stands in the client ids of its executions: a lost journal does not lose it.

extension TradingEngine {
  /// How far back executions are read for the owners of positions that nobody remembers.
  private static let ownerReach = Duration.hours(7 * 24)

  /// With a lost journal the executions of a day are read at the start; a position that they don't
  /// explain is older.
  mutating func seekOwners() {
    let unexplained = account.positions.keys.contains { book.isFound($0) }
    guard standing.countsFrom != nil, unexplained else { return }
    emit(.readFills(since: now - Self.ownerReach))
  }

  /// The newest execution that opened or added to a position says whose it is.
  mutating func claimPositions(by fills: [Fill]) {
    var lines: [String] = []
    for position in account.sortedPositions where book.isFound(position.key) {
      let openings = fills.filter {
        $0.symbol == position.symbol && $0.slot == position.key.slot
          && $0.side == position.side.opening && $0.closedQuantity < $0.quantity
      }
      guard let newest = openings.max(by: { $0.time < $1.time }),
        case .engine(let name)? = newest.orderID.owner,
        let trip = book.claim(position.key, for: .engine(name))
      else { continue }
      // Older than all that is remembered: its stop stays where it is until there is an add.
      entryLevels.settle(position.key, for: trip.averageEntry)
      record(.roundTrip(trip))
      lines.append("\(position.key): \(position.side.rawValue) belongs to \(name.rawValue)")
    }
    guard !lines.isEmpty else { return }
    record(.event(kind: "ownership-found", detail: lines.joined(separator: "; "), at: now))
    tell(.p2, .reconciled(lines))
  }
}
