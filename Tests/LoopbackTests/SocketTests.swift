import Loopback
import NIOPosix
import Synchronization
import TestSupport
import Testing
import TradingModel
import Transport

/// WebSockets, seen from the service and from the client that the bot uses.
struct SocketTests {
  /// Sends back what it gets; does what `close` and `reset` ask for.
  private struct Parrot: LoopbackService {
    let name = "parrot"
    let seen = AsyncStream.makeStream(of: ServerSocket.Incoming.self)

    func handle(_ request: ServerRequest) async -> ServerResponse { .text("no", status: 403) }

    func acceptsSocket(_ request: ServerRequest) async -> Bool { request.path == "/parrot" }

    func serve(_ socket: ServerSocket, for request: ServerRequest) async {
      for await event in socket.incoming {
        seen.continuation.yield(event)
        switch event {
        case .text("close"): return
        case .text("reset"): socket.reset()
        case .text(let text): socket.send("\(text) \(request.query)")
        default: break
        }
      }
    }
  }

  private final class Ear: WebSocketHandler {
    let words: AsyncStream<String>.Continuation
    init(_ words: AsyncStream<String>.Continuation) { self.words = words }

    func received(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) -> Bool {
      words.yield(String(decoding: bytes, as: UTF8.self))
      return true
    }
  }

  private func connect(
    _ address: String, _ body: (WebSocket, AsyncStream<String>) async throws -> Void
  ) async throws {
    let (heard, words) = AsyncStream.makeStream(of: String.self)
    let socket = try await WebSocketConnector(chance: SeededRandom(seed: 1)).connect(
      to: RequestURL(address), on: MultiThreadedEventLoopGroup.singleton.next()
    ) { _ in Ear(words) }
    try await body(socket, heard)
  }

  private func serve(_ parrot: Parrot, _ body: (String) async throws -> Void) async throws {
    let server = try await LoopbackServer(parrot, clock: ManualClock())
    let running = Task { await server.run() }
    try await body(server.socketAddress)
    running.cancel()
    await running.value
  }

  @Test func `text goes both ways in order, and the service may end it`() async throws {
    try await serve(Parrot()) { address in
      try await connect("\(address)/parrot?v5") { socket, heard in
        for text in ["a", "b", "c"] { try socket.send(text) }
        var answers: [String] = []
        for await word in heard {
          answers.append(word)
          if answers.count == 3 { break }
        }
        #expect(answers == ["a v5", "b v5", "c v5"])
        try socket.send("close")
        #expect(await socket.ended() == .closed(code: 1000, reason: ""))
      }
    }
  }

  @Test func `a reset reaches the client as a broken connection`() async throws {
    try await serve(Parrot()) { address in
      try await connect("\(address)/parrot") { socket, _ in
        try socket.send("reset")
        let error = await socket.ended()
        #expect(error != .closed(code: 1000, reason: ""))
      }
    }
  }

  @Test func `a path that is no socket is refused, and the close of a client is seen`() async throws
  {
    let parrot = Parrot()
    try await serve(parrot) { address in
      await #expect(throws: WebSocketError.refused(status: 403)) {
        try await connect("\(address)/elsewhere") { _, _ in }
      }
      try await connect("\(address)/parrot") { socket, _ in
        socket.close(code: 4001)
        for await event in parrot.seen.stream {
          #expect(event == .close(code: 4001, reason: ""))
          break
        }
      }
    }
  }
}
