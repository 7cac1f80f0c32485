import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import TradingModel

/// The red button, health and metrics on 127.0.0.1. Knows no venue: it gives commands to the bus and
/// reads snapshots.
public struct ControlServer: Sendable {
  /// What keeps a caller from holding the server up.
  struct Limits: Sendable {
    var connections = 32
    /// A connection that says nothing, before the first request and between two.
    var idle = TimeAmount.seconds(15)
    /// From a request's head to its end.
    var request = TimeAmount.seconds(5)
    /// A request's head.
    var headerBytes = 8 * 1024
    var headerCount = 50
  }

  private let settings: ControlSettings
  private let limits: Limits
  private let desk: ControlDesk
  private let responder: ControlResponder
  private let refusals = RefusalCounts()
  private let log: Logger

  public init(_ settings: ControlSettings, ports: ControlPorts, log: Logger) {
    self.init(settings, limits: Limits(), ports: ports, log: log)
  }

  init(_ settings: ControlSettings, limits: Limits, ports: ControlPorts, log: Logger) {
    self.settings = settings
    self.limits = limits
    self.log = log
    desk = ControlDesk(ports)
    responder = ControlResponder(
      desk: desk, glance: Glance(ports), ports: ports,
      guardian: RequestGuard(token: settings.token, host: settings.host), refusals: refusals,
      panicPatience: settings.panicPatience, log: log)
  }

  /// Follows the commands until cancelled, whether or not anyone can be listened to.
  public func follow() async { await desk.run() }

  /// Whether a command that came in here is being carried out, or its end being written down.
  public var isBusy: Bool { get async { await desk.isBusy } }

  /// Listens until stopped in order or cancelled.
  ///
  /// - Parameter onReady: Called with the port once callers can come.
  /// - Throws: When the address can't be listened on.
  public func listen(onReady: @escaping @Sendable (Int) -> Void = { _ in }) async throws {
    let application = Application(
      responder: responder,
      server: HTTPServerBuilder { [settings, limits, refusals, log] responder in
        AcceptGuard(
          channel: HTTP1Channel(
            responder: responder,
            configuration: HTTP1Channel.Configuration(
              additionalChannelHandlers: [RequestDeadline(limit: limits.request)],
              idleTimeout: limits.idle,
              httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                maxHeaderFieldCount: limits.headerCount))),
          allowed: Set(settings.allowlist.compactMap { PeerAddress($0) })
        ) { address in
          refusals.note(RefusalCounts.address)
          log.warning("hung up on a caller", metadata: ["address": "\(address)"])
        }
      },
      configuration: ApplicationConfiguration(
        address: .hostname(settings.host, port: settings.port), backlog: 16,
        availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: log)),
      onServerRunning: { channel in onReady(channel.localAddress?.port ?? 0) },
      logger: log)
    try await application.run()
  }
}
