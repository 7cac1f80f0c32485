import NIOPosix
import NIOWebSocket
import TestSupport
import Testing
import Transport

/// Both HTTP clients and the WebSocket connector through both kinds of proxy, to a name that only
/// the proxy knows.
@Suite(.timeLimit(.minutes(1)))
struct ProxyTests {
  private func settings(
    _ kind: TestProxy.Kind, _ proxy: TestProxy, login: String = "", caFile: String? = nil
  ) -> NetworkSettings {
    NetworkSettings(
      proxy: Secret("\(kind.rawValue)://\(login)127.0.0.1:\(proxy.port)"), extraCAFile: caFile)
  }

  private func ok(_ body: String) -> [RawServer.Step] {
    [.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")]
  }

  @Test(arguments: Stack.allCases, TestProxy.Kind.allCases)
  func `requests go through, with TLS and without, and the connection is kept`(
    stack: Stack, kind: TestProxy.Kind
  ) async throws {
    try await TestAuthority.withFile { caFile in
      for scheme in ["http", "https"] {
        let isSecure = scheme == "https"
        let server = try await RawServer(
          tls: isSecure ? try TestAuthority.serverContext() : nil
        ) { _ in ok("hello") }
        let proxy = try await TestProxy(kind, to: server.port, script: .init(drips: true))
        let client = stack.client(settings(kind, proxy, caFile: caFile))
        let url = try RequestURL("\(scheme)://venue.test:8123").appending(path: "/x")
        for _ in 0..<3 {
          let response = try await client.send(HTTPRequest(.post, url, body: Array("{}".utf8)))
          #expect(response.body == Array("hello".utf8))
        }
        #expect(proxy.targets == ["venue.test:8123"])
        #expect(server.requests.allSatisfy { $0.text.hasPrefix("POST /x HTTP/1.1\r\n") })
        #expect(server.requests.allSatisfy { $0.text.contains("Host: venue.test:8123\r\n") })
      }
    }
  }

  @Test(arguments: TestProxy.Kind.allCases)
  func `a WebSocket goes through, with TLS and without`(kind: TestProxy.Kind) async throws {
    try await TestAuthority.withFile { caFile in
      for scheme in ["ws", "wss"] {
        let server = try await WebSocketServer(
          tls: scheme == "wss" ? try TestAuthority.serverContext() : nil)
        let proxy = try await TestProxy(kind, to: server.port, script: .init(drips: true))
        let connector = WebSocketConnector(
          chance: SeededRandom(seed: 1), network: settings(kind, proxy, caFile: caFile))
        let socket = try await connect(connector, "\(scheme)://venue.test:8123")
        try socket.send("hello")
        for await frame in server.frames {
          #expect(frame.text == "hello")
          break
        }
        #expect(proxy.targets == ["venue.test:8123"])
        socket.close()
      }
    }
  }

  private func connect(
    _ connector: WebSocketConnector, _ url: String
  ) async throws(WebSocketError) -> WebSocket {
    let options = WebSocketOptions(closeTimeout: .milliseconds(20))
    guard let url = try? RequestURL(url) else { throw .connect("bad URL") }
    return try await connector.connect(
      to: url, options: options, on: MultiThreadedEventLoopGroup.singleton.next()
    ) { _ in Deaf() }
  }

  private final class Deaf: WebSocketHandler {
    func received(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) -> Bool { true }
  }

  @Test(arguments: Stack.allCases, TestProxy.Kind.allCases)
  func `the proxy is shown the login, and nobody else`(
    stack: Stack, kind: TestProxy.Kind
  ) async throws {
    let server = try await RawServer { _ in ok("hello") }
    let proxy = try await TestProxy(
      kind, to: server.port, script: .init(login: "me:p@ss word"))
    let client = stack.client(settings(kind, proxy, login: "me:p%40ss%20word@"))
    let url = try RequestURL("http://venue.test")
    #expect(try await client.send(HTTPRequest(.get, url)).status == 200)
    #expect(proxy.logins.last == (kind == .http ? "bWU6cEBzcyB3b3Jk" : "me:p@ss word"))
    #expect(server.requests.allSatisfy { !$0.text.contains("Authorization") })
  }

  @Test(arguments: Stack.allCases, TestProxy.Kind.allCases)
  func `a proxy that refuses means that nothing was sent, and its password is not shown`(
    stack: Stack, kind: TestProxy.Kind
  ) async throws {
    let server = try await RawServer { _ in ok("hello") }
    let refusal: [UInt8] =
      kind == .http
      ? Array("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n".utf8)
      : [5, 4, 0, 1, 0, 0, 0, 0, 0, 0]
    let scripts = [
      TestProxy.Script(refusal: refusal), TestProxy.Script(login: "me:other-secret"),
      TestProxy.Script(closes: true),
    ]
    for script in scripts {
      let proxy = try await TestProxy(kind, to: server.port, script: script)
      // The second wants a login, and gets none.
      let login = script.login == nil ? "me:my-secret@" : ""
      let client = stack.client(settings(kind, proxy, login: login))
      let request = HTTPRequest(
        .post, try RequestURL("http://venue.test"), body: Array("order".utf8))
      let error = await #expect(throws: HTTPError.self) { try await client.send(request) }
      guard let error, case .connect(let reason) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(!error.mayHaveBeenCarriedOut)
      #expect(reason.contains("127.0.0.1:\(proxy.port)"), "\(reason)")
      #expect(!reason.contains("my-secret") && !reason.contains("bWU"))
      let connector = WebSocketConnector(
        chance: SeededRandom(seed: 1), network: settings(kind, proxy, login: login))
      await #expect(throws: WebSocketError.self) {
        try await connect(connector, "ws://venue.test")
      }
    }
    #expect(server.connections == 0)
  }

  @Test(arguments: Stack.allCases)
  func `a proxy that cannot be read is no reason to go straight`(stack: Stack) async throws {
    let client = stack.client(NetworkSettings(proxy: Secret("my-secret@proxy")))
    let request = HTTPRequest(.get, try RequestURL("http://venue.test"))
    let error = await #expect(throws: HTTPError.self) { try await client.send(request) }
    guard case .connect(let reason)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains("http:// or socks5://") && !reason.contains("my-secret"))
  }

  @Test(arguments: Stack.allCases)
  func `loopback is reached without the proxy`(stack: Stack) async throws {
    let server = try await RawServer { _ in ok("hello") }
    let client = stack.client(NetworkSettings(proxy: Secret("http://127.0.0.1:1")))
    let url = try RequestURL("http://127.0.0.1:\(server.port)")
    #expect(try await client.send(HTTPRequest(.get, url)).status == 200)
  }

  @Test(arguments: Stack.allCases)
  func `an extra authority counts for its certificates, and only with it`(
    stack: Stack
  ) async throws {
    let server = try await RawServer(tls: try TestAuthority.serverContext()) { _ in ok("hello") }
    let url = try RequestURL("https://127.0.0.1:\(server.port)")
    try await TestAuthority.withFile { file in
      let client = stack.client(NetworkSettings(extraCAFile: file))
      let response = try await client.send(HTTPRequest(.get, url))
      #expect(response.body == Array("hello".utf8))
    }
    let error = await #expect(throws: HTTPError.self) {
      try await stack.client().send(HTTPRequest(.get, url))
    }
    guard case .tls? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(server.requests.count == 1)
  }
}
