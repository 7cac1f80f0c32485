import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization
import TradingModel

/// Opens WebSocket connections on an event loop. TLS is always verified against the system's roots.
public final class WebSocketConnector: Sendable {
  private let chance: any RandomSource
  /// Made when first needed: reading the system's roots costs time and memory.
  private let tls = Mutex<NIOSSLContext?>(nil)

  /// - Parameter chance: For handshake keys and masks.
  public init(chance: any RandomSource) { self.chance = chance }

  /// Opens a connection.
  ///
  /// - Parameters:
  ///   - url: `ws` or `wss`.
  ///   - loop: Where all of the connection happens.
  ///   - makeHandler: Called on the loop when the connection is open, before the first message; the
  ///     place to send subscriptions.
  /// - Throws: `WebSocketError`; `.cancelled` when the task is.
  public func connect(
    to url: RequestURL, headers: HeaderFields = [:], options: WebSocketOptions = WebSocketOptions(),
    on loop: any EventLoop,
    makeHandler: @escaping @Sendable (WebSocket) -> any WebSocketHandler
  ) async throws(WebSocketError) -> WebSocket {
    guard url.scheme == .ws || url.scheme == .wss else {
      throw .connect("\(url.scheme.rawValue) is not WebSocket")
    }
    if let name = headers.unsendableName { throw .connect("header '\(name)' cannot be sent") }
    let tls = url.scheme.isSecure ? try tlsContext() : nil
    let opened = loop.makePromise(of: WebSocket.self)
    let opening = WebSocketOpening(
      url: url, headers: headers, options: options, chance: chance, tls: tls, opened: opened,
      makeHandler: makeHandler)
    let channel = ClientBootstrap(group: loop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connectTimeout(TimeAmount(options.connectTimeout))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try opening.configure(channel) }
      }
      .connect(host: url.host, port: url.port)
    channel.whenFailure { opened.fail(WebSocketOpening.error($0, url)) }
    let deadline = loop.scheduleTask(in: TimeAmount(options.connectTimeout)) {
      opened.fail(WebSocketError.timedOut)
    }
    opened.futureResult.whenComplete { result in
      deadline.cancel()
      if case .failure = result { channel.whenSuccess { $0.close(promise: nil) } }
    }
    return try await Self.outcome(of: opened)
  }

  private static func outcome(
    of opened: EventLoopPromise<WebSocket>
  ) async throws(WebSocketError) -> WebSocket {
    do {
      return try await withTaskCancellationHandler {
        try await opened.futureResult.get()
      } onCancel: {
        opened.fail(WebSocketError.cancelled)
      }
    } catch let error as WebSocketError {
      throw error
    } catch {
      throw .connect("\(error)")
    }
  }

  private func tlsContext() throws(WebSocketError) -> NIOSSLContext {
    do {
      return try tls.withLock { context in
        if let context { return context }
        let made = try NIOSSLContext(configuration: .makeClientConfiguration())
        context = made
        return made
      }
    } catch {
      throw .tls("\(error)")
    }
  }
}
