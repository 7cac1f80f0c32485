import NIOCore
import NIOPosix
import NIOWebSocket
import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1)))
struct WebSocketTests {
  /// Passes messages on; `bad` cannot be read.
  final class Reader: WebSocketHandler {
    private let messages: AsyncStream<String>.Continuation
    init(_ messages: AsyncStream<String>.Continuation) { self.messages = messages }

    func received(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) -> Bool {
      let text = String(decoding: bytes, as: UTF8.self)
      messages.yield(kind == .binary ? "binary \(text)" : text)
      return text != "bad"
    }
  }

  let connector = WebSocketConnector(chance: SeededRandom(seed: 1))
  let loop = MultiThreadedEventLoopGroup.singleton.next()
  let messages: AsyncStream<String>
  let inbox: AsyncStream<String>.Continuation

  init() { (messages, inbox) = AsyncStream.makeStream() }

  private func connect(
    _ port: Int, _ options: WebSocketOptions = WebSocketOptions(), scheme: String = "ws",
    path: String = "/v5/public/linear"
  ) async throws -> WebSocket {
    let url = try RequestURL("\(scheme)://127.0.0.1:\(port)").appending(path: path)
    return try await connector.connect(to: url, options: options, on: loop) { [inbox] _ in
      Reader(inbox)
    }
  }

  private func end(
    _ options: WebSocketOptions = WebSocketOptions(closeTimeout: .milliseconds(20)),
    opened: @escaping @Sendable (WebSocketServer.Peer) -> Void
  ) async throws -> WebSocketError {
    let server = try await WebSocketServer(opened: opened)
    return try await connect(server.port, options).ended()
  }

  @Test
  func `messages go both ways, ours masked`() async throws {
    let server = try await WebSocketServer(answer: { peer, frame in
      peer.send(frame.opcode, frame.text)
    })
    let socket = try await connect(server.port)
    let long = String(repeating: "é", count: 70_000)
    try socket.send("hello")
    try socket.send(binary: [65])
    try socket.send(long)
    var received: [String] = []
    for await message in messages {
      received.append(message)
      if received.count == 3 { break }
    }
    #expect(received == ["hello", "binary A", long])
    for await frame in server.frames {
      #expect(frame.wasMasked)
      if frame.text == long { break }
    }
    socket.close()
    #expect(await socket.ended() == .closed(code: 1000, reason: ""))
  }

  @Test
  func `the handler is made on the loop, and gets what came with the handshake`() async throws {
    let server = try await WebSocketServer(opened: { $0.send(.text, "at once") })
    let url = try RequestURL("ws://127.0.0.1:\(server.port)")
    _ = try await connector.connect(to: url, on: loop) { [loop, inbox] socket in
      loop.assertInEventLoop()
      try? socket.send("subscribe")
      return Reader(inbox)
    }
    for await message in messages {
      #expect(message == "at once")
      break
    }
    for await frame in server.frames {
      #expect(frame.text == "subscribe")
      break
    }
  }

  @Test
  func `fragments become one message, a ping between them is answered`() async throws {
    let server = try await WebSocketServer(opened: { peer in
      peer.send(.text, "one ", fin: false)
      peer.send(.ping, "are you there")
      peer.send(.continuation, "message", fin: true)
    })
    _ = try await connect(server.port)
    for await message in messages {
      #expect(message == "one message")
      break
    }
    for await frame in server.frames {
      #expect(frame.opcode == .pong && frame.text == "are you there")
      break
    }
  }

  @Test
  func `the server's goodbye is answered and told`() async throws {
    let server = try await WebSocketServer(opened: { $0.send(closeCode: 1012, "restart") })
    let socket = try await connect(server.port)
    #expect(await socket.ended() == .closed(code: 1012, reason: "restart"))
    for await frame in server.frames {
      #expect(frame.opcode == .connectionClose)
      break
    }
    #expect(throws: WebSocketError.self) { try socket.send("too late") }
  }

  @Test
  func `a connection that just ends has no code`() async throws {
    let server = try await WebSocketServer(answer: { peer, _ in peer.drop() })
    let socket = try await connect(server.port)
    try socket.send("goodbye")
    #expect(await socket.ended() == .closed(code: nil, reason: ""))
  }

  @Test(arguments: [100, 101])
  func `a message above the limit ends the connection, one at the limit does not`(
    bytes: Int
  ) async throws {
    let options = WebSocketOptions(maxMessageBytes: 100, closeTimeout: .milliseconds(20))
    for cut in [0, 60] {
      let end = try await end(options) { peer in
        if cut > 0 { peer.send(.text, String(repeating: "x", count: cut), fin: false) }
        let rest = String(repeating: "x", count: bytes - cut)
        peer.send(cut > 0 ? .continuation : .text, rest)
        peer.send(closeCode: 1000, "done")
      }
      let expected: WebSocketError =
        bytes > 100 ? .messageTooLarge(limitBytes: 100) : .closed(code: 1000, reason: "done")
      #expect(end == expected)
    }
  }

  @Test
  func `a server that breaks the rules is left`() async throws {
    let breaches: [@Sendable (WebSocketServer.Peer) -> Void] = [
      { $0.send(.continuation, "of nothing") },
      {
        $0.send(WebSocketFrame(fin: true, rsv1: true, opcode: .text, data: ByteBuffer(string: "x")))
      },
      {
        $0.send(
          WebSocketFrame(
            fin: true, opcode: .text, maskKey: [1, 2, 3, 4], data: ByteBuffer(string: "x")))
      },
      { $0.send(.ping, "x", fin: false) },
      { $0.send(.ping, String(repeating: "x", count: 126)) },
      { $0.send(.connectionClose, "x") },
      {
        $0.send(
          WebSocketFrame(
            fin: true, opcode: WebSocketOpcode(encodedWebSocketOpcode: 3) ?? .text,
            data: ByteBuffer()))
      },
    ]
    for breach in breaches {
      guard case .protocolViolation = try await end(opened: breach) else {
        Issue.record("it was let through")
        continue
      }
    }
  }

  @Test(arguments: [9, 10])
  func `ten unreadable messages end the connection, nine do not`(count: Int) async throws {
    let end = try await end { peer in
      for _ in 0..<count { peer.send(.text, "bad") }
      peer.send(.text, "good")
      peer.send(closeCode: 1000, "")
    }
    #expect(end == (count == 10 ? .badMessages(10) : .closed(code: 1000, reason: "")))
  }

  @Test
  func `a peer that is gone is noticed by the heartbeat`() async throws {
    let beat = WebSocketOptions.Heartbeat(every: .milliseconds(30), deadline: .milliseconds(30))
    let options = WebSocketOptions(heartbeat: beat, closeTimeout: .milliseconds(20))
    #expect(try await end(options) { _ in } == .unanswered(within: .milliseconds(30)))
  }

  @Test
  func `the heartbeat may be the venue's own message`() async throws {
    let server = try await WebSocketServer(answer: { peer, _ in peer.send(.text, "pong") })
    let beat = WebSocketOptions.Heartbeat(
      every: .milliseconds(10), deadline: .seconds(20), message: #"{"op":"ping"}"#)
    let socket = try await connect(server.port, WebSocketOptions(heartbeat: beat))
    var answers = 0
    for await message in messages where message == "pong" {
      answers += 1
      if answers == 3 { break }
    }
    socket.close()
    #expect(await socket.ended() == .closed(code: 1000, reason: ""))
  }

  @Test
  func `a feed that falls silent is left, though pings are answered`() async throws {
    let server = try await WebSocketServer(answer: { peer, frame in
      if frame.opcode == .ping { peer.send(.pong, frame.text) }
    })
    let beat = WebSocketOptions.Heartbeat(every: .milliseconds(10), deadline: .seconds(20))
    let options = WebSocketOptions(
      heartbeat: beat, silenceLimit: .milliseconds(60), closeTimeout: .milliseconds(10))
    let socket = try await connect(server.port, options)
    #expect(await socket.ended() == .silent(for: .milliseconds(60)))
  }

  @Test
  func `what waits to be sent is bounded`() async throws {
    let server = try await WebSocketServer()
    let socket = try await connect(server.port, WebSocketOptions(maxUnsentBytes: 10))
    #expect(throws: WebSocketError.unsentTooLarge(limitBytes: 10)) {
      try socket.send("eleven byte")
    }
    try socket.send("ten bytes.")
    for await frame in server.frames {
      #expect(frame.text == "ten bytes.")
      break
    }
  }

  @Test
  func `a server without WebSocket is told by its status`() async throws {
    let server = try await RawServer { _ in
      [.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")]
    }
    await #expect(throws: WebSocketError.refused(status: 403)) { try await connect(server.port) }
    #expect(server.requests.first?.text.hasPrefix("GET /v5/public/linear HTTP/1.1\r\n") == true)
  }

  @Test
  func `a handshake that proves nothing is refused`() async throws {
    let server = try await RawServer { _ in
      [
        .send(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
            + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n")
      ]
    }
    let error = await #expect(throws: WebSocketError.self) { try await connect(server.port) }
    guard case .badUpgrade = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test
  func `no answer to the handshake ends in time`() async throws {
    let server = try await RawServer()
    let options = WebSocketOptions(connectTimeout: .milliseconds(300))
    await #expect(throws: WebSocketError.timedOut) { try await connect(server.port, options) }
    // On a busy machine the time may be over before there is a connection to close.
    if server.connections > 0 {
      for await _ in server.ends { break }
    }
  }

  @Test
  func `cancelling ends the attempt and the connection`() async throws {
    let silent = try await RawServer()
    let attempt = Task { try await connect(silent.port) }
    for await _ in silent.arrivals { break }
    attempt.cancel()
    await #expect(throws: WebSocketError.cancelled) { try await attempt.value }

    let server = try await WebSocketServer(answer: { peer, frame in
      if frame.opcode == .connectionClose { peer.send(closeCode: 1001, "") }
    })
    let socket = try await connect(server.port)
    let waiting = Task { await socket.ended() }
    waiting.cancel()
    #expect(await waiting.value == .closed(code: 1001, reason: ""))
  }

  @Test
  func `a certificate that nobody vouches for is refused`() async throws {
    let server = try await WebSocketServer(tls: try SelfSigned.context())
    let error = await #expect(throws: WebSocketError.self) {
      try await connect(server.port, scheme: "wss")
    }
    guard case .tls = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
