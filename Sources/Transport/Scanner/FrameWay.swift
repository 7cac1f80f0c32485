/// The two ways to read a frame of a venue.
public enum FrameWay: String, Sendable, Hashable, CaseIterable {
  /// Straight from the bytes of a frame whose shape is known.
  case scanner
  /// By simdjson, whatever the shape.
  case simdjson
}
