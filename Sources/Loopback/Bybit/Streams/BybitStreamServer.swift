import Synchronization
import TradingModel

/// The streams of the loopback Bybit.
public final class BybitStreamServer: LoopbackService {
  public let name = "bybit_stream"
  /// Each message counts as a call of its topic: `order`, `tickers.BTCUSDT`.
  /// So does each answer of the trade stream, as a call of its operation: `order.create`. There,
  /// `executed` (true) says whether it is carried out, and `reject` is known: `code`, `reason`.
  public let faultNames = StreamDelivery.faultNames + [BybitServer.reject]

  private static let publicPath = "/v5/public/linear"
  private static let privatePath = "/v5/private"
  private static let tradePath = "/v5/trade"

  private let publicStream: BybitPublicStream
  private let privateStream: BybitPrivateStream
  private let tradeStream: BybitTradeStream
  let server: BybitServer
  private let settings: BybitSettings
  private let clock: any WallClock
  private let door: StreamDoor
  private let connections = Mutex(0)

  /// - Parameter server: The REST side, with which keys and limits are shared; one of its own
  ///   without.
  public init(
    _ exchange: LoopbackExchange, settings: BybitSettings = BybitSettings(),
    clock: any WallClock, faults: FaultPlan, transcript: Transcript,
    server: BybitServer? = nil
  ) async {
    self.settings = settings
    self.clock = clock
    door = StreamDoor(service: name, faults: faults, transcript: transcript)
    let delivery = StreamDelivery(service: name, faults: faults, transcript: transcript)
    publicStream = BybitPublicStream(exchange, delivery)
    let server =
      server
      ?? BybitServer(
        exchange, settings: settings, clock: clock, faults: faults, transcript: transcript)
    self.server = server
    privateStream = BybitPrivateStream(exchange, server.authority, delivery, clock: clock)
    tradeStream = BybitTradeStream(server, delivery, clock: clock)
    await exchange.add(publicStream)
    await exchange.add(privateStream)
    await exchange.addWatch { [privateStream] venue, now in
      guard let window = server.disconnectionWindow.withLock({ $0 }),
        privateStream.hasFallenSilent(for: window, at: now)
      else { return }
      venue.cancelAll(filter: .keepingProtection, at: now)
    }
  }

  /// Cuts the private connections without a word.
  public func cutPrivate() { privateStream.cutAll() }

  /// Cuts the public connections without a word.
  public func cutPublic() { publicStream.cutAll() }

  /// Cuts the connections of the trade stream without a word.
  public func cutTrade() { tradeStream.cutAll() }

  public func handle(_ request: ServerRequest) async -> ServerResponse {
    door.refusal(.text("Not Found", status: 404))
  }

  public func acceptsSocket(_ request: ServerRequest) async -> Bool {
    let isKnown =
      request.path == Self.publicPath
      || ([Self.privatePath, Self.tradePath].contains(request.path)
        && idleLimit(of: request) != nil)
    return isKnown && door.admits(request)
  }

  public func serve(_ socket: ServerSocket, for request: ServerRequest) async {
    let connection = connections.withLock { count in
      count += 1
      return "loopback-\(count)"
    }
    let vigil = SocketVigil(clock: clock)
    await vigil.serve(silence: idleLimit(of: request) ?? settings.idleLimit) { [self] in
      switch request.path {
      case Self.privatePath:
        let number = privateStream.add(socket)
        await listen(to: socket, vigil) {
          privateStream.noteLife(number)
          privateStream.take($0, from: socket, number: number, connection: connection)
        }
        privateStream.remove(number)
      case Self.tradePath:
        tradeStream.open(connection, socket)
        await listen(to: socket, vigil) {
          await tradeStream.take($0, from: socket, connection: connection)
        }
        tradeStream.close(connection)
      default:
        let number = publicStream.add(socket)
        await listen(to: socket, vigil) {
          publicStream.take($0, from: socket, number: number, connection: connection)
        }
        publicStream.remove(number)
      }
    }
  }

  private func listen(
    to socket: ServerSocket, _ vigil: SocketVigil, _ take: (String) async -> Void
  ) async {
    for await event in socket.incoming {
      vigil.noteLife()
      guard case .text(let text) = event else { continue }
      if settings.streamLatency > .zero {
        do { try await clock.sleep(for: settings.streamLatency) } catch { return }
      }
      await take(text)
    }
  }

  /// `max_active_time`: `30s` to `600s`, or in minutes; the setting where it is absent, nil where
  /// it makes no sense.
  private func idleLimit(of request: ServerRequest) -> Duration? {
    var query = RequestParameters()
    query.addURLEncoded(request.query)
    guard let text = query["max_active_time"] else { return settings.idleLimit }
    guard let count = Int64(text.dropLast()), let unit = text.last else { return nil }
    let limit: Duration? =
      switch unit {
      case "s": .seconds(count)
      case "m": count <= 10 ? .minutes(count) : nil
      default: nil
      }
    guard let limit, (.seconds(30)...(.seconds(600))).contains(limit) else { return nil }
    return limit
  }
}
