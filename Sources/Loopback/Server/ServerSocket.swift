import Glibc
import NIOCore
import NIOWebSocket
import Synchronization

/// A WebSocket seen from the server. Sending never waits: frames leave in the order of the calls,
/// and a client that does not read is cut off once too much is waiting for it, as venues do.
public final class ServerSocket: Sendable {
  /// Something the client did.
  public enum Incoming: Sendable, Hashable {
    case text(String)
    /// The payload of a ping; it was answered already unless `answersPings` is off.
    case ping([UInt8])
    case pong([UInt8])
    /// The client closed; nothing comes after this.
    case close(code: Int?, reason: String)
  }

  /// 8 MiB, after which a client that does not read is reset.
  static let maximumWaitingBytes = 8 << 20

  /// What the client does, in order; ends when the connection does. One listener.
  public let incoming: AsyncStream<Incoming>

  private struct State {
    var waitingBytes = 0
    var answersPings = true
    var isSilent = false
    var isOpen = true
  }

  private let continuation: AsyncStream<Incoming>.Continuation
  private let channel: any Channel
  private let state = Mutex(State())

  init(channel: any Channel) {
    self.channel = channel
    (incoming, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(4096))
  }

  public var isOpen: Bool { state.withLock { $0.isOpen } }

  /// Off lets a test see what a client does when its pings are not answered.
  public func setAnswersPings(_ answers: Bool) {
    state.withLock { $0.answersPings = answers }
  }

  /// From now on nothing is sent and nothing is heard, and the connection stays: as when the network
  /// between the two has gone, and nobody was told.
  public func fallSilent() { state.withLock { $0.isSilent = true } }

  public func send(_ text: String) {
    send(WebSocketFrame(fin: true, opcode: .text, data: channel.allocator.buffer(string: text)))
  }

  public func ping(_ payload: [UInt8] = []) {
    send(WebSocketFrame(fin: true, opcode: .ping, data: channel.allocator.buffer(bytes: payload)))
  }

  /// Sends a close frame and ends the connection.
  public func close(code: Int = 1000, reason: String = "") {
    var data = channel.allocator.buffer(capacity: 2 + reason.utf8.count)
    data.write(webSocketErrorCode: WebSocketErrorCode(codeNumber: code))
    data.writeString(reason)
    send(WebSocketFrame(fin: true, opcode: .connectionClose, data: data))
    end()
    channel.close(promise: nil)  // Ordered behind the frame.
  }

  /// Ends the connection with a TCP reset: no close frame, no FIN.
  public func reset() {
    end()
    channel.resetConnection()
  }

  /// Sends the head of a frame and half of its text, then resets the connection.
  func sendHalf(of text: String) {
    let payload = Array(text.utf8)
    var head: [UInt8] = [0x81]  // A whole text message, by RFC 6455, section 5.2.
    switch payload.count {
    case ..<126: head.append(UInt8(payload.count))
    case ...0xFFFF: head += [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default:
      head += [127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
    }
    let bytes = channel.allocator.buffer(bytes: head + payload.prefix(payload.count / 2))
    let channel = channel
    channel.eventLoop.execute {
      do {
        // From the encoder on down it is bytes that are written, not frames.
        let encoder = try channel.pipeline.syncOperations.context(
          handlerType: WebSocketFrameEncoder.self)
        encoder.writeAndFlush(NIOAny(bytes)).whenComplete { _ in self.reset() }
      } catch {
        self.reset()
      }
    }
  }

  /// Takes a frame from the wire.
  /// - Returns: False when it was the last one.
  func receive(_ frame: WebSocketFrame) -> Bool {
    if state.withLock({ $0.isSilent }) { return isOpen }
    var data = frame.unmaskedData
    switch frame.opcode {
    case .text:
      offer(.text(String(buffer: data)))
    case .ping:
      if state.withLock({ $0.answersPings }) {
        send(WebSocketFrame(fin: true, opcode: .pong, data: data))
      }
      offer(.ping(Array(buffer: data)))
    case .pong:
      offer(.pong(Array(buffer: data)))
    case .connectionClose:
      let code = data.readWebSocketErrorCode().map { Int(UInt16(webSocketErrorCode: $0)) }
      offer(.close(code: code, reason: String(buffer: data)))
      close(code: code ?? 1000)
      return false
    default:
      close(code: 1003, reason: "only text is spoken here")
      return false
    }
    return isOpen
  }

  /// The connection is gone.
  func end() {
    state.withLock { $0.isOpen = false }
    continuation.finish()
  }

  private func offer(_ event: Incoming) {
    if case .dropped = continuation.yield(event) { reset() }
  }

  private func send(_ frame: WebSocketFrame) {
    let size = frame.data.readableBytes
    let verdict: (mayWrite: Bool, isOverfull: Bool) = state.withLock { state in
      guard state.isOpen, !state.isSilent else { return (false, false) }
      guard state.waitingBytes + size <= Self.maximumWaitingBytes else { return (false, true) }
      state.waitingBytes += size
      return (true, false)
    }
    if verdict.isOverfull { reset() }
    guard verdict.mayWrite else { return }
    channel.writeAndFlush(frame).whenComplete { [weak self] _ in
      self?.state.withLock { $0.waitingBytes -= size }
    }
  }
}

extension Channel {
  /// Ends the connection with RST, as a crashed peer or a middlebox would.
  func resetConnection() {
    guard let socket = self as? any SocketOptionProvider else { return close(promise: nil) }
    socket.setSoLinger(linger(l_onoff: 1, l_linger: 0))
      .whenComplete { _ in self.close(promise: nil) }
  }
}
