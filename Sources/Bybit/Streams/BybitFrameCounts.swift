/// What became of the frames of all connections, for metrics.
public struct BybitFrameCounts: Sendable, Hashable {
  public var read = 0
  /// Read by simdjson, because the byte scanner found another shape than it knows.
  public var readSlowly = 0
  /// Of a known kind that nobody listens to, or of none that is known.
  public var ignored = 0
  public var malformed = 0
  /// Books that were dropped for a gap or a cross, and asked for anew.
  public var booksRenewed = 0
}
