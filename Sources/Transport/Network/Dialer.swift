import NIOCore
import NIOPosix
import NIOSSL

/// Opens channels on an event loop: to the host itself or through the proxy, then TLS if the URL wants
/// it. The handlers above see `channelActive` only when the way to the host is open.
struct Dialer: Sendable {
  private let network: NetworkSettings
  private let roots: TrustedRoots

  init(_ network: NetworkSettings) {
    self.network = network
    roots = TrustedRoots(extraFile: network.extraCAFile)
  }

  /// - Parameters:
  ///   - timeout: For TCP. Whoever dials watches over the rest.
  ///   - configure: Adds the handlers above; called on the loop before anything is sent.
  /// - Returns: Fails when there is no TCP connection; what goes wrong later comes down the pipeline
  ///   as an error.
  func dial(
    _ url: RequestURL, on loop: any EventLoop, timeout: Duration,
    configure: @escaping @Sendable (any Channel) throws -> Void
  ) -> EventLoopFuture<any Channel> {
    let proxy: ProxyAddress?
    do throws(ProxyAddress.Invalid) {
      proxy = try network.proxy(for: url)
    } catch {
      return loop.makeFailedFuture(error)
    }
    return ClientBootstrap(group: loop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_keepalive), value: 1)
      .connectTimeout(TimeAmount(timeout))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let proxy { try pipeline.addHandler(ProxyHandler(proxy, to: url)) }
          if url.scheme.isSecure { try pipeline.addHandler(tlsHandler(for: url)) }
          try configure(channel)
        }
      }
      .connect(host: proxy?.host ?? url.host, port: proxy?.port ?? url.port)
  }

  private func tlsHandler(for url: RequestURL) throws -> NIOSSLClientHandler {
    // A certificate for an address is checked against the address itself.
    let isAddress = (try? SocketAddress(ipAddress: url.host, port: 0)) != nil
    return try NIOSSLClientHandler(
      context: roots.clientContext(), serverHostname: isAddress ? nil : url.host)
  }

  /// Whether the other side could not prove who it is, or does not speak TLS.
  static func isAboutTLS(_ error: any Error) -> Bool {
    error is NIOSSLError || error is BoringSSLError || error is NIOSSLExtraError
  }

  /// Why there is no connection, in words.
  static func words(for error: any Error, host: String) -> String {
    guard let error = error as? NIOConnectionError else { return "\(error)" }
    return error.connectionErrors.first.map { "\($0.error)" } ?? "\(host) is unknown"
  }
}
