import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization
import TradingModel

/// An HTTP/1.1 and WebSocket server on 127.0.0.1, and nowhere else, for one service.
///
/// Bound when made, so that its address is known at once; serves while `run()` runs.
public final class LoopbackServer: Sendable {
  typealias HTTPConnection = NIOAsyncChannel<
    HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>
  >
  typealias SocketConnection = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

  /// What the first request of a connection made of it.
  enum Connection: Sendable {
    /// - Parameter refused: A request to upgrade that is to be answered first.
    case http(HTTPConnection, refused: ServerRequest?)
    case socket(SocketConnection, ServerRequest)
  }

  /// The request of one connection whose upgrade was refused.
  private final class Refusal: Sendable {
    let request = Mutex<ServerRequest?>(nil)
  }

  typealias Listener = NIOAsyncChannel<EventLoopFuture<Connection>, Never>

  /// What may be changed from outside while it serves.
  private struct Gate {
    var listener: Listener?
    var refuses = false
  }

  public let port: Int
  private let gate: Mutex<Gate>
  private let gateMoved = ChangeSignal()
  private let service: any LoopbackService
  private let clock: any WallClock
  private let maximumBodyBytes: Int
  private let group: any EventLoopGroup

  /// `http://127.0.0.1:PORT`.
  public var address: String { "http://127.0.0.1:\(port)" }
  /// `ws://127.0.0.1:PORT`.
  public var socketAddress: String { "ws://127.0.0.1:\(port)" }

  /// Takes a port and begins to listen.
  /// - Parameters:
  ///   - port: 0 lets the system choose.
  ///   - clock: Delays and drips are measured on it.
  ///   - maximumBodyBytes: Larger requests are answered 413.
  /// - Throws: When the port is taken.
  public init(
    _ service: any LoopbackService, port: Int = 0, clock: any WallClock,
    maximumBodyBytes: Int = 8 << 20,
    on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) async throws {
    self.service = service
    self.clock = clock
    self.maximumBodyBytes = maximumBodyBytes
    self.group = group
    let listener = try await Self.listen(on: port, for: service, group)
    gate = Mutex(Gate(listener: listener))
    self.port = listener.channel.localAddress?.port ?? port
  }

  /// Serves until the task is cancelled; then every connection is closed.
  public func run() async {
    await withDiscardingTaskGroup { group in
      repeat {
        let seen = gateMoved.revision
        guard let listener = await openListener() else {
          // Refusing, or the port was taken meanwhile: another look when the gate moves, or later.
          await gateMoved.wait(past: seen, until: clock.now + .seconds(1), on: clock)
          continue
        }
        do {
          // Also when cancelled: a listener must be closed in this way.
          try await listener.executeThenClose { connections in
            for try await connection in connections {
              group.addTask { await self.serve(connection) }
            }
          }
        } catch {
          // The listener is closed: by cancellation, or because the system took the socket away.
        }
        gate.withLock { $0.listener = nil }
      } while !Task.isCancelled
      group.cancelAll()
    }
  }

  /// Whether connections are refused, as by a host on which nothing listens. Those that are open
  /// stay.
  public var refusesConnections: Bool {
    get { gate.withLock { $0.refuses } }
    set {
      let listener = gate.withLock { gate in
        gate.refuses = newValue
        return gate.listener
      }
      if newValue { listener?.channel.close(promise: nil) }
      gateMoved.bump()
    }
  }

  private func openListener() async -> Listener? {
    let (listener, refuses) = gate.withLock { ($0.listener, $0.refuses) }
    if let listener { return listener }
    guard !refuses, !Task.isCancelled else { return nil }
    do {
      let listener = try await Self.listen(on: port, for: service, group)
      let isTooLate = gate.withLock { gate in
        gate.listener = listener
        return gate.refuses
      }
      if isTooLate { listener.channel.close(promise: nil) }
      return listener
    } catch {
      return nil
    }
  }

  private static func listen(
    on port: Int, for service: any LoopbackService, _ group: any EventLoopGroup
  ) async throws -> Listener {
    try await ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .bind(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try Self.configure(channel, for: service)
        }
      }
  }

  private func serve(_ connection: EventLoopFuture<Connection>) async {
    do {
      switch try await connection.get() {
      case .http(let channel, let refused):
        try await HTTPExchange(service: service, clock: clock, maximumBodyBytes: maximumBodyBytes)
          .serve(channel, first: refused)
      case .socket(let channel, let request):
        try await SocketExchange(service: service).serve(channel, request: request)
      }
    } catch {
      // A client that vanished, or spoke no HTTP, concerns nobody else.
    }
  }

  /// Speaks HTTP, and turns into a WebSocket when the first request asks and the service agrees.
  private static func configure(
    _ channel: any Channel, for service: any LoopbackService
  ) throws -> EventLoopFuture<Connection> {
    // NIO keeps every request for the handlers that follow, but not one whose upgrade was refused.
    let refusal = Refusal()
    let upgrader = NIOTypedWebSocketServerUpgrader<Connection>(
      maxFrameSize: 1 << 20,
      shouldUpgrade: { channel, head in
        let request = ServerRequest(head)
        return channel.eventLoop.makeFutureWithTask {
          if await service.acceptsSocket(request) { return HTTPHeaders() }
          refusal.request.withLock { $0 = request }
          return nil
        }
      },
      upgradePipelineHandler: { channel, head in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            NIOWebSocketFrameAggregator(
              minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: 1024,
              maxAccumulatedFrameSize: 1 << 20))
          return .socket(
            try SocketConnection(wrappingChannelSynchronously: channel), ServerRequest(head))
        }
      })
    let configuration = NIOUpgradableHTTPServerPipelineConfiguration(
      upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration(
        upgraders: [upgrader],
        notUpgradingCompletionHandler: { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(HTTPByteBufferResponsePartHandler())
            return .http(
              try HTTPConnection(wrappingChannelSynchronously: channel),
              refused: refusal.request.withLock { $0 })
          }
        }))
    return try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
      configuration: configuration)
  }
}

extension ServerRequest {
  init(_ head: HTTPRequestHead, body: [UInt8] = []) {
    self.init(
      method: head.method.rawValue, target: head.uri,
      headers: head.headers.map { Header(name: $0.name, value: $0.value) }, body: body)
  }
}
