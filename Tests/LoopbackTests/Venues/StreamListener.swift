import Loopback
import NIOPosix
import TestSupport
import TradingModel
import Transport

/// A client of a loopback stream, over a real socket.
struct StreamListener {
  let socket: WebSocket
  private let heard: AsyncStream<String>

  private final class Ear: WebSocketHandler {
    let words: AsyncStream<String>.Continuation
    init(_ words: AsyncStream<String>.Continuation) { self.words = words }

    func received(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) -> Bool {
      words.yield(String(decoding: bytes, as: UTF8.self))
      return true
    }
  }

  /// Serves a service while `body` runs.
  static func serve(
    _ service: any LoopbackService, _ body: (String) async throws -> Void
  ) async throws {
    let server = try await LoopbackServer(service, clock: ManualClock())
    let running = Task { await server.run() }
    do {
      try await body(server.socketAddress)
    } catch {
      running.cancel()
      throw error
    }
    running.cancel()
    await running.value
  }

  init(_ address: String) async throws {
    let (heard, words) = AsyncStream.makeStream(of: String.self)
    self.heard = heard
    socket = try await WebSocketConnector(chance: SeededRandom(seed: 1)).connect(
      to: RequestURL(address), on: MultiThreadedEventLoopGroup.singleton.next()
    ) { _ in Ear(words) }
  }

  func say(_ message: JSONValue) throws { try socket.send(message.text) }

  /// The next messages, so many as asked for.
  func next(_ count: Int) async throws -> [JSONValue] {
    var messages: [JSONValue] = []
    for await text in heard {
      messages.append(try JSONValue(parsing: text))
      if messages.count == count { break }
    }
    return messages
  }

  func next() async throws -> JSONValue { try await next(1).first ?? .null }

  /// Says something and returns the answer to it.
  func ask(_ message: JSONValue) async throws -> JSONValue {
    try say(message)
    return try await next()
  }

  /// Signs in to a private stream.
  func authorise(
    at now: Timestamp, key: String = BybitSettings.standardKey,
    secret: String = BybitSettings.standardSecret, validFor: Duration = .seconds(1)
  ) async throws -> JSONValue {
    let expiry = (now + validFor).milliseconds
    let signature = SigningKey.hmac(Secret(secret)).signature(of: "GET/realtime\(expiry)")
    return try await ask([
      "op": "auth", "args": [.string(key), .integer(expiry), .string(signature)],
    ])
  }
}
