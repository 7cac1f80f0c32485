import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A TCP server on 127.0.0.1 that a test scripts byte for byte.
struct RawServer: Sendable {
  /// One HTTP request as it came; numbers and connections count from 0.
  struct Request: Sendable {
    var number: Int
    var connection: Int
    var text: String
  }

  enum Step: Sendable {
    case send(String)
    case sendBytes([UInt8])
    case close
    /// An abrupt end, with RST.
    case reset
  }

  private let listener: any Channel
  private let ledger: Ledger
  /// Every request as it arrives.
  let arrivals: AsyncStream<Request>
  /// Every connection that ends.
  let ends: AsyncStream<Void>

  /// - Parameters:
  ///   - reads: Whether it reads at all.
  ///   - answer: What is done about a request.
  init(
    reads: Bool = true, tls: NIOSSLContext? = nil,
    answer: @escaping @Sendable (Request) -> [Step] = { _ in [] }
  ) async throws {
    let ledger = Ledger()
    self.ledger = ledger
    (arrivals, ends) = (ledger.arrivals, ledger.ends)
    listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.autoRead, value: reads)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
          try pipeline.addHandler(RequestReader(ledger: ledger, answer: answer))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  var port: Int { listener.localAddress?.port ?? 0 }
  var connections: Int { ledger.connections }
  var requests: [Request] { ledger.requests }

  func stop() async throws { try await listener.close() }
}

/// What a server has seen.
private final class Ledger: Sendable {
  private let seen = Mutex<(connections: Int, requests: [RawServer.Request])>((0, []))
  let arrivals: AsyncStream<RawServer.Request>
  let ends: AsyncStream<Void>
  private let arrived: AsyncStream<RawServer.Request>.Continuation
  private let ended: AsyncStream<Void>.Continuation

  init() {
    (arrivals, arrived) = AsyncStream.makeStream()
    (ends, ended) = AsyncStream.makeStream()
  }

  var connections: Int { seen.withLock { $0.connections } }
  var requests: [RawServer.Request] { seen.withLock { $0.requests } }

  func connect() -> Int {
    seen.withLock { seen in
      seen.connections += 1
      return seen.connections - 1
    }
  }

  func end() { ended.yield() }

  func take(_ text: String, on connection: Int) -> RawServer.Request {
    let request = seen.withLock { seen in
      let request = RawServer.Request(
        number: seen.requests.count, connection: connection, text: text)
      seen.requests.append(request)
      return request
    }
    arrived.yield(request)
    return request
  }
}

/// Gathers one request after the other: a head, and as much body as its Content-Length says.
private final class RequestReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let ledger: Ledger
  private let answer: @Sendable (RawServer.Request) -> [RawServer.Step]
  private var connection = 0
  private var text = ""

  init(ledger: Ledger, answer: @escaping @Sendable (RawServer.Request) -> [RawServer.Step]) {
    self.ledger = ledger
    self.answer = answer
  }

  func channelActive(context: ChannelHandlerContext) { connection = ledger.connect() }
  func channelInactive(context: ChannelHandlerContext) { ledger.end() }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    text += String(buffer: unwrapInboundIn(data))
    guard let end = text.range(of: "\r\n\r\n") else { return }
    let length = text[..<end.lowerBound].split(separator: "\r\n").lazy
      .filter { $0.lowercased().hasPrefix("content-length: ") }
      .compactMap { Int($0.dropFirst(16)) }.first
    guard text[end.upperBound...].utf8.count >= length ?? 0 else { return }
    let request = ledger.take(text, on: connection)
    text = ""
    for step in answer(request) { take(step, context) }
  }

  private func take(_ step: RawServer.Step, _ context: ChannelHandlerContext) {
    switch step {
    case .send(let text):
      let buffer = context.channel.allocator.buffer(string: text)
      context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    case .sendBytes(let bytes):
      let buffer = context.channel.allocator.buffer(bytes: bytes)
      context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    case .close: context.close(promise: nil)
    case .reset:
      let socket = context.channel as? any SocketOptionProvider
      _ = socket?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
      context.close(promise: nil)
    }
  }
}
