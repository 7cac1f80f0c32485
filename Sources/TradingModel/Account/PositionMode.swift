/// How the account keeps long and short of one symbol: in one slot, or in one for each side.
public enum PositionMode: String, Sendable, Hashable, Codable {
  case oneWay, hedge

  /// The slot that an entry on `side` belongs to.
  public func slot(for side: PositionSide) -> PositionSlot {
    switch (self, side) {
    case (.oneWay, _): .oneWay
    case (.hedge, .long): .hedgeLong
    case (.hedge, .short): .hedgeShort
    }
  }
}
