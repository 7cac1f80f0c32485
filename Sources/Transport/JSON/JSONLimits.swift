/// What a reader takes before it refuses.
public struct JSONLimits: Sendable, Hashable {
  public var maxBytes: Int
  public var maxDepth: Int

  public init(maxBytes: Int, maxDepth: Int) {
    self.maxBytes = maxBytes
    self.maxDepth = maxDepth
  }

  /// 32 MiB, which holds the largest answer of a venue several times over, and 128 levels.
  public static let standard = JSONLimits(maxBytes: 32 << 20, maxDepth: 128)
}
