/// Why there is no connection, or no longer one.
public enum WebSocketError: Error, Hashable, Sendable {
  case connect(String)
  case tls(String)
  /// No connection and handshake within the time.
  case timedOut
  /// The server answered the handshake with that HTTP status.
  case refused(status: Int)
  /// The server's handshake breaks RFC 6455.
  case badUpgrade(String)
  /// The connection was closed, by either side's wish: the code and words of its close frame. Without
  /// a close frame the code is nil.
  case closed(code: Int?, reason: String)
  /// The server broke RFC 6455.
  case protocolViolation(String)
  case messageTooLarge(limitBytes: Int)
  /// A ping met nothing at all within that time.
  case unanswered(within: Duration)
  /// No message for that long.
  case silent(for: Duration)
  /// So many messages within a minute could not be read.
  case badMessages(Int)
  /// More is waiting to be sent than may be: the message was not sent.
  case unsentTooLarge(limitBytes: Int)
  case cancelled
}

extension WebSocketError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .connect(let reason): "no connection: \(reason)"
    case .tls(let reason): "no secure connection: \(reason)"
    case .timedOut: "no connection in time"
    case .refused(let status): "refused with HTTP \(status)"
    case .badUpgrade(let reason): "no WebSocket handshake: \(reason)"
    case .closed(nil, _): "connection lost"
    case .closed(let code?, let reason): "closed with \(code)\(reason.isEmpty ? "" : ": \(reason)")"
    case .protocolViolation(let reason): "not WebSocket: \(reason)"
    case .messageTooLarge(let limit): "a message of more than \(limit) bytes"
    case .unanswered(let time): "no answer to a ping within \(time)"
    case .silent(let time): "no message for \(time)"
    case .badMessages(let count): "\(count) unreadable messages within a minute"
    case .unsentTooLarge(let limit): "more than \(limit) bytes wait to be sent"
    case .cancelled: "cancelled"
    }
  }
}
