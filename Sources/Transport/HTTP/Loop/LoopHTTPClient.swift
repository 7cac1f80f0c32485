import NIOCore
import Synchronization
import TradingModel

/// HTTP/1.1 on an event loop, for orders: the request is written by whoever calls from that loop, and
/// the answer is handed back there, without another thread in between.
///
/// Few connections, kept open, one request on each at a time, so that what was sent is known. TLS is
/// always verified. Redirects are answers like any other, bodies are taken as they come.
public final class LoopHTTPClient: HTTPClient {
  /// How many there may be, and how long.
  public struct Limits: Sendable, Hashable {
    /// To one host, for one `HTTPConnection`.
    public var connections: Int
    /// Requests under way or waiting for a connection, to one host and for one `HTTPConnection`; more
    /// are refused.
    public var requests: Int
    /// A connection that was idle for so long is closed: many servers drop it a little later without
    /// a word, and an order would be lost in it.
    public var idle: Duration

    public init(connections: Int = 16, requests: Int = 128, idle: Duration = .seconds(50)) {
      precondition(
        connections > 0 && requests > 0 && idle > .zero, "a client that can do something")
      self.connections = connections
      self.requests = requests
      self.idle = idle
    }
  }

  private let loop: any EventLoop
  let pool: NIOLoopBoundBox<LoopPool>
  private let isShutDown = Atomic(false)

  /// - Parameters:
  ///   - loop: Where all of it happens.
  ///   - chance: Spreads the attempts to connect again.
  public init(
    on loop: any EventLoop, chance: any RandomSource, network: NetworkSettings = NetworkSettings(),
    limits: Limits = Limits(), userAgent: String = "quarterdeck"
  ) {
    self.loop = loop
    let setup = LoopSetup(
      loop: loop, dialer: Dialer(network), limits: limits, userAgent: userAgent, chance: chance)
    pool = NIOLoopBoundBox.makeBoxSendingValue(LoopPool(setup), eventLoop: loop)
  }

  deinit {
    // After a shutdown the loop itself may be gone.
    guard !isShutDown.load(ordering: .acquiring) else { return }
    loop.execute { [pool] in pool.value.shutdown() }
  }

  /// Cancelling the task ends the exchange at once and closes its connection.
  nonisolated(nonsending)
    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
  {
    if let reason = Self.problem(with: request) { throw .invalidRequest(reason) }
    return try await outcome(of: LoopExchange(request)).get()
  }

  private func outcome(
    of exchange: LoopExchange, isolation: isolated (any Actor)? = #isolation
  ) async -> Result<HTTPResponse, HTTPError> {
    await withTaskCancellationHandler {
      // Only a closure that knows where its caller runs stays there.
      _ = isolation
      return await withCheckedContinuation { continuation in
        exchange.onEnd { continuation.resume(returning: $0) }
        onLoop { $0.start(exchange) }
      }
    } onCancel: {
      exchange.isCancelled.store(true, ordering: .relaxed)
      onLoop { $0.cancel(exchange) }
    }
  }

  /// Opens connections before they are needed, and keeps them open from then on.
  /// - Parameters:
  ///   - url: Only its scheme, host and port count.
  ///   - count: How many there are at least.
  public func keepWarm(
    _ url: RequestURL, connections count: Int = 2, for connection: HTTPConnection = .shared
  ) {
    onLoop { $0.keepWarm(LoopRoute.Key(url, connection), url, count) }
  }

  /// How many connections are open and idle, ready for a request.
  public func idleConnections() async -> Int {
    await withCheckedContinuation { continuation in
      onLoop { continuation.resume(returning: $0.idleConnections) }
    }
  }

  /// Ends every exchange with `HTTPError.cancelled` and closes all connections. Later requests are
  /// refused.
  public func shutdown() async {
    isShutDown.store(true, ordering: .releasing)
    await withCheckedContinuation { continuation in
      onLoop { pool in
        pool.shutdown()
        continuation.resume()
      }
    }
  }

  private func onLoop(_ body: @escaping @Sendable (LoopPool) -> Void) {
    if loop.inEventLoop {
      body(pool.value)
    } else {
      loop.execute { [pool] in body(pool.value) }
    }
  }

  private static func problem(with request: HTTPRequest) -> String? {
    guard request.url.scheme == .http || request.url.scheme == .https else {
      return "\(request.url.scheme.rawValue) is not HTTP"
    }
    return request.headers.unsendableName.map { "header '\($0)'" }
  }
}

/// What every connection of a client shares.
struct LoopSetup {
  let loop: any EventLoop
  let dialer: Dialer
  let limits: LoopHTTPClient.Limits
  let userAgent: String
  let chance: any RandomSource
}
