import NIOCore
import NIOHTTP1
import TradingModel

/// Serves the requests of one connection, one after the other.
struct HTTPExchange: Sendable {
  typealias Outbound = NIOAsyncChannelOutboundWriter<HTTPPart<HTTPResponseHead, ByteBuffer>>

  let service: any LoopbackService
  let clock: any WallClock
  let maximumBodyBytes: Int

  /// - Parameter first: A request that was read already.
  func serve(
    _ connection: LoopbackServer.HTTPConnection, first: ServerRequest? = nil
  ) async throws {
    let channel = connection.channel
    try await connection.executeThenClose { inbound, outbound in
      try await channel.whileOpen {
        var parts = inbound.makeAsyncIterator()
        if let first, try await !answer(first, keepsAlive: true, on: outbound, of: channel) {
          return
        }
        while let arrival = try await readRequest(&parts) {
          switch arrival {
          case .whole(let request, let keepsAlive):
            let goesOn = try await answer(
              request, keepsAlive: keepsAlive, on: outbound, of: channel)
            if !goesOn { return }
          case .tooLarge:
            let refusal = ServerResponse.text("Request Entity Too Large", status: 413)
            return try await write(refusal, body: refusal.body, keepsAlive: false, to: outbound)
          }
        }
      }
    }
  }

  private func answer(
    _ request: ServerRequest, keepsAlive: Bool, on outbound: Outbound, of channel: any Channel
  ) async throws -> Bool {
    try await deliver(
      await service.handle(request), head: request.method == "HEAD", keepsAlive: keepsAlive,
      to: outbound, of: channel)
  }

  // MARK: Reading

  private enum Arrival {
    case whole(ServerRequest, keepsAlive: Bool)
    case tooLarge
  }

  private func readRequest(
    _ parts: inout NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator
  ) async throws -> Arrival? {
    var head: HTTPRequestHead?
    var body: [UInt8] = []
    while let part = try await parts.next() {
      switch part {
      case .head(let next): head = next
      case .body(let buffer):
        guard body.count + buffer.readableBytes <= maximumBodyBytes else { return .tooLarge }
        body.append(contentsOf: buffer.readableBytesView)
      case .end:
        // Without a head it is the end of a request that was read already.
        guard let head else { continue }
        return .whole(ServerRequest(head, body: body), keepsAlive: head.isKeepAlive)
      }
    }
    return nil
  }

  // MARK: Answering

  /// - Returns: False when the connection must end.
  private func deliver(
    _ response: ServerResponse, head isHead: Bool, keepsAlive: Bool,
    to outbound: Outbound, of channel: any Channel
  ) async throws -> Bool {
    if response.delay > .zero { try await clock.sleep(for: response.delay) }
    let body = isHead ? [] : response.body
    switch response.delivery {
    case .whole:
      try await write(response, body: body, keepsAlive: keepsAlive, to: outbound)
      return keepsAlive
    case .stall:
      while true { try await clock.sleep(for: .hours(1)) }
    case .closeBefore:
      return false
    case .reset:
      channel.resetConnection()
      return false
    case .closeWithin, .resetWithin:
      try await outbound.write(.head(makeHead(response, keepsAlive: keepsAlive)))
      if body.count > 1 {
        try await outbound.write(.body(ByteBuffer(bytes: body.prefix(body.count / 2))))
      }
      if response.delivery == .resetWithin { channel.resetConnection() }
      return false
    case .closeAfter:
      try await write(response, body: body, keepsAlive: true, to: outbound)
      return false
    case .drip(let bytes, let pause):
      try await outbound.write(.head(makeHead(response, keepsAlive: keepsAlive)))
      var rest = body[...]
      while !rest.isEmpty {
        try await clock.sleep(for: pause)
        try await outbound.write(.body(ByteBuffer(bytes: rest.prefix(max(1, bytes)))))
        rest = rest.dropFirst(max(1, bytes))
      }
      try await outbound.write(.end(nil))
      return keepsAlive
    }
  }

  private func write(
    _ response: ServerResponse, body: [UInt8], keepsAlive: Bool, to outbound: Outbound
  ) async throws {
    try await outbound.write(contentsOf: [
      .head(makeHead(response, keepsAlive: keepsAlive)), .body(ByteBuffer(bytes: body)), .end(nil),
    ])
  }

  private func makeHead(_ response: ServerResponse, keepsAlive: Bool) -> HTTPResponseHead {
    var headers = HTTPHeaders(response.headers.map { ($0.name, $0.value) })
    headers.replaceOrAdd(name: "Content-Length", value: "\(response.body.count)")
    headers.replaceOrAdd(name: "Connection", value: keepsAlive ? "keep-alive" : "close")
    return HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
  }
}

extension Channel {
  /// Runs `body`, and cancels it when the connection ends before it does.
  func whileOpen(_ body: @Sendable @escaping () async throws -> Void) async throws {
    let (closed, continuation) = AsyncStream.makeStream(of: Never.self)
    closeFuture.whenComplete { _ in continuation.finish() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await body() }
      group.addTask { for await _ in closed {} }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}
