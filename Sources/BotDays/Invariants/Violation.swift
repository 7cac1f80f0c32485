import TradingModel

/// A rule that was broken, with what is needed to see it again.
public struct Violation: Error, Sendable, Hashable {
  /// The invariant's name.
  public var invariant: String
  /// What must always hold.
  public var sentence: String
  /// What was seen instead.
  public var facts: String
  /// How many events the world had had: the shortest prefix of the seed that shows it.
  public var event: Int
  public var time: Timestamp
}
