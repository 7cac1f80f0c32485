import TradingModel

/// What a preview showed and its confirmation rests on: the word of state and the sizes in scope.
/// A confirmation of something else than was shown is no confirmation.
struct StateDigest: Sendable, Hashable {
  enum Scope: Sendable, Hashable {
    /// Holds whatever happens. A panic means all there is, so a moving market must not refuse it.
    case nothing
    case state
    case positions(CloseScope)
  }

  struct Size: Sendable, Hashable {
    let key: PositionKey
    let side: PositionSide
    let quantity: Quantity
  }

  /// What is different now.
  enum Change: Sendable, Hashable {
    case state(TradingState)
    case size(PositionKey, was: Quantity, now: Quantity)
    case opened(PositionKey)
    case gone(PositionKey)
  }

  let scope: Scope
  private let state: TradingState?
  private let sizes: [Size]

  init(_ scope: Scope, in snapshot: EngineSnapshot) {
    self.scope = scope
    switch scope {
    case .nothing: (state, sizes) = (nil, [])
    case .state: (state, sizes) = (snapshot.state, [])
    case .positions(let scope):
      state = snapshot.state
      sizes = scope.positions(in: snapshot).map {
        Size(key: $0.position.key, side: $0.position.side, quantity: $0.position.quantity)
      }
    }
  }

  /// The first difference that counts; a size that moved by less than one percent does not.
  func change(in snapshot: EngineSnapshot) -> Change? {
    let now = StateDigest(scope, in: snapshot)
    for size in sizes {
      guard let other = now.sizes.first(where: { $0.key == size.key && $0.side == size.side })
      else { return .gone(size.key) }
      let moved = (other.quantity.wideCount - size.quantity.wideCount).magnitude
      if moved * 100 >= size.quantity.wideCount.magnitude {
        return .size(size.key, was: size.quantity, now: other.quantity)
      }
    }
    if let new = now.sizes.first(where: { size in !sizes.contains { $0.key == size.key } }) {
      return .opened(new.key)
    }
    if let state = now.state, state != self.state { return .state(state) }
    return nil
  }
}
