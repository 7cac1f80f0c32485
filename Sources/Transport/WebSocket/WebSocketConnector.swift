import NIOCore
import TradingModel

/// Opens WebSocket connections on an event loop, through the proxy if there is one. TLS is always
/// verified.
public final class WebSocketConnector: Sendable {
  private let chance: any RandomSource
  private let dialer: Dialer
  private let adjust: @Sendable (inout WebSocketOptions) -> Void

  /// - Parameters:
  ///   - chance: For handshake keys and masks.
  ///   - adjust: Has the last word on the limits of each connection: who hurries the clock shortens
  ///     the heartbeats too, which keep the event loop's time.
  public init(
    chance: any RandomSource, network: NetworkSettings = NetworkSettings(),
    adjust: @escaping @Sendable (inout WebSocketOptions) -> Void = { _ in }
  ) {
    self.chance = chance
    self.adjust = adjust
    dialer = Dialer(network)
  }

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
    var options = options
    adjust(&options)
    if let name = headers.unsendableName { throw .connect("header '\(name)' cannot be sent") }
    let opened = loop.makePromise(of: WebSocket.self)
    let opening = WebSocketOpening(
      url: url, headers: headers, options: options, chance: chance, opened: opened,
      makeHandler: makeHandler)
    let connectTimeout = options.connectTimeout
    let channel = dialer.dial(url, on: loop, timeout: connectTimeout) { channel in
      try opening.configure(channel)
    }
    channel.whenFailure { opened.fail(WebSocketOpening.error($0, url)) }
    let deadline = loop.scheduleTask(in: TimeAmount(connectTimeout)) {
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
}
