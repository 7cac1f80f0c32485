import Synchronization
import TradingModel

/// The streams of the loopback Binance under the paths of both generations, and the WebSocket API.
public final class BinanceStreamServer: LoopbackService {
  public let name = "binance_stream"
  /// Each message counts as a call of its stream (`!forceOrder@arr`, `btcusdt@aggTrade`), of the event
  /// it tells (`ORDER_TRADE_UPDATE`), or of the method it answers (`order.place`); the latter know
  /// what the REST calls know, too.
  public let faultNames: [String]

  /// Messages of a client, pings and pongs inside, within one second.
  private static let mostMessages = 10
  private static let socketAPIPath = "/ws-fapi/v1"

  private let stream: BinanceStream
  private let socketAPI: BinanceSocketAPI
  private let settings: BinanceSettings
  private let clock: any WallClock
  private let door: StreamDoor

  public init(
    _ venue: BinanceVenue, server: BinanceServer, clock: any WallClock, faults: FaultPlan,
    transcript: Transcript
  ) {
    settings = venue.settings
    self.clock = clock
    faultNames = StreamDelivery.faultNames + server.faultNames
    let delivery = StreamDelivery(service: name, faults: faults, transcript: transcript)
    door = StreamDoor(service: name, faults: faults, transcript: transcript)
    stream = BinanceStream(delivery)
    socketAPI = BinanceSocketAPI(server, delivery, clock: clock)
    venue.add(stream)
  }

  /// Cuts the user data streams without a word.
  public func cutAccount() { stream.cutAll(.account) }

  /// Closes every stream as if its 24 hours were over.
  public func endLives() { stream.closeAll() }

  public func handle(_ request: ServerRequest) async -> ServerResponse {
    door.refusal(.text("Not Found", status: 404))
  }

  public func acceptsSocket(_ request: ServerRequest) async -> Bool {
    (request.path == Self.socketAPIPath || opening(of: request) != nil) && door.admits(request)
  }

  public func serve(_ socket: ServerSocket, for request: ServerRequest) async {
    let vigil = SocketVigil(clock: clock)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [self] in
        await vigil.serve(silence: settings.pongPatience) { [self] in
          await converse(socket, request, vigil)
        }
      }
      group.addTask { [self] in await ping(socket) }
      group.addTask { [self] in await sleep(settings.connectionLife) }
      await group.next()
      group.cancelAll()
    }
  }

  private func converse(
    _ socket: ServerSocket, _ request: ServerRequest, _ vigil: SocketVigil
  ) async {
    guard request.path != Self.socketAPIPath else {
      let session = BinanceSession(openedAt: clock.now)
      return await listen(to: socket, vigil, most: nil) { [socketAPI] text in
        socketAPI.take(text, from: socket, session)
      }
    }
    guard let opening = opening(of: request) else { return }
    let number = stream.add(
      socket, streams: opening.streams, category: opening.category, isWrapped: opening.isWrapped)
    await listen(to: socket, vigil, most: Self.mostMessages) { [stream] text in
      socket.send(BinanceStreamCommand.answer(text, number: number, on: stream))
    }
    stream.remove(number)
  }

  private struct Opening {
    var category: BinanceTopic.Category?
    var streams: [String]
    var isWrapped: Bool
  }

  /// `/market/ws/A/B`, `/market/stream?streams=A/B`, `/private/ws?listenKey=K`, and without a category
  /// as before April 2026. A segment that names no stream, such as a number, opens a connection
  /// without any.
  private func opening(of request: ServerRequest) -> Opening? {
    var parts = request.path.split(separator: "/").map(String.init)
    let category = parts.first.flatMap(BinanceTopic.Category.init)
    if category != nil {
      parts.removeFirst()
    } else if !settings.opensLegacyPaths {
      return nil
    }
    var query = RequestParameters()
    query.addURLEncoded(request.query)
    let isWrapped: Bool
    var names: [String]
    switch parts.first {
    case "ws":
      isWrapped = false
      names = Array(parts.dropFirst())
    case "stream" where parts.count == 1:
      isWrapped = true
      names = (query["streams"] ?? "").split(separator: "/").map(String.init)
    default: return nil
    }
    if category == .account, let key = query["listenKey"] { names.append(key) }
    let streams = names.filter { name in
      BinanceTopic(name).map { topic in category.map(topic.belongs) ?? true } ?? false
    }
    return Opening(category: category, streams: streams, isWrapped: isWrapped)
  }

  /// Only pongs and commands keep a connection alive; too many of them end it.
  private func listen(
    to socket: ServerSocket, _ vigil: SocketVigil, most: Int?, _ take: (String) -> Void
  ) async {
    var recent: [Timestamp] = []
    for await event in socket.incoming {
      let now = clock.now
      recent = recent.filter { now - $0 < .seconds(1) } + [now]
      guard recent.count <= most ?? .max else {
        return socket.close(code: 1008, reason: "Too many requests")
      }
      vigil.noteLife()
      if case .text(let text) = event { take(text) }
    }
  }

  private func ping(_ socket: ServerSocket) async {
    do {
      while true {
        try await clock.sleep(for: settings.pingInterval)
        socket.ping(Array("\(clock.now.milliseconds)".utf8))
      }
    } catch {
      // The socket is gone.
    }
  }

  private func sleep(_ duration: Duration) async {
    do { try await clock.sleep(for: duration) } catch {}
  }
}
