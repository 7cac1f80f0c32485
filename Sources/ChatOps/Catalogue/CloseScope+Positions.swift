import TradingModel

extension CloseScope {
  /// The positions of a snapshot that a close of this scope means, in order.
  func positions(in snapshot: EngineSnapshot) -> [PositionView] {
    let open = snapshot.positions.sorted { $0.position.key < $1.position.key }
    return switch self {
    case .all: open
    case .symbols(let symbols): open.filter { symbols.contains($0.position.symbol) }
    case .losers: open.filter { ($0.profit ?? .zero) < .zero }
    case .winners: open.filter { ($0.profit ?? .zero) > .zero }
    }
  }
}
