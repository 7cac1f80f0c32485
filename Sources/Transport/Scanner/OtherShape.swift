/// A frame is not of the shape that a scanner's caller laid out: read it with `JSONReader` instead.
///
/// It says nothing about the frame being wrong. The scanner takes compact ASCII without escapes where
/// it reads, and leaves the rest, and all judgement, to simdjson.
public struct OtherShape: Error, Hashable, Sendable {
  @inlinable
  public init() {}
}
