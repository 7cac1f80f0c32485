import TradingModel

/// The streams of the loopback Binance, under the paths of both generations.
public final class BinanceStreamServer: LoopbackService {
  public let name = "binance_stream"
  /// Each message counts as a call of its stream: `!forceOrder@arr`, `btcusdt@aggTrade`.
  public let faultNames = StreamDelivery.faultNames

  /// Messages of a client, pings and pongs inside, within one second.
  private static let mostMessages = 10

  private let stream: BinanceStream
  private let settings: BinanceSettings
  private let clock: any WallClock
  private let door: StreamDoor

  public init(
    _ exchange: LoopbackExchange, settings: BinanceSettings = BinanceSettings(),
    clock: any WallClock, faults: FaultPlan, transcript: Transcript
  ) async {
    self.settings = settings
    self.clock = clock
    door = StreamDoor(service: name, faults: faults, transcript: transcript)
    stream = BinanceStream(
      exchange, StreamDelivery(service: name, faults: faults, transcript: transcript))
    await exchange.add(stream)
  }

  public func handle(_ request: ServerRequest) async -> ServerResponse {
    door.refusal(.text("Not Found", status: 404))
  }

  public func acceptsSocket(_ request: ServerRequest) async -> Bool {
    opening(of: request) != nil && door.admits(request)
  }

  public func serve(_ socket: ServerSocket, for request: ServerRequest) async {
    guard let opening = opening(of: request) else { return }
    let number = stream.add(socket, streams: opening.streams, isWrapped: opening.isWrapped)
    defer { stream.remove(number) }
    let vigil = SocketVigil(clock: clock)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [self] in
        await vigil.serve(silence: settings.pongPatience) { [self] in
          await listen(to: socket, number, vigil)
        }
      }
      group.addTask { [self] in await ping(socket) }
      group.addTask { [self] in await sleep(settings.connectionLife) }
      await group.next()
      group.cancelAll()
    }
  }

  private struct Opening {
    var streams: [String]
    var isWrapped: Bool
  }

  /// `/market/ws/A/B`, `/market/stream?streams=A/B`, and the same without `/market`. A segment that
  /// names no stream, such as a number, opens a connection without any.
  private func opening(of request: ServerRequest) -> Opening? {
    var parts = request.path.split(separator: "/").map(String.init)
    if parts.first == "market" {
      parts.removeFirst()
    } else if !settings.opensLegacyPaths {
      return nil
    }
    switch parts.first {
    case "ws":
      return Opening(streams: parts.dropFirst().filter { $0.contains("@") }, isWrapped: false)
    case "stream" where parts.count == 1:
      var query = RequestParameters()
      query.addURLEncoded(request.query)
      let streams = (query["streams"] ?? "").split(separator: "/").map(String.init)
      return Opening(streams: streams, isWrapped: true)
    default: return nil
    }
  }

  /// Only pongs and commands keep a connection alive; too many of them end it.
  private func listen(to socket: ServerSocket, _ number: Int, _ vigil: SocketVigil) async {
    var recent: [Timestamp] = []
    for await event in socket.incoming {
      let now = clock.now
      recent = recent.filter { now - $0 < .seconds(1) } + [now]
      guard recent.count <= Self.mostMessages else {
        return socket.close(code: 1008, reason: "Too many requests")
      }
      vigil.noteLife()
      if case .text(let text) = event {
        socket.send(BinanceStreamCommand.answer(text, number: number, on: stream))
      }
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
