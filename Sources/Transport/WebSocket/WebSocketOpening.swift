import NIOCore
import NIOHTTP1
import NIOWebSocket
import TradingModel

/// The way of one connection from TCP to WebSocket.
struct WebSocketOpening: Sendable {
  let url: RequestURL
  let headers: HeaderFields
  let options: WebSocketOptions
  let chance: any RandomSource
  let opened: EventLoopPromise<WebSocket>
  let makeHandler: @Sendable (WebSocket) -> any WebSocketHandler

  /// Builds the pipeline: HTTP with the upgrade, and what sends the request.
  func configure(_ channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    var generator = ChanceGenerator(chance: chance)
    let upgrader = NIOWebSocketClientUpgrader(
      requestKey: NIOWebSocketClientUpgrader.randomRequestKey(using: &generator),
      maxFrameSize: options.maxMessageBytes, automaticErrorHandling: false
    ) { channel, _ in
      channel.eventLoop.makeCompletedFuture { try open(channel) }
    }
    try pipeline.addHTTPClientHandlers(
      // The first messages may arrive in one packet with the answer.
      leftOverBytesStrategy: .forwardBytes,
      withClientUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
    try pipeline.addHandler(WebSocketRequestHandler(head: requestHead, opened: opened, url: url))
  }

  private var requestHead: HTTPRequestHead {
    var fields = HTTPHeaders([("Host", url.authority)])
    for field in headers.fields { fields.add(name: field.name, value: field.value) }
    return HTTPRequestHead(version: .http1_1, method: .GET, uri: url.target, headers: fields)
  }

  private func open(_ channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    let socket = WebSocket(channel: channel, chance: chance, options: options)
    do {
      let request = try pipeline.handler(type: WebSocketRequestHandler.self)
      pipeline.removeHandler(request, promise: nil)
      try pipeline.addHandler(
        NIOWebSocketFrameAggregator(
          minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 4096,
          maxAccumulatedFrameSize: options.maxMessageBytes))
      try pipeline.addHandler(
        WebSocketChannelHandler(socket: socket, options: options, makeHandler: makeHandler))
    } catch {
      socket.hasEnded(.connect("\(error)"))
      throw error
    }
    opened.succeed(socket)
  }

  static func error(_ error: any Error, _ url: RequestURL) -> WebSocketError {
    switch error {
    case let error as WebSocketError: error
    case _ where Dialer.isAboutTLS(error): .tls("\(error)")
    case is NIOHTTPClientUpgradeError: .badUpgrade("\(error)")
    case ChannelError.connectTimeout: .timedOut
    default: .connect(Dialer.words(for: error, host: url.host))
    }
  }
}

/// Sends the handshake's request and judges an answer that is no upgrade.
private final class WebSocketRequestHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let head: HTTPRequestHead
  private let opened: EventLoopPromise<WebSocket>
  private let url: RequestURL
  private var isSent = false

  init(head: HTTPRequestHead, opened: EventLoopPromise<WebSocket>, url: RequestURL) {
    self.head = head
    self.opened = opened
    self.url = url
  }

  func channelActive(context: ChannelHandlerContext) {
    guard !isSent else { return }
    isSent = true
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data) {
      opened.fail(WebSocketError.refused(status: Int(head.status.code)))
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    opened.fail(WebSocketOpening.error(error, url))
    context.fireErrorCaught(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    opened.fail(WebSocketError.closed(code: nil, reason: ""))
    context.fireChannelInactive()
  }
}

/// Lets NIO draw from our chance.
private struct ChanceGenerator: RandomNumberGenerator {
  let chance: any RandomSource
  mutating func next() -> UInt64 { chance.next() }
}
