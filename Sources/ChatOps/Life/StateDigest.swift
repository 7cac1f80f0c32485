import TradingModel

/// What a preview showed and its confirmation rests on: the sizes in scope and the locks. A
/// confirmation of something else than was shown is no confirmation. The word of state is no part of
/// it: a link that comes back changes nothing of what was meant.
struct StateDigest: Sendable, Hashable {
  enum Scope: Sendable, Hashable {
    /// Holds whatever happens. A panic means all there is, so a moving market must not refuse it.
    case nothing
    /// Every lock: what is to be lifted.
    case locks
    /// These sizes, and the locks that every engine is under: a pause that ends changes no close.
    case positions(CloseScope)
  }

  struct Size: Sendable, Hashable {
    let key: PositionKey
    let side: PositionSide
    let quantity: Quantity
  }

  /// What is different now.
  enum Change: Sendable, Hashable {
    case locks([Lock.Kind])
    case size(PositionKey, was: Quantity, now: Quantity)
    case opened(PositionKey)
    case gone(PositionKey)
  }

  let scope: Scope
  private let locks: [Lock.Kind]
  private let sizes: [Size]
  /// Nothing was known of what is open: the preview said that it is read first, and what is found
  /// is what was meant.
  private let isBlind: Bool

  init(_ scope: Scope, in snapshot: EngineSnapshot) {
    self.scope = scope
    switch scope {
    case .nothing: (locks, sizes) = ([], [])
    case .locks: (locks, sizes) = (snapshot.locks.map(\.kind).sorted(), [])
    case .positions(let scope):
      locks = snapshot.locks.map(\.kind).filter { $0 >= .halted }.sorted()
      sizes = scope.positions(in: snapshot).map {
        Size(key: $0.position.key, side: $0.position.side, quantity: $0.position.quantity)
      }
    }
    isBlind = sizes.isEmpty && !snapshot.isReconciled
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
    if !isBlind,
      let new = now.sizes.first(where: { size in !sizes.contains { $0.key == size.key } })
    {
      return .opened(new.key)
    }
    return now.locks == locks ? nil : .locks(now.locks)
  }
}
