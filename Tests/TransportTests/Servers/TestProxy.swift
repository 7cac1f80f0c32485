import NIOCore
import NIOPosix
import Synchronization

/// A proxy on 127.0.0.1 that speaks HTTP CONNECT or SOCKS 5 and leads everywhere to one local port,
/// whatever name it is asked for.
struct TestProxy: Sendable {
  /// What it wants and does.
  struct Script: Sendable {
    /// `name:password`, or nil when it asks for none.
    var login: String?
    /// What it says instead of opening the way, byte for byte.
    var refusal: [UInt8]?
    /// Sends its answers byte by byte.
    var drips = false
    /// Ends the connection instead of answering.
    var closes = false
  }

  private let listener: any Channel
  private let seen: Seen

  init(_ kind: Kind, to port: Int, script: Script = Script()) async throws {
    let seen = Seen()
    self.seen = seen
    listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            ProxyServerHandler(kind, target: port, script: script, seen: seen))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  enum Kind: String, CaseIterable, Sendable { case http, socks5 }

  var port: Int { listener.localAddress?.port ?? 0 }
  /// Where clients wanted to go: `venue.test:443`.
  var targets: [String] { seen.targets.withLock { $0 } }
  /// The logins they showed.
  var logins: [String] { seen.logins.withLock { $0 } }

  fileprivate final class Seen: Sendable {
    let targets = Mutex<[String]>([])
    let logins = Mutex<[String]>([])
  }
}

private final class ProxyServerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private enum Step { case start, login, request, open }

  private let kind: TestProxy.Kind
  private let target: Int
  private let script: TestProxy.Script
  private let seen: TestProxy.Seen
  private var step = Step.start
  private var arrived = ByteBuffer()
  private var peer: (any Channel)?

  init(_ kind: TestProxy.Kind, target: Int, script: TestProxy.Script, seen: TestProxy.Seen) {
    (self.kind, self.target, self.script, self.seen) = (kind, target, script, seen)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    if step == .open, let peer { return peer.writeAndFlush(bytes, promise: nil) }
    arrived.writeBuffer(&bytes)
    if kind == .http { readConnect(context) } else { readSOCKS(context) }
  }

  private func readConnect(_ context: ChannelHandlerContext) {
    let text = String(buffer: arrived)
    guard step == .start, text.hasSuffix("\r\n\r\n") else { return }
    let lines = text.split(separator: "\r\n")
    let login = lines.first { $0.hasPrefix("Proxy-Authorization: Basic ") }
    if let login { seen.logins.withLock { $0.append(String(login.dropFirst(27))) } }
    guard script.login == nil || login != nil else {
      say(Array("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n".utf8), context)
      return context.close(promise: nil)
    }
    arrive(at: String(text.split(separator: " ")[1]), context)
    open(Array("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n".utf8), context)
  }

  private func readSOCKS(_ context: ChannelHandlerContext) {
    let bytes = Array(arrived.readableBytesView)
    switch step {
    case .start where bytes.count >= 2 && bytes.count == 2 + Int(bytes[1]):
      arrived.clear()
      let wanted: UInt8 = script.login == nil ? 0 : 2
      guard bytes[2...].contains(wanted) else { return say([5, 0xFF], context) }
      step = script.login == nil ? .request : .login
      say([5, wanted], context)
    case .login:
      arrived.clear()
      let name = String(decoding: bytes[2..<(2 + Int(bytes[1]))], as: UTF8.self)
      let password = String(decoding: bytes[(3 + Int(bytes[1]))...], as: UTF8.self)
      seen.logins.withLock { $0.append("\(name):\(password)") }
      step = .request
      say([1, "\(name):\(password)" == script.login ? 0 : 1], context)
    case .request:
      arrived.clear()
      let name = String(decoding: bytes[5..<(5 + Int(bytes[4]))], as: UTF8.self)
      arrive(
        at: "\(name):\(Int(bytes[bytes.count - 2]) << 8 | Int(bytes[bytes.count - 1]))", context)
      open([5, 0, 0, 1, 127, 0, 0, 1, 0, 80], context)
    default: break
    }
  }

  private func arrive(at target: String, _ context: ChannelHandlerContext) {
    seen.targets.withLock { $0.append(target) }
    arrived.clear()
    step = .open
  }

  private func open(_ answer: [UInt8], _ context: ChannelHandlerContext) {
    if script.closes { return context.close(promise: nil) }
    if let refusal = script.refusal { return say(refusal, context) }
    let client = context.channel
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    ClientBootstrap(group: context.eventLoop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Relay(to: client))
        }
      }
      .connect(host: "127.0.0.1", port: target)
      .whenSuccess { peer in
        let (handler, context) = bound.value
        handler.peer = peer
        handler.say(answer, context)
      }
  }

  private func say(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
    for piece in script.drips ? bytes.map({ [$0] }) : [bytes] {
      context.writeAndFlush(
        wrapOutboundOut(context.channel.allocator.buffer(bytes: piece)), promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) { peer?.close(promise: nil) }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// From the target back to the client.
private final class Relay: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let client: any Channel
  init(to client: any Channel) { self.client = client }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    client.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { client.close(promise: nil) }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
