import NIOCore
import NIOWebSocket
import Synchronization
import TradingModel

/// An open WebSocket connection. Sends from any thread; from its own event loop at once.
public final class WebSocket: Sendable {
  private let channel: any Channel
  private let chance: any RandomSource
  private let maxUnsentBytes: Int
  private let unsentBytes = Mutex(0)
  private let end: EventLoopPromise<WebSocketError>

  init(channel: any Channel, chance: any RandomSource, options: WebSocketOptions) {
    self.channel = channel
    self.chance = chance
    maxUnsentBytes = options.maxUnsentBytes
    end = channel.eventLoop.makePromise()
  }

  /// Sends one text message. Returning says that it was queued, not that it arrived.
  /// - Throws: `WebSocketError.unsentTooLarge`, `.closed`. Then it was not sent.
  public func send(_ text: String) throws(WebSocketError) {
    try send(channel.allocator.buffer(string: text), as: .text)
  }

  /// Sends one binary message; otherwise as `send`.
  public func send(binary bytes: [UInt8]) throws(WebSocketError) {
    try send(channel.allocator.buffer(bytes: bytes), as: .binary)
  }

  private func send(_ data: ByteBuffer, as opcode: WebSocketOpcode) throws(WebSocketError) {
    guard channel.isActive else { throw .closed(code: nil, reason: "") }
    let size = data.readableBytes
    let fits = unsentBytes.withLock { unsent in
      guard unsent + size <= maxUnsentBytes else { return false }
      unsent += size
      return true
    }
    guard fits else { throw .unsentTooLarge(limitBytes: maxUnsentBytes) }
    let written = channel.eventLoop.makePromise(of: Void.self)
    written.futureResult.whenComplete { [weak self] _ in
      self?.unsentBytes.withLock { $0 -= size }
    }
    channel.writeAndFlush(frame(opcode, data), promise: written)
  }

  /// Starts the closing handshake; the other side has a limited time to answer.
  public func close(code: UInt16 = 1000) {
    channel.triggerUserOutboundEvent(WebSocketChannelHandler.Close(code: code), promise: nil)
  }

  /// Returns when the connection is over, and why. Cancelling the task closes the connection.
  public func ended() async -> WebSocketError {
    await withTaskCancellationHandler {
      do {
        return try await end.futureResult.get()
      } catch {
        return .closed(code: nil, reason: "")
      }
    } onCancel: {
      close(code: 1001)
    }
  }

  func hasEnded(_ reason: WebSocketError) { end.succeed(reason) }

  /// Masked, as everything that a client sends (RFC 6455, 5.3).
  func frame(_ opcode: WebSocketOpcode, _ data: ByteBuffer) -> WebSocketFrame {
    let random = chance.next()
    let key = WebSocketMaskingKey((0..<4).map { UInt8(truncatingIfNeeded: random >> ($0 * 8)) })
    return WebSocketFrame(fin: true, opcode: opcode, maskKey: key, data: data)
  }
}
