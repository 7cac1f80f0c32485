/// What became of frames, for metrics.
public struct BinanceFrameCounts: Sendable, Hashable {
  public var unreadable = 0
  /// Books that started over, after a gap or crossed.
  public var booksRenewed = 0
  /// Events that two overlapping connections both told.
  public var doubles = 0
}
