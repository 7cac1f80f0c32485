import TradingModel

/// The locks that stand. They are independent: each ends on its own, and the strictest is named.
public struct LockBook: Sendable, Hashable {
  /// The strictest first.
  public private(set) var locks: [Lock] = []

  public init(_ locks: [Lock] = []) {
    for lock in locks { add(lock) }
  }

  public var strictest: Lock? { locks.first }

  public func lock(_ kind: Lock.Kind) -> Lock? { locks.first { $0.kind == kind } }

  /// Whether `engine` may not enter; its own pause counts, another engine's does not.
  public func forbidsEntries(of engine: EngineName) -> Bool {
    locks.contains { $0.concerns(engine) }
  }

  /// Puts a lock there. One of the same kind gives way, but its beginning stays.
  public mutating func add(_ lock: Lock) {
    var lock = lock
    if let standing = lift(lock.kind) { lock.since = min(lock.since, standing.since) }
    let place = locks.firstIndex { $0.kind < lock.kind } ?? locks.endIndex
    locks.insert(lock, at: place)
  }

  /// Takes a lock away; nil when there was none.
  @discardableResult
  public mutating func lift(_ kind: Lock.Kind) -> Lock? {
    locks.firstIndex { $0.kind == kind }.map { locks.remove(at: $0) }
  }

  /// Takes away what ended by itself, and says what did, strictest first.
  public mutating func expire(at now: Timestamp) -> [Lock.Kind] {
    let ended = locks.filter { $0.hasEnded(at: now) }.map(\.kind)
    for kind in ended { lift(kind) }
    return ended
  }
}

extension Lock {
  /// A day lock: it stands until the next 00:00 UTC.
  public static func day(reason: String, at now: Timestamp, isFlat: Bool = true) -> Lock {
    Lock(kind: .day, reason: reason, since: now, until: now.day.next.start, isFlat: isFlat)
  }

  /// A panic lock: it ends by word alone.
  public static func panic(
    reason: String, at now: Timestamp, isFlat: Bool, takesLongterm: Bool = false
  ) -> Lock {
    Lock(
      kind: .panic, reason: reason, since: now, until: nil, isFlat: isFlat,
      takesLongterm: takesLongterm)
  }

  public func hasEnded(at now: Timestamp) -> Bool { until.map { now >= $0 } ?? false }

  /// Whether it stands in the way of `engine`.
  public func concerns(_ engine: EngineName) -> Bool {
    if case .paused(let paused?) = kind { paused == engine } else { true }
  }
}
