import NIOCore
import NIOHTTP1
import NIOPosix
import NIOTLS

/// One connection, and the exchange on it. Lives on the event loop; the last handler of its channel.
final class LoopConnection: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  enum State { case dialing, idle, busy, closed }

  private(set) var state = State.dialing
  private(set) var exchange: LoopExchange?
  private let url: RequestURL
  private let setup: LoopSetup
  private weak var route: LoopRoute?
  private var channel: (any Channel)?
  /// Towards the end of dialling, or of idleness.
  private var deadline: Scheduled<Void>?
  private var wasUsed = false
  private var head: HTTPResponseHead?
  private var body: [UInt8] = []

  init(_ url: RequestURL, _ setup: LoopSetup, route: LoopRoute) {
    self.url = url
    self.setup = setup
    self.route = route
  }

  /// - Parameter timeout: For TCP, proxy and TLS together.
  func dial(timeout: Duration) {
    let bound = NIOLoopBound(self, eventLoop: setup.loop)
    let url = url
    start(timeout) { $0.fail(.connect("timed out connecting to \(url.authority)")) }
    let userAgent = setup.userAgent
    setup.dialer.dial(url, on: setup.loop, timeout: timeout) { channel in
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandlers([
        WholeRequestEncoder(userAgent: userAgent), ByteToMessageHandler(HTTPResponseDecoder()),
        bound.value,
      ])
      bound.value.channel = channel
    }.whenFailure { bound.value.fail(bound.value.httpError($0)) }
  }

  /// Sends the request, at once.
  func run(_ exchange: LoopExchange) {
    guard let channel, state == .idle else { return }
    state = .busy
    deadline?.cancel()
    self.exchange = exchange
    exchange.connection = self
    let request = exchange.request
    let pipeline = channel.pipeline.syncOperations
    pipeline.write(NIOAny(HTTPClientRequestPart.head(request.head)), promise: nil)
    if let body = request.body, !body.isEmpty {
      let bytes = channel.allocator.buffer(bytes: body)
      pipeline.write(NIOAny(HTTPClientRequestPart.body(.byteBuffer(bytes))), promise: nil)
    }
    let sent = channel.eventLoop.makePromise(of: Void.self)
    sent.futureResult.whenSuccess { exchange.isSent = true }
    pipeline.writeAndFlush(NIOAny(HTTPClientRequestPart.end(nil)), promise: sent)
  }

  func close() {
    guard state != .closed else { return }
    over(repeating: nil)
  }

  private func over(repeating exchange: LoopExchange?) {
    state = .closed
    deadline?.cancel()
    self.exchange = nil
    channel?.close(promise: nil)
    route?.hasEnded(self, repeating: exchange)
  }

  private func start(_ delay: Duration, _ action: @escaping @Sendable (LoopConnection) -> Void) {
    deadline?.cancel()
    let bound = NIOLoopBound(self, eventLoop: setup.loop)
    deadline = setup.loop.scheduleTask(in: TimeAmount(delay)) { action(bound.value) }
  }

  private func becomeIdle() {
    state = .idle
    start(setup.limits.idle) { $0.route?.isStale($0) }
    route?.isReady(self)
  }
}

// What arrives.
extension LoopConnection {
  func channelActive(context: ChannelHandlerContext) {
    if state == .dialing, !url.scheme.isSecure { becomeIdle() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if state == .dialing, case .handshakeCompleted? = event as? TLSUserEvent { becomeIdle() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard state == .busy, let exchange else { return close() }
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body(let bytes):
      guard body.count + bytes.readableBytes <= exchange.request.maxResponseBytes else {
        return fail(.tooLarge(limitBytes: exchange.request.maxResponseBytes))
      }
      body.append(contentsOf: bytes.readableBytesView)
    case .end: finish(exchange)
    }
  }

  private func finish(_ exchange: LoopExchange) {
    guard let head else { return close() }
    var fields = HeaderFields()
    for field in head.headers { fields.add(field.name, field.value) }
    let response = HTTPResponse(
      status: Int(head.status.code), headers: fields, body: body,
      secrets: exchange.request.url.secrets)
    self.head = nil
    body = []
    self.exchange = nil
    exchange.connection = nil
    wasUsed = true
    exchange.finish(.success(response))
    // An answer before the request has gone out whole leaves the rest of it in the way.
    if head.isKeepAlive, exchange.isSent { becomeIdle() } else { close() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(httpError(error)) }

  func channelInactive(context: ChannelHandlerContext) {
    fail(.broken(bodySent: exchange?.isSent ?? false, "ended by \(url.authority)"))
    context.fireChannelInactive()
  }

  private func fail(_ error: HTTPError) {
    switch state {
    case .closed: break
    case .idle: close()
    case .dialing:
      state = .closed
      deadline?.cancel()
      channel?.close(promise: nil)
      route?.couldNotOpen(self, error)
    case .busy:
      if let exchange, mayRepeat(exchange, after: error) { return over(repeating: exchange) }
      let exchange = exchange
      self.exchange = nil
      exchange?.finish(.failure(error))
      close()
    }
  }

  /// On a kept connection that was dead already a reading may be asked again, and what never left
  /// whole in any case. Once.
  private func mayRepeat(_ exchange: LoopExchange, after error: HTTPError) -> Bool {
    guard case .broken = error, wasUsed, head == nil, !exchange.wasRepeated else { return false }
    return exchange.request.method.isSafe || !exchange.isSent
  }

  private func httpError(_ error: any Error) -> HTTPError {
    let limit = exchange?.request.maxResponseBytes ?? 0
    let reason = "\(Dialer.words(for: error, host: url.host)), \(url.authority)"
    switch (state, error) {
    case (_, HTTPParserError.headerOverflow): return .tooLarge(limitBytes: limit)
    case (.dialing, ChannelError.connectTimeout):
      return .connect("timed out connecting to \(url.authority)")
    case (.dialing, _): return Dialer.isAboutTLS(error) ? .tls(reason) : .connect(reason)
    default: return .broken(bodySent: exchange?.isSent ?? false, reason)
    }
  }
}
