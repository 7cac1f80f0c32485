/// What a service answers, and how it reaches the client: whole, late, in pieces, or not at all.
public struct ServerResponse: Sendable, Hashable {
  /// How the bytes travel. All but `whole` are the accidents of a real network.
  public enum Delivery: Sendable, Hashable {
    case whole
    /// Never: the connection stays open and silent until the client leaves.
    case stall
    /// The connection ends without a byte of answer.
    case closeBefore
    /// The head and part of the body, then the end; a body of one byte sends only the head.
    case closeWithin
    /// The same, but with a reset (RST) as its end.
    case resetWithin
    /// All of it, then the end, although the head promised to keep the connection.
    case closeAfter
    /// The connection is reset (RST) instead of closed.
    case reset
    /// So many bytes at a time with a pause before each.
    case drip(bytes: Int, pause: Duration)
  }

  public var status: Int
  public var headers: [ServerRequest.Header]
  public var body: [UInt8]
  /// Waited before the first byte, on the server's clock.
  public var delay: Duration
  public var delivery: Delivery

  public init(
    status: Int = 200, headers: [ServerRequest.Header] = [], body: [UInt8] = [],
    delay: Duration = .zero, delivery: Delivery = .whole
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.delay = delay
    self.delivery = delivery
  }

  public static func text(
    _ text: String, status: Int = 200, type: String = "text/plain; charset=utf-8"
  ) -> ServerResponse {
    ServerResponse(
      status: status, headers: [.init(name: "Content-Type", value: type)], body: Array(text.utf8))
  }

  public static func html(_ text: String, status: Int) -> ServerResponse {
    .text(text, status: status, type: "text/html")
  }
}
