import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization

/// A WebSocket server on 127.0.0.1 that a test scripts frame by frame.
struct WebSocketServer: Sendable {
  /// One end of one connection; for use on its event loop.
  struct Peer: Sendable {
    let number: Int
    fileprivate let channel: any Channel

    func send(_ opcode: WebSocketOpcode, _ text: String, fin: Bool = true) {
      send(WebSocketFrame(fin: fin, opcode: opcode, data: ByteBuffer(string: text)))
    }

    func send(_ frame: WebSocketFrame) { channel.writeAndFlush(frame, promise: nil) }

    func send(closeCode: UInt16, _ reason: String) {
      var data = ByteBuffer(integer: closeCode)
      data.writeString(reason)
      send(WebSocketFrame(fin: true, opcode: .connectionClose, data: data))
    }

    func drop() { channel.close(promise: nil) }
  }

  struct Received: Sendable {
    var peer: Int
    var opcode: WebSocketOpcode
    var wasMasked: Bool
    var text: String
  }

  private let listener: any Channel
  /// Every frame as it arrives.
  let frames: AsyncStream<Received>

  init(
    tls: NIOSSLContext? = nil, refuses: Bool = false,
    opened: @escaping @Sendable (Peer) -> Void = { _ in },
    answer: @escaping @Sendable (Peer, Received) -> Void = { _, _ in }
  ) async throws {
    let (frames, arrived) = AsyncStream.makeStream(of: Received.self)
    self.frames = frames
    let count = Counter()
    let upgrader = NIOWebSocketServerUpgrader(
      maxFrameSize: 1 << 24, automaticErrorHandling: false
    ) { channel, _ in
      channel.eventLoop.makeSucceededFuture(refuses ? nil : [:])
    } upgradePipelineHandler: { channel, _ in
      channel.eventLoop.makeCompletedFuture {
        let peer = Peer(number: count.next(), channel: channel)
        try channel.pipeline.syncOperations.addHandler(
          FrameReader(peer: peer) { received in
            arrived.yield(received)
            answer(peer, received)
          })
        opened(peer)
      }
    }
    listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
          try pipeline.configureHTTPServerPipeline(
            withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  var port: Int { listener.localAddress?.port ?? 0 }
  func stop() async throws { try await listener.close() }
}

private final class Counter: Sendable {
  private let value = Mutex(0)
  func next() -> Int {
    value.withLock { value in
      defer { value += 1 }
      return value
    }
  }
}

private final class FrameReader: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  private let peer: WebSocketServer.Peer
  private let take: (WebSocketServer.Received) -> Void

  init(peer: WebSocketServer.Peer, take: @escaping (WebSocketServer.Received) -> Void) {
    self.peer = peer
    self.take = take
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    take(
      WebSocketServer.Received(
        peer: peer.number, opcode: frame.opcode, wasMasked: frame.maskKey != nil,
        text: String(buffer: frame.unmaskedData)))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
