/// What reads a connection's messages. Made on the connection's event loop when it opens, called on
/// that loop only, in order, and let go when it closes: what it learns belongs to one connection.
public protocol WebSocketHandler: AnyObject {
  /// One whole message. It must not block: nothing else moves on this loop meanwhile.
  /// - Parameter bytes: Valid during the call only.
  /// - Returns: Whether it could be read. One that could not costs itself alone; too many within a
  ///   minute end the connection.
  func received(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) -> Bool
}

public enum WebSocketMessageKind: Sendable, Hashable {
  /// Should be UTF-8; whoever reads it finds out.
  case text
  case binary
}
