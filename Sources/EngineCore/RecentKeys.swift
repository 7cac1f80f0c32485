/// The last few keys seen, so that what is told twice counts once. Bounded: the oldest give way.
struct RecentKeys<Key: Hashable & Sendable>: Sendable {
  let capacity: Int
  private var known: Set<Key> = []
  private var inOrder: [Key] = []
  private var oldest = 0

  init(capacity: Int) { self.capacity = capacity }

  func contains(_ key: Key) -> Bool { known.contains(key) }

  /// False when it was known already.
  @discardableResult
  mutating func insert(_ key: Key) -> Bool {
    guard known.insert(key).inserted else { return false }
    if inOrder.count < capacity {
      inOrder.append(key)
    } else {
      known.remove(inOrder[oldest])
      inOrder[oldest] = key
      oldest = (oldest + 1) % capacity
    }
    return true
  }
}
