import TradingModel

/// When the next reduction is due: one at a time, with a pause after each, and after so many in a
/// row everything is closed instead.
public struct MarginReductions: Sendable, Hashable {
  public enum Deed: Sendable, Hashable {
    /// Closes that share of every position; `number` counts from 1.
    case reduce(share: Ratio, number: Int)
    /// Closes everything and locks: after `reductions` that were not enough.
    case closeAll(reductions: Int)
  }

  private let settings: MarginSettings
  /// In a row, since the margin was last back under its level.
  public private(set) var count = 0
  private var hasClosedAll = false
  public private(set) var nextAt: Timestamp?

  public init(settings: MarginSettings) { self.settings = settings }

  /// Goes on where an earlier life ended.
  public mutating func restore(_ row: ReductionsInARow) {
    count = row.count
    nextAt = row.at + settings.cooldown
  }

  /// - Parameter share: What is to be closed now by `MarginWatch`; nil is nothing.
  public mutating func due(share: Ratio?, at now: Timestamp) -> Deed? {
    guard let share, !hasClosedAll else { return nil }
    if share < .one {
      if let nextAt, now < nextAt { return nil }
      if count < settings.maxReductions {
        count += 1
        nextAt = now + settings.cooldown
        return .reduce(share: share, number: count)
      }
    }
    hasClosedAll = true
    return .closeAll(reductions: count)
  }

  /// A reduction is over: the pause counts from here.
  public mutating func ended(at now: Timestamp) { nextAt = now + settings.cooldown }

  /// Under the level again: the next time is counted anew, though not before the pause is over.
  public mutating func calm() {
    count = 0
    hasClosedAll = false
  }
}
