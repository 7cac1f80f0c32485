import TradingModel

/// The signals that were acted on, so that none is acted on twice. Bounded: the oldest is
/// forgotten, long after its age alone would have it refused.
public struct HandledSignals: Sendable, Hashable {
  public static let capacity = 4096

  private var known: Set<SignalID> = []
  /// In the order of arrival, a ring once it is full.
  private var order: [SignalID] = []
  private var oldest = 0

  /// - Parameter restored: What the journal remembers, oldest first.
  public init(_ restored: [SignalID] = []) {
    for id in restored { insert(id) }
  }

  public func contains(_ id: SignalID) -> Bool { known.contains(id) }

  public mutating func insert(_ id: SignalID) {
    guard known.insert(id).inserted else { return }
    guard order.count == Self.capacity else {
      order.append(id)
      return
    }
    known.remove(order[oldest])
    order[oldest] = id
    oldest = (oldest + 1) % Self.capacity
  }
}
