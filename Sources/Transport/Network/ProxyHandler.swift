import NIOCore

/// What is said to a proxy and what it answers, apart from any socket.
protocol ProxyHandshake {
  /// What is sent first.
  var greeting: ByteBuffer { get }

  /// Takes what it needs of what has arrived.
  mutating func take(_ bytes: inout ByteBuffer) throws(ProxyError) -> ProxyStep
}

enum ProxyStep: Equatable {
  case needsMore
  case send(ByteBuffer)
  /// From now on the bytes are the host's.
  case open
}

/// The first handler of a channel to a proxy: asks it for the way to the host, and holds
/// `channelActive` back until it is open.
final class ProxyHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let proxy: ProxyAddress
  private var handshake: any ProxyHandshake
  private var arrived = ByteBuffer()
  private var state = State.asking
  private static let maxAnswerBytes = 16 << 10

  private enum State { case asking, open, failed }

  init(_ proxy: ProxyAddress, to url: RequestURL) {
    self.proxy = proxy
    handshake =
      switch proxy.kind {
      case .http: ConnectHandshake(proxy, to: url)
      case .socks5: SOCKS5Handshake(proxy, to: url)
      }
  }

  func channelActive(context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(handshake.greeting), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch state {
    case .open: context.fireChannelRead(data)
    case .failed: break
    case .asking:
      var bytes = unwrapInboundIn(data)
      arrived.writeBuffer(&bytes)
      do throws(ProxyError) { try goOn(context) } catch { fail(error, context) }
    }
  }

  private func goOn(_ context: ChannelHandlerContext) throws(ProxyError) {
    while state == .asking {
      switch try handshake.take(&arrived) {
      case .needsMore:
        guard arrived.readableBytes <= Self.maxAnswerBytes else {
          throw ProxyError(proxy: proxy, reason: "answers without end")
        }
        return
      case .send(let bytes): context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
      case .open:
        state = .open
        context.fireChannelActive()
        if arrived.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(arrived)) }
        arrived = ByteBuffer()
      }
    }
  }

  private func fail(_ error: ProxyError, _ context: ChannelHandlerContext) {
    state = .failed
    context.fireErrorCaught(error)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if state == .asking {
      state = .failed
      context.fireErrorCaught(ProxyError(proxy: proxy, reason: "ended the connection"))
    }
    context.fireChannelInactive()
  }
}
